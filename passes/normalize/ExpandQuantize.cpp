// Quantisation in f32, whatever the types: there every integer of 16 bits and
// every float of 8 is exact.
#include "passes/normalize/Expansions.h"
#include "passes/normalize/Quantization.h"

using namespace mlir;

namespace dycc {
namespace {

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

/// Of a constant whose `axis` is a whole number of blocks: its extents with
/// that axis as blocks and places. Nothing for others.
std::optional<SmallVector<int64_t>> inBlocks(Value x, int64_t axis,
                                             int64_t blockSize) {
  std::optional<int64_t> rank = rankOf(x);
  if (!constantOf(x) || !rank || blockSize <= 0)
    return std::nullopt;
  axis += axis < 0 ? *rank : 0;
  auto shape = cast<RankedTensorType>(x.getType()).getShape();
  if (axis < 0 || axis >= *rank || shape[axis] % blockSize)
    return std::nullopt;
  SmallVector<int64_t> split(shape);
  split[axis] = shape[axis] / blockSize;
  split.insert(split.begin() + axis + 1, blockSize);
  return split;
}

/// (x - point) * scale, in f32; `point` may be null.
Value scaled(OnnxBuilder &b, Value x, Value point, Value scale) {
  x = b.cast(x, b.getBuilder().getF32Type());
  if (point)
    x = b.create("Sub", {x, point});
  return b.create("Mul", {x, scale});
}

/// Weights in blocks. Parameters that were as large as the weights would be no
/// constants: the weights become it block by block.
Value scaledBlocks(OnnxBuilder &b, onnx::DequantizeLinearOp op, Value x,
                   Value point, ArrayRef<int64_t> split) {
  int64_t axis = op.getAxis() + (op.getAxis() < 0 ? *rankOf(x) : 0);
  Type f32 = b.getBuilder().getF32Type();
  auto perBlock = [&](Value parameter) {
    return parameter ? b.unsqueeze(b.cast(parameter, f32), axis + 1) : Value();
  };
  // No operator moves floats of 6 bits.
  Value moved =
      quantization::isNarrowFloat(elementTypeOf(x)) ? b.cast(x, f32) : x;
  Value y = scaled(b, b.create("Reshape", {moved, b.ints(split)}),
                   perBlock(point), perBlock(op.getXScale()));
  auto shape = cast<RankedTensorType>(x.getType()).getShape();
  return b.create("Reshape", {y, b.ints(shape)});
}

} // namespace

Value expand(OnnxBuilder &b, onnx::DequantizeLinearOp op) {
  if (quantization::isRightSide(op))
    return {};
  Value x = quantization::inWholeBytes(b, op.getX());
  if (!quantization::isInteger(elementTypeOf(x), 32) &&
      !quantization::isNarrowFloat(elementTypeOf(x)))
    return {};
  Value point = op.getXZeroPoint();
  if (point)
    point = quantization::inWholeBytes(b, point);
  Type to = elementTypeOf(op.getY());
  int64_t axis = op.getAxis(), size = op.getBlockSize();
  auto split = inBlocks(x, axis, size);
  if (split && rankOf(op.getXScale()) == rankOf(x) &&
      (!point || rankOf(point) == rankOf(x)))
    return b.cast(scaledBlocks(b, op, x, point, *split), to);
  Value scale = spread(b, op.getXScale(), x, axis, size);
  Value moved = point ? spread(b, point, x, axis, size) : Value();
  if (!scale || (point && !moved))
    return {};
  return b.cast(scaled(b, x, moved, scale), to);
}

/// Of constant integers of fewer than eight bits, which fold then; others have
/// kernels.
Value expand(OnnxBuilder &b, onnx::CastOp op) {
  Value whole = quantization::inWholeBytes(b, op.getInput());
  return whole == op.getInput() ? Value()
                                : b.cast(whole, elementTypeOf(op.getOutput()));
}

Value expand(OnnxBuilder &b, onnx::QuantizeLinearOp op) {
  Type to = elementTypeOf(op.getY());
  bool isFloat = quantization::isNarrowFloat(to);
  if (!isFloat && !quantization::isInteger(to, 16))
    return {};
  Value scale =
      spread(b, op.getYScale(), op.getX(), op.getAxis(), op.getBlockSize());
  Value zero = op.getYZeroPoint(), point;
  if (zero && !quantization::isZero(zero)) {
    point = spread(b, zero, op.getX(), op.getAxis(), op.getBlockSize());
    if (!point)
      return {};
  }
  if (!scale)
    return {};
  // What is divided has the precision of the scale.
  Value x = op.getX();
  if (Type type = elementTypeOf(op.getYScale());
      isa<FloatType>(type) && type.getIntOrFloatBitWidth() >= 16)
    x = b.cast(x, type);
  x = b.cast(x, b.getBuilder().getF32Type());
  Value steps = b.create("Div", {x, scale});
  if (!isFloat)
    return quantization::saturate(b, steps, point,
                                  quantization::knownPoint(zero), to);
  // The zero point of 8 bits is 0, which would make 0 of -0.
  bool isMoved = point && to.getIntOrFloatBitWidth() < 8;
  return b.cast(isMoved ? b.create("Add", {steps, point}) : steps, to,
                roundingOf(op));
}

Value expand(OnnxBuilder &b, onnx::DynamicQuantizeLinearOp op) {
  Type to = elementTypeOf(op.getY());
  quantization::Steps steps = quantization::stepsOf(b, op.getX());
  b.replace(op.getYScale(), steps.scale);
  b.replace(op.getYZeroPoint(), b.cast(steps.point, to));
  return b.cast(steps.value, to);
}

} // namespace dycc
