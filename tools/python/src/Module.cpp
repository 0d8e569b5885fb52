// The extension module dycc._core: what dycc/_model.py is made of.
#include "Allocator.h"
#include "Call.h"
#include "Profile.h"
#include "Qos.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;

namespace dycc::python {
namespace {

using Inputs = std::vector<std::optional<Input>>;
using Outputs = std::vector<std::optional<Output>>;

/// A model with the allocator that its memory is from.
class LoadedModel : public Model {
public:
  /// Takes `allocator` where it does not throw.
  LoadedModel(const std::string &path, const LoadOptions &options,
              std::unique_ptr<Allocator> &allocator)
      : Model(path, options), allocator(std::move(allocator)) {}
  ~LoadedModel() { close(); } // Before the allocator goes.

private:
  std::unique_ptr<Allocator> allocator;
};

void load(LoadedModel *place, const std::string &path, uint32_t threads,
          const std::string &machine, const std::string &variant,
          const nb::object &allocator, uint64_t heapLimit, uint32_t plans) {
  LoadOptions options{threads, machine, variant, heapLimit, plans};
  std::unique_ptr<Allocator> memory;
  if (!allocator.is_none())
    memory = std::make_unique<Allocator>(allocator);
  options.allocator = memory ? memory->table() : nullptr;
  nb::gil_scoped_release release;
  new (place) LoadedModel(path, options, memory);
}

/// Runs; the results that no memory was given for, and the extents of all.
nb::tuple run(LoadedModel &model, Inputs inputs, Outputs outputs,
              std::vector<uint8_t> donated, Profile *profile, uint64_t seed) {
  Arguments arguments(model, std::move(inputs), std::move(outputs));
  std::vector<Result> results;
  {
    nb::gil_scoped_release release;
    results =
        model.run(arguments.inputs(), arguments.outputs(), arguments.missing(),
                  {std::move(donated), profile, seed});
  }
  nb::list arrays;
  for (Result &result : results)
    arrays.append(arrayOf(std::move(result)));
  return nb::make_tuple(arrays, arguments.shapes());
}

/// What Python calls an element type, as NumPy and ml_dtypes do.
std::string nameOf(DLDataType type) {
  if (const char *narrow = dycc_narrow_float(type.code)) // "f8e5m2"
    return std::string("float") + narrow[1] + "_" + (narrow + 2);
  const char *kind = type.code == kDLInt            ? "int"
                     : type.code == kDLUInt         ? "uint"
                     : type.code == DYCC_DTYPE_BOOL ? "bool"
                     : type.code == kDLBfloat       ? "bfloat"
                                                    : "float";
  if (type.code == DYCC_DTYPE_STRING)
    return "string";
  return type.code == DYCC_DTYPE_BOOL ? kind : kind + std::to_string(type.bits);
}

const char *kindOf(uint32_t kind) {
  return kind == DYCC_VALUE_SEQUENCE            ? "sequence"
         : kind == DYCC_VALUE_OPTIONAL          ? "optional"
         : kind == DYCC_VALUE_OPTIONAL_SEQUENCE ? "optional sequence"
                                                : "tensor";
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
                                 nb::tuple(dims), infos[i].has_default != 0,
                                 kindOf(infos[i].kind)));
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

/// The kinds of processor that there are kernels for, and the index of the one
/// whose kernels run; a library of an earlier dycc says less.
nb::tuple describeMachines(const dycc_model_info &info) {
  nb::list machines;
  bool isKnown = info.size >= offsetof(dycc_model_info, kernel_machines);
  for (uint32_t i = 0; isKnown && i < info.num_machines; ++i)
    machines.append(info.machines[i].name);
  return nb::make_tuple(machines, isKnown ? info.machine : 0);
}

/// All that a model says of itself.
nb::dict describeModel(const LoadedModel &model) {
  const dycc_model_info &info = model.info();
  nb::dict facts;
  facts["name"] = info.name;
  facts["metadata"] = info.metadata;
  facts["weight_bytes"] = info.weight_bytes;
  facts["threads"] = model.threads();
  facts["inputs"] = describe(info.inputs, info.num_inputs);
  facts["outputs"] = describe(info.outputs, info.num_outputs);
  // A library of an earlier dycc has tensors only.
  bool hasValues = info.size > offsetof(dycc_model_info, output_values);
  facts["input_values"] =
      hasValues ? describe(info.input_values, info.num_input_values)
                : facts["inputs"];
  facts["output_values"] =
      hasValues ? describe(info.output_values, info.num_output_values)
                : facts["outputs"];
  facts["symbols"] = describeSymbols(info);
  facts["machines"] = describeMachines(info);
  facts["variants"] = nb::cast(model.variants());
  facts["qualities"] = nb::cast(model.qualities());
  facts["selected"] = model.selected();
  return facts;
}

using Peak = std::tuple<uint64_t, uint64_t, bool, uint32_t>;

Peak peakOf(const dycc_peak &peak) {
  return {peak.bytes, peak.arena_bytes, peak.exact != 0, peak.unbounded};
}

void bindModel(nb::module_ &m) {
  // close() waits for the calls that are in flight, and they for an allocator
  // that is written in Python: nothing waits with the interpreter's lock.
  auto release = nb::call_guard<nb::gil_scoped_release>();
  nb::class_<LoadedModel>(m, "Model")
      .def("__init__", &load, nb::arg("path"), nb::arg("threads"),
           nb::arg("machine"), nb::arg("variant"), nb::arg("allocator").none(),
           nb::arg("heap_limit"), nb::arg("plans"))
      .def("close", &LoadedModel::close, release)
      .def("describe", &describeModel)
      .def("select", &LoadedModel::select, nb::arg("variant"), release)
      .def(
          "query",
          [](LoadedModel &model, const std::vector<int64_t> &symbols) {
            std::vector<std::pair<double, Peak>> costs;
            for (const dycc_variant_cost &cost : model.query(symbols))
              costs.push_back({cost.seconds, peakOf(cost.peak)});
            return costs;
          },
          nb::arg("symbols"), release)
      .def("run", &run, nb::arg("inputs"), nb::arg("outputs"),
           nb::arg("donated"), nb::arg("profile").none(), nb::arg("seed"))
      .def("bind", &LoadedModel::bind, nb::arg("shapes"), release)
      .def("infer_shapes", &LoadedModel::inferShapes, nb::arg("shapes"),
           release)
      .def(
          "peak",
          [](LoadedModel &model, const std::vector<int64_t> &symbols) {
            return peakOf(model.peak(symbols));
          },
          nb::arg("symbols"), release)
      .def(
          "peak_in",
          [](LoadedModel &model, const std::vector<int64_t> &lower,
             const std::vector<int64_t> &upper) {
            return peakOf(model.peakIn(lower, upper));
          },
          nb::arg("lower"), nb::arg("upper"), release)
      .def("estimate", &LoadedModel::estimate, nb::arg("symbols"), release)
      .def("reserve", &LoadedModel::reserve, nb::arg("lower"), nb::arg("upper"),
           release);
}

void bindCall(nb::module_ &m) {
  nb::class_<Call>(m, "Call")
      .def(
          "__init__",
          [](Call *place, LoadedModel &model, Inputs inputs, Outputs outputs,
             std::vector<uint8_t> donated) {
            new (place) Call(model, std::move(inputs), std::move(outputs),
                             {std::move(donated)});
          },
          nb::keep_alive<1, 2>(), nb::arg("model"), nb::arg("inputs"),
          nb::arg("outputs"), nb::arg("donated"))
      .def("run", &Call::run)
      .def("results", &Call::results);
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
  dycc::python::bindCall(m);
  dycc::python::bindProfile(m);
  dycc::python::bindQos(m);
}
