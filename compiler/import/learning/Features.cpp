// Operators on columns of features: each is some arithmetic of ONNX's.
#include "compiler/import/learning/Learning.h"

#include <cmath>

using namespace mlir;

namespace dycc::import {
namespace {

Type f32Of(OpEmitter &emitter) { return emitter.getBuilder().getF32Type(); }

/// A number for each feature, or one for all.
Value perFeature(OpEmitter &emitter, Type element, ArrayRef<double> values) {
  return values.size() == 1 ? emitter.scalar(element, values[0])
                            : floats(emitter, element, values);
}

/// (x - offset) * scale, computed in f64 where x is that.
LogicalResult expandScaler(NodeForm &form, OpEmitter &emitter) {
  Value x = form.operand(0);
  Type f64 = emitter.getBuilder().getF64Type(), f32 = f32Of(emitter);
  Type element = elementTypeOf(x) == f64 ? f64 : f32;
  Value y = converted(emitter, x, element);
  for (auto [name, op] : {std::pair("offset", "Sub"), {"scale", "Mul"}})
    if (std::vector<double> numbers = numbersOf(form, name); !numbers.empty())
      y = emitter.emit(op, {y, perFeature(emitter, element, numbers)});
  form.results = {converted(emitter, y, f32)};
  return success();
}

/// Each row over its maximum or norm; a row where that is 0 stays.
LogicalResult expandNormalizer(NodeForm &form, OpEmitter &emitter) {
  StringRef norm = form.getString("norm", "MAX");
  StringRef op = norm == "MAX"  ? "ReduceMax"
                 : norm == "L1" ? "ReduceL1"
                 : norm == "L2" ? "ReduceL2"
                                : "";
  if (op.empty())
    return emitter.error() << "expects norm MAX, L1 or L2, got \"" << norm
                           << "\"";
  Value x = asF32(emitter, form.operand(0));
  Value size = emitter.emit(op, {x, emitter.vector(-1)});
  Value isZero =
      emitter.emit("Equal", {size, emitter.scalar(f32Of(emitter), 0)});
  size =
      emitter.emit("Where", {isZero, emitter.scalar(f32Of(emitter), 1), size});
  form.results = {emitter.emit("Div", {x, size})};
  return success();
}

/// Integers are above a threshold where they are above its floor.
LogicalResult expandBinarizer(NodeForm &form, OpEmitter &emitter) {
  Value x = form.operand(0);
  Type element = elementTypeOf(x);
  double threshold = getFloat(form, "threshold", 0);
  if (isa<IntegerType>(element))
    threshold = std::floor(threshold);
  Value isAbove =
      emitter.emit("Greater", {x, emitter.scalar(element, threshold)});
  form.results = {castTo(emitter, isAbove, element)};
  return success();
}

/// Whether elements are the number that stands for a missing one.
Value isMissing(OpEmitter &emitter, Value x, double number) {
  if (std::isnan(number))
    return emitter.emit("IsNaN", x);
  return emitter.emit("Equal", {x, emitter.scalar(elementTypeOf(x), number)});
}

LogicalResult expandImputer(NodeForm &form, OpEmitter &emitter) {
  Value x = form.operand(0);
  Type element = elementTypeOf(x);
  bool isFloat = isa<FloatType>(element);
  StringRef name = isFloat ? "imputed_value_floats" : "imputed_value_int64s";
  std::vector<int64_t> ints =
      isFloat ? std::vector<int64_t>() : intsOf(form, name);
  std::vector<double> numbers = numbersOf(form, name);
  if (numbers.empty())
    return emitter.error() << "expects numbers in \"" << name << "\" for "
                           << element;
  Value values = isFloat ? floats(emitter, element, numbers)
                         : converted(emitter, emitter.vector(ints), element);
  double replaced = isFloat ? getFloat(form, "replaced_value_float", 0)
                            : double(form.getInt("replaced_value_int64", 0));
  form.results = {
      emitter.emit("Where", {isMissing(emitter, x, replaced), values, x})};
  return success();
}

/// The number of columns that the import knows `x` to have.
std::optional<int64_t> knownColumns(Value x) {
  auto type = dyn_cast<RankedTensorType>(x.getType());
  if (!type || type.getRank() != 2 || type.isDynamicDim(1))
    return std::nullopt;
  return type.getDimSize(1);
}

/// `x` in f32 with exactly `count` columns: the first ones, or zeros behind
/// those that there are. Where the import does not know how many there are,
/// fewer are an error when the model runs.
Value withColumns(OpEmitter &emitter, Value x, int64_t count) {
  std::optional<int64_t> known = knownColumns(x);
  x = asF32(emitter, x);
  if (known == count)
    return x;
  if (known && *known < count) {
    Value pads = emitter.vector({0, 0, 0, count - *known});
    return emitter.emit("Pad", {x, pads});
  }
  x = emitter.emit("Slice", {x, emitter.vector(0), emitter.vector(count),
                             emitter.vector(1)});
  return known ? x : emitter.emit("Reshape", {x, emitter.vector({0, count})});
}

LogicalResult expandVectorizer(NodeForm &form, OpEmitter &emitter) {
  std::vector<int64_t> counts = intsOf(form, "inputdimensions");
  if (counts.size() != form.operands.size() ||
      llvm::any_of(counts, [](int64_t count) { return count < 0; }))
    return emitter.error()
           << "expects in \"inputdimensions\" how many features "
              "each of "
           << form.operands.size() << " inputs has";
  SmallVector<Value> parts;
  for (auto [x, count] : llvm::zip_equal(form.operands, counts))
    parts.push_back(withColumns(emitter, x, count));
  form.results = {emitter.emit("Concat", parts, emitter.attr("axis", 1))};
  return success();
}

/// Of a vector it is one row. What has no declared rank is taken for rows.
LogicalResult expandExtractor(NodeForm &form, OpEmitter &emitter) {
  Value x = form.operand(0);
  auto type = dyn_cast<RankedTensorType>(x.getType());
  if (!type || type.getRank() == 1)
    x = emitter.emit("Flatten", x, emitter.attr("axis", -1));
  Value columns =
      emitter.emit("Reshape", {form.operand(1), emitter.vector(-1)});
  form.results = {
      emitter.emit("Gather", {x, columns}, emitter.attr("axis", -1))};
  return success();
}

constexpr Contribution contributions[] = {
    {"ArrayFeatureExtractor", expandExtractor}, {"Binarizer", expandBinarizer},
    {"FeatureVectorizer", expandVectorizer},    {"Imputer", expandImputer},
    {"Normalizer", expandNormalizer},           {"Scaler", expandScaler},
};

} // namespace

ArrayRef<Contribution> learnedFeatures() { return contributions; }

} // namespace dycc::import
