// Attributes and small formulas of the operators of classical learning.
#include "compiler/import/learning/Learning.h"

#include "dialects/onnx/WeightStore.h"

#include <numeric>

using namespace mlir;

namespace dycc::import {

/// Elements of a constant, as `To`.
template <typename To>
static std::vector<To> elementsOf(ElementsAttr tensor) {
  std::vector<To> values;
  Type type = tensor.getElementType();
  std::optional<onnx::WeightBytes> bytes = onnx::getWeightBytes(tensor);
  for (int64_t i = 0, n = bytes ? tensor.getNumElements() : 0; i < n; ++i)
    values.push_back(type.isF64()         ? To(bytes->at<double>(i))
                     : type.isF32()       ? To(bytes->at<float>(i))
                     : type.isF16()       ? To(bytes->at<_Float16>(i))
                     : type.isInteger(64) ? To(bytes->at<int64_t>(i))
                     : type.isInteger(32) ? To(bytes->at<int32_t>(i))
                     : type.isInteger(16) ? To(bytes->at<int16_t>(i))
                                          : To(bytes->at<uint8_t>(i)));
  return values;
}

std::vector<double> numbersOf(const NodeForm &form, StringRef name) {
  Attribute value = form.attributes.get(name);
  if (auto list = dyn_cast_or_null<DenseF32ArrayAttr>(value))
    return {list.asArrayRef().begin(), list.asArrayRef().end()};
  if (auto list = dyn_cast_or_null<DenseI64ArrayAttr>(value))
    return {list.asArrayRef().begin(), list.asArrayRef().end()};
  auto tensor = dyn_cast_or_null<ElementsAttr>(value);
  return tensor ? elementsOf<double>(tensor) : std::vector<double>();
}

std::vector<int64_t> intsOf(const NodeForm &form, StringRef name) {
  Attribute value = form.attributes.get(name);
  if (auto list = dyn_cast_or_null<DenseI64ArrayAttr>(value))
    return {list.asArrayRef().begin(), list.asArrayRef().end()};
  auto tensor = dyn_cast_or_null<ElementsAttr>(value);
  return tensor ? elementsOf<int64_t>(tensor) : std::vector<int64_t>();
}

std::vector<StringRef> stringsOf(const NodeForm &form, StringRef name) {
  Attribute value = form.attributes.get(name);
  std::vector<StringRef> strings;
  if (auto list = dyn_cast_or_null<ArrayAttr>(value))
    for (Attribute element : list)
      strings.push_back(cast<StringAttr>(element).getValue());
  else if (auto tensor = dyn_cast_or_null<DenseStringElementsAttr>(value))
    strings.assign(tensor.value_begin<StringRef>(),
                   tensor.value_end<StringRef>());
  return strings;
}

Value strings(OpEmitter &emitter, ArrayRef<StringRef> values) {
  auto element = onnx::StringType::get(emitter.getBuilder().getContext());
  return emitter.constant(DenseStringElementsAttr::get(
      RankedTensorType::get(int64_t(values.size()), element), values));
}

template <typename T>
static std::vector<char> bytesOf(ArrayRef<double> values) {
  std::vector<T> narrow(values.begin(), values.end());
  const auto *begin = reinterpret_cast<const char *>(narrow.data());
  return {begin, begin + narrow.size() * sizeof(T)};
}

Value floats(OpEmitter &emitter, Type element, ArrayRef<double> values,
             ArrayRef<int64_t> shape) {
  SmallVector<int64_t> extents(shape);
  if (extents.empty())
    extents.push_back(values.size());
  auto type = RankedTensorType::get(extents, element);
  return emitter.constant(onnx::getWeight(type, element.isF64()
                                                    ? bytesOf<double>(values)
                                                    : bytesOf<float>(values)));
}

Value converted(OpEmitter &emitter, Value x, Type to) {
  return elementTypeOf(x) == to ? x : castTo(emitter, x, to);
}

Value asF32(OpEmitter &emitter, Value x) {
  return converted(emitter, x, emitter.getBuilder().getF32Type());
}

Value column(OpEmitter &emitter, Value matrix, int64_t index) {
  return emitter.emit("Gather", {matrix, emitter.scalar(index)},
                      emitter.attr("axis", 1));
}

bool isString(Value x) { return isa<onnx::StringType>(elementTypeOf(x)); }

/// Numbers from 0 to below `count`.
static Value numbersBelow(OpEmitter &emitter, int64_t count) {
  SmallVector<int64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return emitter.vector(numbers);
}

Value firstSet(OpEmitter &emitter, Value flags, int64_t count) {
  Value numbers = emitter.emit(
      "Where", {flags, numbersBelow(emitter, count), emitter.scalar(count)});
  return emitter.emit("ReduceMin", {numbers, emitter.vector(-1)},
                      emitter.attr("keepdims", 0));
}

Value matches(OpEmitter &emitter, Value x, Value keys) {
  Value apart = emitter.emit("Unsqueeze", {x, emitter.vector(-1)});
  return emitter.emit("Equal", {apart, keys});
}

} // namespace dycc::import
