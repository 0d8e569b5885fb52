// Matrix products of quantised numbers, in i32: eight-bit products and their
// sums are exact there. Processors have instructions for sums of products of u8
// by s8. Constant weights are made s8, without their zero points; that of the
// other side is taken off the sums, times what the weights of a column sum up
// to.
#include "passes/normalize/Expansions.h"
#include "passes/normalize/Quantization.h"

using namespace mlir;

namespace dycc {
namespace {

/// A scale or zero point of an operand `x` so that it broadcasts with it. One
/// per row of the first operand stands in a column; of the second one's columns
/// they are a row already. Null where ranks do not tell.
Value aligned(OnnxBuilder &b, Value parameter, Value x, bool isPerRow) {
  std::optional<int64_t> rank = rankOf(x), own = rankOf(parameter);
  if (!own || (*own > 0 && !rank))
    return {};
  if (*own == 1 && *rank < 2)
    return b.asScalar(parameter);
  return *own == 1 && isPerRow ? b.unsqueeze(parameter, 1) : parameter;
}

/// An operand without its zero point, as i32. Null where ranks do not tell.
Value shifted(OnnxBuilder &b, Value x, Value point, bool isPerRow) {
  Value own = point ? aligned(b, point, x, isPerRow) : Value();
  if (point && !own)
    return {};
  return quantization::shifted(b, x, own, b.getBuilder().getI32Type());
}

/// One side of a product.
struct Side {
  Value x, point; ///< The point may be null.
};

/// The sums of products with constant weights; null where they, or the rank of
/// the other side, are others.
Value sumsWithWeights(OnnxBuilder &b, Side left, Side right) {
  std::optional<int64_t> rank = rankOf(left.x);
  if (!rank || *rank < 2 || rankOf(right.x) != 2)
    return {};
  auto weights = quantization::weightsOf(b, right.x, right.point, /*axis=*/1,
                                         /*following=*/0);
  if (!weights)
    return {};
  Value point = left.point ? aligned(b, left.point, left.x, true) : Value();
  if (left.point && !point)
    return {};
  auto steps = quantization::unsignedSteps(b, left.x, point);
  Value sums =
      b.create("MatMulInteger", {steps.value, weights->steps, Value(), Value()},
               b.getBuilder().getI32Type());
  if (!steps.point)
    return sums;
  Value moved = b.create("Mul", {steps.point, weights->sums});
  return b.create("Sub", {sums, moved});
}

/// The sums of products of both sides without their zero points, in i32. Null
/// where ranks do not tell.
Value sumsOf(OnnxBuilder &b, Side left, Side right) {
  if (Value sums = sumsWithWeights(b, left, right))
    return sums;
  Value a = shifted(b, left.x, left.point, true);
  Value w = shifted(b, right.x, right.point, false);
  return a && w ? b.create("MatMul", {a, w}) : Value();
}

} // namespace

Value expand(OnnxBuilder &b, onnx::MatMulIntegerOp op) {
  return sumsOf(b, {op.getA(), op.getAZeroPoint()},
                {op.getB(), op.getBZeroPoint()});
}

/// The sums in steps of the result's scale. Of a product with a vector each
/// scale is one for the tensor: there are no rows or columns to have their own.
Value expand(OnnxBuilder &b, onnx::QLinearMatMulOp op) {
  Type f32 = b.getBuilder().getF32Type(), to = elementTypeOf(op.getY());
  for (Value operand : {op.getA(), op.getB(), op.getY()})
    if (!quantization::isInteger(elementTypeOf(operand), 8))
      return {};
  Value sums = sumsOf(b, {op.getA(), op.getAZeroPoint()},
                      {op.getB(), op.getBZeroPoint()});
  auto ofResult = [&](Value parameter, bool isPerRow) {
    Value own = aligned(b, parameter, op.getY(), isPerRow);
    return own ? b.cast(own, f32) : Value();
  };
  Value parameters[] = {
      ofResult(op.getAScale(), true), ofResult(op.getBScale(), false),
      ofResult(op.getYScale(), true), ofResult(op.getYZeroPoint(), true)};
  if (!sums || !llvm::all_of(parameters, [](Value v) { return v; }))
    return {};
  sums = b.cast(sums, f32);
  Value scale = b.create(
      "Div", {b.create("Mul", {parameters[0], parameters[1]}), parameters[2]});
  return quantization::saturate(
      b, b.create("Mul", {sums, scale}), parameters[3],
      quantization::knownPoint(op.getYZeroPoint()), to);
}

} // namespace dycc
