// Quantisation in f32, whatever the types: there every integer of 16 bits is
// exact.
#include "passes/normalize/Expansions.h"

using namespace mlir;

namespace dycc {
namespace {

/// Integers that a zero point and a quantised value may have.
bool isInteger(Type type, unsigned most) {
  return isa<IntegerType>(type) && type.getIntOrFloatBitWidth() >= 8 &&
         type.getIntOrFloatBitWidth() <= most;
}

/// A scale or zero point as f32 for all of `x`: one for the tensor, or one per
/// place along an axis. Null where ranks are unknown.
Value spread(OnnxBuilder &b, Value parameter, Value x, int64_t axis,
             const Ranks &ranks) {
  auto rank = ranks.find(x), own = ranks.find(parameter);
  if (rank == ranks.end() || own == ranks.end() || own->second > 1)
    return {};
  parameter = b.cast(parameter, b.getBuilder().getF32Type());
  if (own->second == 0 || rank->second == 0)
    return parameter;
  axis += axis < 0 ? rank->second : 0;
  SmallVector<int64_t> shape(rank->second - axis, 1);
  shape.front() = -1;
  return b.create("Reshape", {parameter, b.ints(shape)});
}

} // namespace

Value expand(OnnxBuilder &b, onnx::DequantizeLinearOp op, const Ranks &ranks) {
  if (op.getBlockSize() != 0 || !isInteger(elementTypeOf(op.getX()), 32))
    return {};
  Value scale = spread(b, op.getXScale(), op.getX(), op.getAxis(), ranks);
  Value point = op.getXZeroPoint();
  if (point)
    point = spread(b, point, op.getX(), op.getAxis(), ranks);
  if (!scale || (op.getXZeroPoint() && !point))
    return {};
  Value x = b.cast(op.getX(), b.getBuilder().getF32Type());
  if (point)
    x = b.create("Sub", {x, point});
  return b.cast(b.create("Mul", {x, scale}), elementTypeOf(op.getY()));
}

Value expand(OnnxBuilder &b, onnx::QuantizeLinearOp op, const Ranks &ranks) {
  Type to = elementTypeOf(op.getY());
  if (op.getBlockSize() != 0 || !isInteger(to, 16))
    return {};
  Value scale = spread(b, op.getYScale(), op.getX(), op.getAxis(), ranks);
  Value point = op.getYZeroPoint();
  if (point)
    point = spread(b, point, op.getX(), op.getAxis(), ranks);
  if (!scale || (op.getYZeroPoint() && !point))
    return {};
  Type f32 = b.getBuilder().getF32Type();
  Value steps =
      b.create("Round", b.create("Div", {b.cast(op.getX(), f32), scale}));
  if (point)
    steps = b.create("Add", {steps, point});
  unsigned bits = to.getIntOrFloatBitWidth();
  bool isUnsigned = to.isUnsignedInteger();
  double span = static_cast<double>(1u << bits);
  Value lowest = b.scalar(f32, isUnsigned ? 0 : -span / 2);
  Value highest = b.scalar(f32, (isUnsigned ? span : span / 2) - 1);
  return b.cast(b.create("Clip", {steps, lowest, highest}), to);
}

} // namespace dycc
