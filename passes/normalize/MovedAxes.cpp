// Axes of tensors whose rank is not known: an Einsum with an ellipsis moves
// them.
#include "passes/normalize/MovedAxes.h"

#include <limits>

using namespace mlir;

namespace dycc {

constexpr int64_t kEnd = std::numeric_limits<int64_t>::max();

/// Letters for the first axes of an equation.
static std::string letters(int64_t count) {
  std::string result;
  for (int64_t i = 0; i < count; ++i)
    result += static_cast<char>('b' + i);
  return result;
}

bool canMove(Type elementType, int64_t axis) {
  constexpr int64_t most = 24; // Letters beside the one that moves.
  return axis == 0 ||
         (elementType.isIntOrFloat() && !elementType.isInteger(1) &&
          axis <= most && axis >= -most);
}

Value moveAxis(OnnxBuilder &b, Value x, int64_t axis, bool toFirst) {
  if (axis == 0 || !canMove(elementTypeOf(x), axis))
    return axis == 0 ? x : Value();
  std::string front = letters(std::max<int64_t>(axis, 0)),
              back = letters(axis < 0 ? -axis - 1 : 0);
  std::string first = axis > 0 ? "a" + front + "..." : "a..." + back,
              there = axis > 0 ? front + "a..." : "...a" + back;
  if (toFirst)
    std::swap(first, there);
  std::string equation = first + "->" + there;
  return b.create("Einsum", x,
                  b.getBuilder().getNamedAttr(
                      "equation", b.getBuilder().getStringAttr(equation)));
}

Value mergeNext(OnnxBuilder &b, Value x, int64_t axis) {
  Value shape = b.shape(x);
  // Of a tensor with one axis less, `axis` counts from the end.
  int64_t from = axis < 0 ? axis - 1 : axis;
  int64_t behind = from + 2 == 0 ? kEnd : from + 2;
  Value merged = b.create("Mul", {b.slice(shape, 0, from, from + 1),
                                  b.slice(shape, 0, from + 1, behind)});
  Value extents = b.concat(
      {b.slice(shape, 0, 0, from), merged, b.slice(shape, 0, behind, kEnd)}, 0);
  return b.create("Reshape", {x, extents}, b.attr("allowzero", 1));
}

Value extentAlong(OnnxBuilder &b, Value x, int64_t axis) {
  return b.create("Gather", {b.shape(x), b.ints(axis)});
}

} // namespace dycc
