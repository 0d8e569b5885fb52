// Categories as columns, and what has scores in maps.
#include "compiler/import/learning/Learning.h"

using namespace mlir;

namespace dycc::import {
namespace {

/// Whether each element is each of the node's categories, `count` of them. A
/// float is cut to an integer; NaN is none.
Value categoryFlags(const NodeForm &form, OpEmitter &emitter, int64_t &count) {
  Value x = form.operand(0);
  if (isString(x)) {
    std::vector<StringRef> categories = stringsOf(form, "cats_strings");
    count = categories.size();
    return matches(emitter, x, strings(emitter, categories));
  }
  std::vector<int64_t> categories = intsOf(form, "cats_int64s");
  count = categories.size();
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
  Builder &builder = emitter.getBuilder();
  int64_t count = 0;
  Value flags = categoryFlags(form, emitter, count);
  if (count == 0)
    return emitter.error() << "expects categories in \""
                           << (isString(form.operand(0)) ? "cats_strings"
                                                         : "cats_int64s")
                           << "\"";
  Value y = castTo(emitter, flags, builder.getF32Type());
  if (form.getInt("zeros", 1) == 0) {
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

LogicalResult refuseZipMap(NodeForm &, OpEmitter &emitter) {
  return emitter.error()
         << "its result is a sequence of maps, which is no tensor: export the "
            "model with zipmap=False, or take the scores in its input for an "
            "output";
}

constexpr Contribution contributions[] = {
    {"OneHotEncoder", expandOneHot},
    {"ZipMap", refuseZipMap},
};

} // namespace

ArrayRef<Contribution> learnedEncoders() { return contributions; }

} // namespace dycc::import
