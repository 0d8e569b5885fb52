// Floats that steer a shape. The shape stage follows integers and f32: other
// floats are brought to one of them.
#include "passes/normalize/Expansions.h"

using namespace mlir;

namespace dycc {
namespace {

/// max(ceil((limit - start) / delta), 0) as i64; beyond any extent where that
/// is NaN or infinite, so that the read of it stops the run.
Value countSteps(OnnxBuilder &b, Value start, Value limit, Value delta) {
  Type type = elementTypeOf(start);
  Value steps = b.create(
      "Ceil", b.create("Div", {b.create("Sub", {limit, start}), delta}));
  Value count = b.create("Max", {steps, b.scalar(type, 0)});
  Value isNaN = b.create("IsNaN", count, b.getBuilder().getI1Type());
  Value endless = b.scalar(type, std::numeric_limits<double>::infinity());
  return b.cast(b.create("Where", {isNaN, endless, count}, type),
                b.getBuilder().getI64Type());
}

} // namespace

/// A range of f16 or bf16 is one of f32, rounded; one of f64 is made of
/// integers. Constants stay: the shape stage reads them in their type.
Value expand(OnnxBuilder &b, onnx::RangeOp op) {
  Type type = elementTypeOf(op.getStart());
  bool areConstants = llvm::all_of(op->getOperands(), [](Value operand) {
    return static_cast<bool>(constantOf(operand));
  });
  if (!isa<FloatType>(type) || type.isF32() || areConstants)
    return {};
  Value start = op.getStart(), limit = op.getLimit(), delta = op.getDelta();
  if (!type.isF64()) {
    Type f32 = b.getBuilder().getF32Type();
    return b.cast(b.create("Range", {b.cast(start, f32), b.cast(limit, f32),
                                     b.cast(delta, f32)}),
                  type);
  }
  Value places = b.range(countSteps(b, start, limit, delta));
  return b.create("Add",
                  {b.create("Mul", {b.cast(places, type), delta}), start});
}

/// ONNX casts a depth that is a float.
Value expand(OnnxBuilder &b, onnx::OneHotOp op) {
  if (!isa<FloatType>(elementTypeOf(op.getDepth())))
    return {};
  Value depth = b.cast(op.getDepth(), b.getBuilder().getI64Type());
  return b.create("OneHot", {op.getIndices(), depth, op.getValues()},
                  elementTypeOf(op.getValues()), b.attr("axis", op.getAxis()));
}

} // namespace dycc
