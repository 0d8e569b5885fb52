// The extension module dycc._core: what dycc/_model.py is made of.
#include "Model.h"
#include "Profile.h"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;

namespace dycc::python {
namespace {

using Input = nb::ndarray<nb::ro>;
using Output = nb::ndarray<>;
using Array = nb::ndarray<nb::numpy>;

/// What Python calls an element type.
std::string nameOf(DLDataType type) {
  const char *kind = type.code == kDLInt            ? "int"
                     : type.code == kDLUInt         ? "uint"
                     : type.code == DYCC_DTYPE_BOOL ? "bool"
                     : type.code == kDLBfloat       ? "bfloat"
                                                    : "float";
  return type.code == DYCC_DTYPE_BOOL ? kind : kind + std::to_string(type.bits);
}

/// A view of `array`; `shape` and `strides` keep what it points to. NumPy has
/// no bfloat16: its bits are uint16 there.
template <typename A>
DLTensor viewOf(const A &array, const dycc_value_info &info, Shape &shape,
                Shape &strides) {
  shape.assign(array.shape_ptr(), array.shape_ptr() + array.ndim());
  strides.assign(array.stride_ptr(), array.stride_ptr() + array.ndim());
  DLTensor view{
      const_cast<void *>(static_cast<const void *>(array.data())),
      {static_cast<DLDeviceType>(array.device_type()), array.device_id()},
      static_cast<int32_t>(array.ndim()),
      {array.dtype().code, array.dtype().bits, array.dtype().lanes},
      shape.data(),
      strides.data(),
      0};
  if (info.dtype.code == kDLBfloat && view.dtype.code == kDLUInt &&
      view.dtype.bits == 16)
    view.dtype = info.dtype;
  return view;
}

void checkCount(const char *what, size_t found, size_t expected) {
  if (found != expected)
    throw StatusError{"DYCC_INVALID_ARGUMENT",
                      std::string(what) + ": got " + std::to_string(found) +
                          ", the model has " + std::to_string(expected)};
}

/// An array over memory that it frees.
nb::object arrayOf(Result result) {
  DLDataType type = result.type;
  nb::dlpack::dtype given{
      static_cast<uint8_t>(type.code == kDLBfloat ? kDLUInt : type.code),
      type.bits, 1};
  std::vector<size_t> shape(result.shape.begin(), result.shape.end());
  void *memory = result.memory.release();
  nb::capsule owner(memory, [](void *data) noexcept { std::free(data); });
  return Array(memory, shape.size(), shape.data(), owner, nullptr, given,
               nb::device::cpu::value, 0)
      .cast();
}

/// Runs; the results that no memory was given for, and the extents of all.
nb::tuple run(Model &model, const std::vector<std::optional<Input>> &inputs,
              const std::vector<std::optional<Output>> &outputs,
              Profile *profile) {
  const dycc_model_info &info = model.info();
  checkCount("inputs", inputs.size(), info.num_inputs);
  checkCount("outputs", outputs.size(), info.num_outputs);
  std::vector<Shape> shapes(inputs.size() + outputs.size()),
      strides(shapes.size());
  std::vector<DLTensor> in(inputs.size()), out(outputs.size());
  std::vector<const DLTensor *> pointers(inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i]) {
      in[i] = viewOf(*inputs[i], info.inputs[i], shapes[i], strides[i]);
      pointers[i] = &in[i];
    }
  for (size_t i = 0; i < outputs.size(); ++i) {
    size_t at = inputs.size() + i;
    out[i].dtype = info.outputs[i].dtype;
    out[i].device = {kDLCPU, 0};
    out[i].ndim = info.outputs[i].rank;
    if (outputs[i])
      out[i] = viewOf(*outputs[i], info.outputs[i], shapes[at], strides[at]);
  }
  std::vector<Result> results;
  {
    nb::gil_scoped_release release;
    results = model.run(pointers, out, profile);
  }
  nb::list arrays, extents;
  for (Result &result : results)
    arrays.append(arrayOf(std::move(result)));
  for (size_t i = 0; i < outputs.size(); ++i)
    extents.append(
        nb::tuple(nb::cast(outputs[i] ? shapes[inputs.size() + i] : Shape())));
  return nb::make_tuple(arrays, extents);
}

nb::list describe(const dycc_value_info *infos, uint32_t count) {
  nb::list values;
  for (uint32_t i = 0; i < count; ++i) {
    nb::list dims;
    for (int32_t d = 0; d < infos[i].rank; ++d) {
      const dycc_dim_info &dim = infos[i].dims[d];
      dims.append(dim.value < 0 ? nb::object(nb::str(dim.text))
                                : nb::object(nb::int_(dim.value)));
    }
    values.append(nb::make_tuple(infos[i].name, nameOf(infos[i].dtype),
                                 nb::tuple(dims), infos[i].has_default != 0));
  }
  return values;
}

nb::list describeSymbols(const dycc_model_info &info) {
  nb::list symbols;
  for (uint32_t i = 0; i < info.num_symbols; ++i) {
    const dycc_symbol_info &symbol = info.symbols[i];
    symbols.append(nb::make_tuple(symbol.name, symbol.lower, symbol.upper,
                                  symbol.multiple));
  }
  return symbols;
}

/// The kinds of processor that there are kernels for; a library of an earlier
/// dycc says less.
nb::list describeMachines(const dycc_model_info &info) {
  nb::list machines;
  bool isKnown = info.size >= offsetof(dycc_model_info, kernel_machines);
  for (uint32_t i = 0; isKnown && i < info.num_machines; ++i)
    machines.append(info.machines[i].name);
  return machines;
}

nb::tuple tupleOf(const dycc_peak &peak) {
  return nb::make_tuple(peak.bytes, peak.arena_bytes, peak.exact != 0,
                        peak.unbounded);
}

void bindModel(nb::module_ &m) {
  using Shapes = std::vector<std::optional<Shape>>;
  auto release = nb::call_guard<nb::gil_scoped_release>();
  nb::class_<Model>(m, "Model")
      .def(nb::init<const std::string &, uint32_t, const std::string &>(),
           nb::arg("path"), nb::arg("threads"), nb::arg("machine"), release)
      .def("run", &run, nb::arg("inputs"), nb::arg("outputs"),
           nb::arg("profile").none())
      .def("bind", &Model::bind, nb::arg("shapes"))
      .def(
          "infer_shapes",
          [](Model &model, const Shapes &shapes) {
            return model.inferShapes(shapes);
          },
          nb::arg("shapes"))
      .def(
          "peak",
          [](Model &model, const std::vector<int64_t> &symbols) {
            return tupleOf(model.peak(symbols));
          },
          nb::arg("symbols"))
      .def(
          "peak_in",
          [](Model &model, const std::vector<int64_t> &lower,
             const std::vector<int64_t> &upper) {
            return tupleOf(model.peakIn(lower, upper));
          },
          nb::arg("lower"), nb::arg("upper"))
      .def("estimate", &Model::estimate, nb::arg("symbols"))
      .def("reserve", &Model::reserve, nb::arg("lower"), nb::arg("upper"),
           release)
      .def_prop_ro("threads", &Model::threads)
      .def_prop_ro("name", [](Model &model) { return model.info().name; })
      .def_prop_ro("metadata",
                   [](Model &model) { return model.info().metadata; })
      .def_prop_ro("exact",
                   [](Model &model) { return model.info().exact != 0; })
      .def_prop_ro("weight_bytes",
                   [](Model &model) { return model.info().weight_bytes; })
      .def_prop_ro("inputs",
                   [](Model &model) {
                     return describe(model.info().inputs,
                                     model.info().num_inputs);
                   })
      .def_prop_ro("outputs",
                   [](Model &model) {
                     return describe(model.info().outputs,
                                     model.info().num_outputs);
                   })
      .def_prop_ro("symbols",
                   [](Model &model) { return describeSymbols(model.info()); })
      .def_prop_ro("machines",
                   [](Model &model) { return describeMachines(model.info()); });
}

void bindProfile(nb::module_ &m) {
  nb::class_<Profile>(m, "Profile")
      .def(nb::init<>())
      .def_prop_ro("seconds", &Profile::seconds)
      .def_prop_ro("runs", &Profile::runs)
      .def_prop_ro("kernels", [](const Profile &profile) {
        nb::list kernels;
        for (const KernelTime &time : profile.kernels())
          kernels.append(
              nb::make_tuple(time.name, time.nodes, time.calls, time.seconds));
        return kernels;
      });
}

} // namespace
} // namespace dycc::python

NB_MODULE(_core, m) {
  nb::register_exception_translator(
      [](const std::exception_ptr &error, void *) {
        try {
          std::rethrow_exception(error);
        } catch (const dycc::python::StatusError &failure) {
          nb::object type = nb::module_::import_("dycc._errors").attr("Error");
          nb::object value = type(failure.status, failure.text);
          PyErr_SetObject(type.ptr(), value.ptr());
        }
      });
  dycc::python::bindModel(m);
  dycc::python::bindProfile(m);
}
