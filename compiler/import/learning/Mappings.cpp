// Operators that look elements up among keys and give what belongs to them.
#include "compiler/import/learning/Learning.h"

#include <cmath>

using namespace mlir;

namespace dycc::import {
namespace {

/// The one element of a tensor; nothing where the node has no such attribute.
template <typename T>
std::optional<T> firstOf(const std::vector<T> &elements) {
  return elements.empty() ? std::nullopt : std::optional(elements.front());
}

/// Strings with the default behind them.
Value stringTable(const NodeForm &form, OpEmitter &emitter,
                  std::vector<StringRef> values) {
  values.push_back(firstOf(stringsOf(form, "default_tensor"))
                       .value_or(form.getString("default_string", "_Unused")));
  return strings(emitter, values);
}

Value intTable(const NodeForm &form, OpEmitter &emitter,
               std::vector<int64_t> values) {
  values.push_back(firstOf(intsOf(form, "default_tensor"))
                       .value_or(form.getInt("default_int64", -1)));
  return emitter.vector(values);
}

/// The table of a LabelEncoder's `count` values, with the default behind them.
Value tableOf(const NodeForm &form, OpEmitter &emitter, int64_t &count) {
  auto tensor =
      dyn_cast_or_null<ElementsAttr>(form.attributes.get("values_tensor"));
  Type element = tensor ? tensor.getElementType() : Type();
  StringRef name = tensor                                  ? "values_tensor"
                   : form.attributes.get("values_strings") ? "values_strings"
                   : form.attributes.get("values_int64s")  ? "values_int64s"
                                                           : "values_floats";
  if (std::vector<StringRef> texts = stringsOf(form, name); !texts.empty()) {
    count = texts.size();
    return stringTable(form, emitter, texts);
  }
  if (tensor ? isa<IntegerType>(element) : name == "values_int64s") {
    std::vector<int64_t> values = intsOf(form, name);
    count = values.size();
    Value table = intTable(form, emitter, values);
    return tensor ? converted(emitter, table, element) : table;
  }
  std::vector<double> values = numbersOf(form, name);
  count = values.size();
  values.push_back(firstOf(numbersOf(form, "default_tensor"))
                       .value_or(getFloat(form, "default_float", -0.0)));
  return floats(emitter, tensor ? element : emitter.getBuilder().getF32Type(),
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

/// The number of the key that each string is.
Value placesOfStrings(OpEmitter &emitter, Value x, ArrayRef<StringRef> keys) {
  return firstSet(emitter, matches(emitter, x, strings(emitter, keys)),
                  keys.size());
}

/// The number of the key in attribute `name` that each element is, and how many
/// keys there are.
Value placesOf(const NodeForm &form, OpEmitter &emitter, StringRef name,
               int64_t &count) {
  Value x = form.operand(0);
  if (isString(x)) {
    std::vector<StringRef> keys = stringsOf(form, name);
    count = keys.size();
    return count ? placesOfStrings(emitter, x, keys) : Value();
  }
  bool areInts = isa<IntegerType>(elementTypeOf(x));
  std::vector<int64_t> ints =
      areInts ? intsOf(form, name) : std::vector<int64_t>();
  std::vector<double> numbers =
      areInts ? std::vector<double>() : numbersOf(form, name);
  count = areInts ? ints.size() : numbers.size();
  if (count == 0)
    return {};
  return areInts ? placesOfInts(emitter, x, ints)
                 : placesOfNumbers(emitter, x, numbers);
}

/// Looks each element up among keys, and what belongs to its key in a table.
LogicalResult lookUp(NodeForm &form, OpEmitter &emitter, StringRef keys,
                     Value table, int64_t count) {
  int64_t numKeys = 0;
  Value places = placesOf(form, emitter, keys, numKeys);
  if (numKeys == 0 || numKeys != count)
    return emitter.error() << "expects a key in \"" << keys
                           << "\" for each value, got " << numKeys << " and "
                           << count;
  form.results = {emitter.emit("Gather", {table, places})};
  return success();
}

LogicalResult expandLabelEncoder(NodeForm &form, OpEmitter &emitter) {
  Value x = form.operand(0);
  StringRef keys = form.attributes.get("keys_tensor")   ? "keys_tensor"
                   : isString(x)                        ? "keys_strings"
                   : isa<IntegerType>(elementTypeOf(x)) ? "keys_int64s"
                                                        : "keys_floats";
  int64_t count = 0;
  Value table = tableOf(form, emitter, count);
  return lookUp(form, emitter, keys, table, count);
}

/// From strings to their numbers, or from those to strings.
LogicalResult expandCategoryMapper(NodeForm &form, OpEmitter &emitter) {
  std::vector<int64_t> numbers = intsOf(form, "cats_int64s");
  std::vector<StringRef> texts = stringsOf(form, "cats_strings");
  if (isString(form.operand(0)))
    return lookUp(form, emitter, "cats_strings",
                  intTable(form, emitter, numbers), numbers.size());
  return lookUp(form, emitter, "cats_int64s", stringTable(form, emitter, texts),
                texts.size());
}

constexpr Contribution contributions[] = {
    {"CategoryMapper", expandCategoryMapper},
    {"LabelEncoder", expandLabelEncoder},
};

} // namespace

ArrayRef<Contribution> learnedMappings() { return contributions; }

} // namespace dycc::import
