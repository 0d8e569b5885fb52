#include "Arguments.h"

#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstdlib>

namespace nb = nanobind;

namespace dycc::python {

static void checkCount(const char *what, size_t found, size_t expected) {
  if (found != expected)
    throw StatusError{"DYCC_INVALID_ARGUMENT",
                      std::string(what) + ": got " + std::to_string(found) +
                          ", the model has " + std::to_string(expected)};
}

/// The type of NumPy that has the elements of one that it has not: bits of
/// floats, numbers of few bits.
static DLDataType carrierOf(DLDataType type) {
  bool isFloat = type.code == kDLBfloat || dycc_narrow_float(type.code);
  return {static_cast<uint8_t>(isFloat ? kDLUInt : type.code),
          static_cast<uint8_t>(8 * dycc_element_bytes(type)), 1};
}

/// A view of `array`, which owns what it points to, as what the model expects
/// where it carries that. Of strings each is two uint64, the fields of a
/// dycc_string.
template <typename A>
static DLTensor viewOf(const A &array, const Port &port) {
  DLTensor view{
      const_cast<void *>(static_cast<const void *>(array.data())),
      {static_cast<DLDeviceType>(array.device_type()), array.device_id()},
      static_cast<int32_t>(array.ndim()),
      {array.dtype().code, array.dtype().bits, array.dtype().lanes},
      const_cast<int64_t *>(array.shape_ptr()),
      const_cast<int64_t *>(array.stride_ptr()),
      0};
  if (port.type.code == DYCC_DTYPE_STRING) {
    view.dtype = port.type;
    view.ndim -= 1;
    view.strides = nullptr;
    return view;
  }
  DLDataType carrier = carrierOf(port.type);
  if (view.dtype.code == carrier.code && view.dtype.bits == carrier.bits &&
      view.dtype.lanes == carrier.lanes)
    view.dtype = port.type;
  return view;
}

/// A view of memory for an output.
static DLTensor memoryOf(const Output &array, const Port &port) {
  if (!array.data() && array.size() != 0)
    throw StatusError{"DYCC_INVALID_ARGUMENT",
                      "output \"" + port.name +
                          "\": expects memory, got a null pointer"};
  return viewOf(array, port);
}

Arguments::Arguments(const Model &model,
                     std::vector<std::optional<Input>> inputs,
                     std::vector<std::optional<Output>> outputs)
    : inputArrays(std::move(inputs)), outputArrays(std::move(outputs)),
      in(inputArrays.size()), out(outputArrays.size()),
      pointers(inputArrays.size()), extents(outputArrays.size()) {
  checkCount("inputs", in.size(), model.inputs().size());
  checkCount("outputs", out.size(), model.outputs().size());
  for (size_t i = 0; i < in.size(); ++i)
    if (inputArrays[i]) {
      in[i] = viewOf(*inputArrays[i], model.inputs()[i]);
      pointers[i] = &in[i];
    }
  for (size_t i = 0; i < out.size(); ++i) {
    const Port &port = model.outputs()[i];
    out[i] = {nullptr, {kDLCPU, 0}, port.rank, port.type, nullptr, nullptr, 0};
    if (outputArrays[i])
      out[i] = memoryOf(*outputArrays[i], port);
    else
      withoutMemory.push_back(i);
    extents[i].resize(out[i].ndim + 1); // data() of an empty one may be null.
  }
  reset();
}

void Arguments::reset() {
  // Without data the model would lend its own memory, and not check extents.
  static char noMemory;
  for (size_t i = 0; i < out.size(); ++i) {
    out[i].shape = extents[i].data();
    if (!outputArrays[i]) {
      out[i].data = nullptr;
      continue;
    }
    const Output &array = *outputArrays[i];
    std::copy_n(array.shape_ptr(), array.ndim(), extents[i].begin());
    if (!out[i].data)
      out[i].data = &noMemory;
  }
}

std::vector<Shape> Arguments::shapes() const {
  std::vector<Shape> shapes(out.size());
  for (size_t i = 0; i < out.size(); ++i)
    if (outputArrays[i])
      shapes[i].assign(out[i].shape, out[i].shape + out[i].ndim);
  return shapes;
}

/// The strings of a result, bytes that are no UTF-8 as lone surrogates, and its
/// extents.
static nb::object stringsOf(const Result &result) {
  auto *strings = static_cast<const dycc_string *>(result.memory.get());
  nb::list texts;
  for (size_t i = 0; i < countElements(result.shape); ++i) {
    nb::object text = nb::steal(PyUnicode_DecodeUTF8(
        strings[i].data, Py_ssize_t(strings[i].size), "surrogateescape"));
    if (!text.is_valid())
      throw nb::python_error();
    texts.append(text);
  }
  return nb::make_tuple(texts, result.shape);
}

nb::object arrayOf(Result result) {
  if (result.type.code == DYCC_DTYPE_STRING)
    return stringsOf(result);
  DLDataType type = carrierOf(result.type);
  nb::dlpack::dtype given{type.code, type.bits, type.lanes};
  std::vector<size_t> shape(result.shape.begin(), result.shape.end());
  void *memory = result.memory.release();
  nb::capsule owner(memory, [](void *data) noexcept { std::free(data); });
  return nb::ndarray<nb::numpy>(memory, shape.size(), shape.data(), owner,
                                nullptr, given, nb::device::cpu::value, 0)
      .cast();
}

} // namespace dycc::python
