// Operators whose result has the extents that a vector says.
#include "passes/normalize/Expansions.h"

using namespace mlir;

namespace dycc {
namespace {

/// The axes that `shape` is about, from the front.
std::optional<SmallVector<int64_t>> axesOf(onnx::CenterCropPadOp op,
                                           int64_t rank) {
  SmallVector<int64_t> axes;
  if (!op.getAxes()) {
    for (int64_t axis = 0; axis < rank; ++axis)
      axes.push_back(axis);
    return axes;
  }
  ArrayRef<int64_t> given = *op.getAxes();
  for (int64_t axis : given) {
    axes.push_back(axis + (axis < 0 ? rank : 0));
    if (axes.back() < 0 || axes.back() >= rank)
      return std::nullopt;
  }
  return axes;
}

/// Where the centres of `count` cells of [-1, 1] lie; with `aligned` the first
/// and last lie on its ends.
Value coordinates(OnnxBuilder &b, Type type, Value count, bool aligned) {
  Value places = b.cast(b.range(count), type);
  Value extent = b.cast(count, type), one = b.scalar(type, 1);
  Value twice = b.create("Mul", {places, b.scalar(type, 2)});
  Value scaled = aligned
                     ? b.create("Div", {twice, b.create("Sub", {extent, one})})
                     : b.create("Div", {b.create("Add", {twice, one}), extent});
  return b.create("Sub", {scaled, one});
}

/// Column `number` of [n, axes, axes + 1], as [n, 1..., axes] for a grid.
Value column(OnnxBuilder &b, Value theta, int64_t number, int64_t axes) {
  Value values = b.squeeze(b.slice(theta, 2, number, number + 1), 2);
  SmallVector<int64_t> inner;
  for (int64_t axis = 1; axis <= axes; ++axis)
    inner.push_back(axis);
  return b.create("Unsqueeze", {values, b.ints(inner)});
}

} // namespace

/// Cuts what is too long, then pads what is too short; of an odd difference
/// the larger half is at the end.
Value expand(OnnxBuilder &b, onnx::CenterCropPadOp op) {
  std::optional<int64_t> rank = rankOf(op.getInputData());
  auto axes = rank ? axesOf(op, *rank) : std::nullopt;
  if (!axes)
    return {};
  if (axes->empty())
    return op.getInputData();
  Value x = op.getInputData(), along = b.ints(*axes), none = b.ints(0);
  Value to = b.cast(op.getShape(), b.getBuilder().getI64Type());
  Value from = b.create("Gather", {b.shape(x), along});
  Value cut = b.create("Max", {b.create("Sub", {from, to}), none});
  Value begin = b.create("Div", {cut, b.ints(2)});
  Value end = b.create("Add", {begin, b.create("Min", {from, to})});
  x = b.create("Slice", {x, begin, end, along});
  Value missing = b.create("Max", {b.create("Sub", {to, from}), none});
  Value before = b.create("Div", {missing, b.ints(2)});
  Value after = b.create("Sub", {missing, before});
  return b.create("Pad", {x, b.concat({before, after}, 0), Value(), along});
}

/// Each axis of the position is a sum over the axes of the grid, the innermost
/// of which is x.
Value expand(OnnxBuilder &b, onnx::AffineGridOp op) {
  auto size = dyn_cast<RankedTensorType>(op.getSize().getType());
  int64_t extents = size && size.getRank() == 1 ? size.getDimSize(0) : 0;
  if (extents != 4 && extents != 5)
    return {};
  Type result = elementTypeOf(op.getTheta()), type = atLeastF32(result);
  int64_t axes = extents - 2;
  Value theta = b.cast(op.getTheta(), type);
  Value sum = column(b, theta, axes, axes);
  for (int64_t axis = 0; axis < axes; ++axis) {
    Value count = b.squeeze(b.slice(op.getSize(), 0, axis + 2, axis + 3), 0);
    SmallVector<int64_t> shape(axes - axis + 1, 1);
    shape.front() = -1;
    Value place =
        b.create("Reshape", {coordinates(b, type, count, op.getAlignCorners()),
                             b.ints(shape)});
    Value factor = column(b, theta, axes - 1 - axis, axes);
    sum = b.create("Add", {sum, b.create("Mul", {factor, place})});
  }
  return b.cast(sum, result);
}

} // namespace dycc
