// Matrix products of quantised numbers, in i32: eight-bit products and their
// sums are exact there.
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

} // namespace

Value expand(OnnxBuilder &b, onnx::MatMulIntegerOp op) {
  Value left = shifted(b, op.getA(), op.getAZeroPoint(), true);
  Value right = shifted(b, op.getB(), op.getBZeroPoint(), false);
  return left && right ? b.create("MatMul", {left, right}) : Value();
}

/// The sums in steps of the result's scale. Of a product with a vector each
/// scale is one for the tensor: there are no rows or columns to have their own.
Value expand(OnnxBuilder &b, onnx::QLinearMatMulOp op) {
  Type f32 = b.getBuilder().getF32Type(), to = elementTypeOf(op.getY());
  for (Value operand : {op.getA(), op.getB(), op.getY()})
    if (!quantization::isInteger(elementTypeOf(operand), 8))
      return {};
  Value left = shifted(b, op.getA(), op.getAZeroPoint(), true);
  Value right = shifted(b, op.getB(), op.getBZeroPoint(), false);
  auto ofResult = [&](Value parameter, bool isPerRow) {
    Value own = aligned(b, parameter, op.getY(), isPerRow);
    return own ? b.cast(own, f32) : Value();
  };
  Value parameters[] = {
      ofResult(op.getAScale(), true), ofResult(op.getBScale(), false),
      ofResult(op.getYScale(), true), ofResult(op.getYZeroPoint(), true)};
  if (!left || !right || !llvm::all_of(parameters, [](Value v) { return v; }))
    return {};
  Value sums = b.cast(b.create("MatMul", {left, right}), f32);
  Value scale = b.create(
      "Div", {b.create("Mul", {parameters[0], parameters[1]}), parameters[2]});
  return quantization::saturate(b, b.create("Mul", {sums, scale}),
                                parameters[3], to);
}

} // namespace dycc
