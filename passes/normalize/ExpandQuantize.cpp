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

/// The number of the block that each place along `axis` of `x` is in.
Value blocksAlong(OnnxBuilder &b, Value x, int64_t axis, int64_t size) {
  Value places = b.range(b.squeeze(b.extent(x, axis), 0));
  return b.create("Div", {places, b.ints(size)});
}

/// A scale or zero point as f32 for all of `x`: one for the tensor, one per
/// place along an axis, or one per block of places. Null where ranks are
/// unknown, or others.
Value spread(OnnxBuilder &b, Value parameter, Value x, int64_t axis,
             int64_t blockSize) {
  std::optional<int64_t> rank = rankOf(x), own = rankOf(parameter);
  parameter = b.cast(parameter, b.getBuilder().getF32Type());
  if (!parameter || !own || *own == 0)
    return own ? parameter : Value();
  if (!rank)
    return {};
  axis += axis < 0 ? *rank : 0;
  // Where there is no such axis only one for the tensor can be meant.
  if (axis < 0 || axis >= *rank)
    return b.asScalar(parameter);
  if (blockSize < 0 || *own != (blockSize ? *rank : 1))
    return {};
  if (blockSize)
    return b.create("Gather", {parameter, blocksAlong(b, x, axis, blockSize)},
                    b.attr("axis", axis));
  SmallVector<int64_t> shape(*rank - axis, 1);
  shape.front() = -1;
  return b.create("Reshape", {parameter, b.ints(shape)});
}

} // namespace

Value expand(OnnxBuilder &b, onnx::DequantizeLinearOp op) {
  if (!isInteger(elementTypeOf(op.getX()), 32))
    return {};
  Value scale =
      spread(b, op.getXScale(), op.getX(), op.getAxis(), op.getBlockSize());
  Value point = op.getXZeroPoint();
  if (point)
    point = spread(b, point, op.getX(), op.getAxis(), op.getBlockSize());
  if (!scale || (op.getXZeroPoint() && !point))
    return {};
  Value x = b.cast(op.getX(), b.getBuilder().getF32Type());
  if (point)
    x = b.create("Sub", {x, point});
  return b.cast(b.create("Mul", {x, scale}), elementTypeOf(op.getY()));
}

Value expand(OnnxBuilder &b, onnx::QuantizeLinearOp op) {
  Type to = elementTypeOf(op.getY());
  if (!isInteger(to, 16))
    return {};
  Value scale =
      spread(b, op.getYScale(), op.getX(), op.getAxis(), op.getBlockSize());
  Value point = op.getYZeroPoint();
  if (point)
    point = spread(b, point, op.getX(), op.getAxis(), op.getBlockSize());
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

/// The range of the input and 0 in 255 steps. Of a range that is empty, steps
/// of 1.
Value expand(OnnxBuilder &b, onnx::DynamicQuantizeLinearOp op) {
  Type f32 = b.getBuilder().getF32Type(), to = elementTypeOf(op.getY());
  Value zero = b.scalar(f32, 0), last = b.scalar(f32, 255);
  auto reduce = [&](StringRef name) {
    return b.create(name, op.getX(), b.attr("keepdims", 0));
  };
  Value lowest = b.create("Min", {reduce("ReduceMin"), zero});
  Value highest = b.create("Max", {reduce("ReduceMax"), zero});
  Value scale = b.create("Div", {b.create("Sub", {highest, lowest}), last});
  Value isEmpty = b.create("Equal", {scale, zero}, b.getBuilder().getI1Type());
  scale = b.create("Where", {isEmpty, b.scalar(f32, 1), scale}, f32);
  auto steps = [&](Value x) {
    return b.create("Round", b.create("Div", {x, scale}));
  };
  Value point = b.create("Clip", {b.create("Neg", steps(lowest)), zero, last});
  Value y = b.create("Add", {steps(op.getX()), point});
  b.replace(op.getYScale(), scale);
  b.replace(op.getYZeroPoint(), b.cast(point, to));
  return b.cast(b.create("Clip", {y, zero, last}), to);
}

/// An operand of MatMulInteger without its zero point, as i32. One point per
/// row of A stands in a column; of B's columns they are a row already. Null
/// where ranks do not tell.
static Value shifted(OnnxBuilder &b, Value x, Value point, bool isPerRow) {
  Type i32 = b.getBuilder().getI32Type();
  Value wide = b.cast(x, i32);
  if (!point)
    return wide;
  std::optional<int64_t> rank = rankOf(x), own = rankOf(point);
  if (!own || (*own > 0 && !rank))
    return {};
  point = b.cast(point, i32);
  if (*own == 1 && *rank < 2)
    point = b.asScalar(point);
  else if (*own == 1 && isPerRow)
    point = b.unsqueeze(point, 1);
  return b.create("Sub", {wide, point});
}

Value expand(OnnxBuilder &b, onnx::MatMulIntegerOp op) {
  Value left = shifted(b, op.getA(), op.getAZeroPoint(), true);
  Value right = shifted(b, op.getB(), op.getBZeroPoint(), false);
  return left && right ? b.create("MatMul", {left, right}) : Value();
}

} // namespace dycc
