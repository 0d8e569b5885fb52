// Operators that put numbers in the place of categories and labels.
#include "compiler/import/learning/Learning.h"

#include <cmath>
#include <numeric>

using namespace mlir;

namespace dycc::import {
namespace {

/// Numbers from 0 to below `count`.
Value numbersBelow(OpEmitter &emitter, int64_t count) {
  SmallVector<int64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return emitter.vector(numbers);
}

/// Of bools along the last axis the number of the first that is set; their
/// count where none is.
Value firstSet(OpEmitter &emitter, Value flags, int64_t count) {
  Value numbers = emitter.emit(
      "Where", {flags, numbersBelow(emitter, count), emitter.scalar(count)});
  return emitter.emit("ReduceMin", {numbers, emitter.vector(-1)},
                      emitter.attr("keepdims", 0));
}

/// Whether each element is each of `keys`, along a new last axis.
Value matches(OpEmitter &emitter, Value x, Value keys) {
  Value apart = emitter.emit("Unsqueeze", {x, emitter.vector(-1)});
  return emitter.emit("Equal", {apart, keys});
}

/// Whether each element, cut to an integer, is each category. NaN is none.
Value categoryFlags(OpEmitter &emitter, Value x, ArrayRef<int64_t> categories) {
  Type i64 = emitter.getBuilder().getI64Type();
  Value flags =
      matches(emitter, converted(emitter, x, i64), emitter.vector(categories));
  if (!isa<FloatType>(elementTypeOf(x)))
    return flags;
  Value isNumber = emitter.emit("Not", emitter.emit("IsNaN", x));
  return emitter.emit(
      "And",
      {flags, emitter.emit("Unsqueeze", {isNumber, emitter.vector(-1)})});
}

/// With `zeros` 0 a category that is none of those is an error, as an index
/// into a table that is as long as there are categories.
LogicalResult expandOneHot(NodeForm &form, OpEmitter &emitter) {
  if (failed(refuseStrings(form, emitter, "cats_strings")))
    return failure();
  std::vector<int64_t> categories = intsOf(form, "cats_int64s");
  if (categories.empty())
    return emitter.error() << "expects categories in \"cats_int64s\"";
  Builder &builder = emitter.getBuilder();
  Value flags = categoryFlags(emitter, form.operand(0), categories);
  Value y = castTo(emitter, flags, builder.getF32Type());
  if (form.getInt("zeros", 1) == 0) {
    int64_t count = categories.size();
    Value zeros =
        floats(emitter, builder.getF32Type(), std::vector<double>(count));
    Value zero =
        emitter.emit("Gather", {zeros, firstSet(emitter, flags, count)});
    y = emitter.emit(
        "Add", {y, emitter.emit("Unsqueeze", {zero, emitter.vector(-1)})});
  }
  form.results = {y};
  return success();
}

/// The one element of a tensor; nothing where the node has no such attribute.
template <typename T>
std::optional<T> firstOf(const std::vector<T> &elements) {
  return elements.empty() ? std::nullopt : std::optional(elements.front());
}

/// The table of a LabelEncoder's `count` values, with the default behind them.
Value tableOf(const NodeForm &form, OpEmitter &emitter, int64_t &count) {
  Builder &builder = emitter.getBuilder();
  auto given =
      dyn_cast_or_null<ElementsAttr>(form.attributes.get("values_tensor"));
  bool areInts = form.attributes.get("values_int64s") ||
                 (given && isa<IntegerType>(given.getElementType()));
  if (areInts) {
    std::vector<int64_t> values =
        intsOf(form, given ? "values_tensor" : "values_int64s");
    count = values.size();
    values.push_back(firstOf(intsOf(form, "default_tensor"))
                         .value_or(form.getInt("default_int64", -1)));
    return converted(emitter, emitter.vector(values),
                     given ? given.getElementType() : builder.getI64Type());
  }
  std::vector<double> values =
      numbersOf(form, given ? "values_tensor" : "values_floats");
  count = values.size();
  values.push_back(firstOf(numbersOf(form, "default_tensor"))
                       .value_or(getFloat(form, "default_float", -0.0)));
  return floats(emitter, given ? given.getElementType() : builder.getF32Type(),
                values);
}

/// A key that is NaN is every NaN.
Value placesOfNumbers(OpEmitter &emitter, Value x, ArrayRef<double> keys) {
  Type element = elementTypeOf(x);
  Value flags = matches(emitter, x, floats(emitter, element, keys));
  auto *nan = llvm::find_if(keys, [](double key) { return std::isnan(key); });
  Value places = firstSet(emitter, flags, keys.size());
  if (nan == keys.end())
    return places;
  return emitter.emit("Where", {emitter.emit("IsNaN", x),
                                emitter.scalar(nan - keys.begin()), places});
}

/// Keys that lie together are places in a table themselves: a range of up to
/// this many times their count.
constexpr int64_t kSparseness = 8;

/// Exact, whatever its size.
Value integer(OpEmitter &emitter, int64_t value) {
  Builder &builder = emitter.getBuilder();
  return emitter.constant(
      DenseElementsAttr::get(RankedTensorType::get({}, builder.getI64Type()),
                             builder.getI64IntegerAttr(value)));
}

/// By a table that a key, counted from the least one, is a place in.
Value placesInRange(OpEmitter &emitter, Value x, ArrayRef<int64_t> keys,
                    int64_t least, int64_t most) {
  int64_t count = keys.size(), range = most - least + 1;
  SmallVector<int64_t> table(range + 1, count);
  for (int64_t i = count; i-- > 0;)
    table[keys[i] - least] = i;
  Value low = integer(emitter, least);
  Value isIn = emitter.emit(
      "And", {emitter.emit("GreaterOrEqual", {x, low}),
              emitter.emit("LessOrEqual", {x, integer(emitter, most)})});
  Value place = emitter.emit(
      "Where", {isIn, emitter.emit("Sub", {x, low}), integer(emitter, range)});
  return emitter.emit("Gather", {emitter.vector(table), place});
}

/// The number of the key that each element is; their count where it is none.
Value placesOfInts(OpEmitter &emitter, Value x, ArrayRef<int64_t> keys) {
  x = converted(emitter, x, emitter.getBuilder().getI64Type());
  auto [least, most] = std::minmax_element(keys.begin(), keys.end());
  auto range = uint64_t(*most) - uint64_t(*least) + 1;
  if (range != 0 && range <= uint64_t(keys.size()) * kSparseness)
    return placesInRange(emitter, x, keys, *least, *most);
  return firstSet(emitter, matches(emitter, x, emitter.vector(keys)),
                  keys.size());
}

LogicalResult refuseAnyStrings(NodeForm &form, OpEmitter &emitter,
                               ArrayRef<StringRef> names) {
  for (StringRef name : names)
    if (failed(refuseStrings(form, emitter, name)))
      return failure();
  return success();
}

LogicalResult expandLabelEncoder(NodeForm &form, OpEmitter &emitter) {
  if (failed(refuseAnyStrings(
          form, emitter,
          {"keys_strings", "keys_tensor", "values_strings", "values_tensor"})))
    return failure();
  Value x = form.operand(0);
  bool areInts = isa<IntegerType>(elementTypeOf(x));
  StringRef name = form.attributes.get("keys_tensor") ? "keys_tensor"
                   : areInts                          ? "keys_int64s"
                                                      : "keys_floats";
  std::vector<double> numbers = numbersOf(form, name);
  int64_t count = 0;
  Value table = tableOf(form, emitter, count);
  if (numbers.empty() || int64_t(numbers.size()) != count)
    return emitter.error() << "expects a key in \"" << name
                           << "\" for each value, got " << numbers.size()
                           << " and " << count;
  Value places = areInts ? placesOfInts(emitter, x, intsOf(form, name))
                         : placesOfNumbers(emitter, x, numbers);
  form.results = {emitter.emit("Gather", {table, places})};
  return success();
}

/// Its input or its result is strings.
LogicalResult expandCategoryMapper(NodeForm &form, OpEmitter &emitter) {
  if (failed(refuseStrings(form, emitter, "cats_strings")))
    return failure();
  return emitter.error() << "expects categories in \"cats_strings\"";
}

LogicalResult refuseZipMap(NodeForm &, OpEmitter &emitter) {
  return emitter.error()
         << "its result is a sequence of maps, which is no tensor: export the "
            "model with zipmap=False, or take the scores in its input for an "
            "output";
}

constexpr Contribution contributions[] = {
    {"CategoryMapper", expandCategoryMapper},
    {"LabelEncoder", expandLabelEncoder},
    {"OneHotEncoder", expandOneHot},
    {"ZipMap", refuseZipMap},
};

} // namespace

ArrayRef<Contribution> learnedEncoders() { return contributions; }

} // namespace dycc::import
