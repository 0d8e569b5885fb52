#include "codegen/halide/Limits.h"

#include "codegen/halide/Float.h"
#include "codegen/halide/Operands.h"
#include "dialects/onnx/OnnxOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using Halide::cast;
using Halide::Expr;
using Halide::reinterpret;
using Halide::Internal::make_const;
using mlir::Value;

namespace dycc::halide {

/// The magnitude of a constant; infinity for any other value.
static double constantLimit(Value value) {
  double number = std::abs(constantNumber(value).value_or(INFINITY));
  return std::isnan(number) ? INFINITY : number;
}

/// That of a sum with a constant. Narrow floats would overflow.
static double sumLimit(onnx::AddOp op) {
  if (mlir::getElementTypeOrSelf(op.getC()).getIntOrFloatBitWidth() < 32)
    return INFINITY;
  return limitOf(op.getA()) + constantLimit(op.getB());
}

double limitOf(Value value) {
  mlir::Operation *op = value.getDefiningOp();
  if (!op)
    return INFINITY;
  return llvm::TypeSwitch<mlir::Operation *, double>(op)
      .Case([](onnx::ClipOp op) {
        return std::max(constantLimit(op.getMin()), constantLimit(op.getMax()));
      })
      .Case([](onnx::RoundOp op) { return std::ceil(limitOf(op.getX())); })
      .Case([](onnx::AddOp op) { return sumLimit(op); })
      .Default([](mlir::Operation *) { return INFINITY; });
}

/// By a sum whose last bit is worth 1, which loses the sign of 0 alone.
static Expr roundSmall(Expr x, double magic) {
  Halide::Type bits = Halide::UInt(x.type().bits());
  Expr shift = make_const(x.type(), magic);
  Expr whole = strict(strict(x + shift) - shift);
  Expr sign = reinterpret(bits, x) & (make_const(bits, 1) << (bits.bits() - 1));
  return reinterpret(x.type(), reinterpret(bits, whole) | sign);
}

Expr roundEven(Expr x, double limit) {
  // The first numbers without fractions.
  double whole = x.type().bits() == 64 ? 0x1p52 : 0x1p23;
  if (limit > whole / 2)
    return math::roundEven(x);
  return let(x, [&](Expr x) { return roundSmall(x, whole * 1.5); });
}

Expr toInteger(Expr x, Halide::Type type, double limit) {
  // What is negative saturates in wide unsigned types.
  bool isWideUnsigned = type.is_uint() && type.bits() >= 32;
  if (limit > 0x1p30 || isWideUnsigned)
    return toInteger(x, type);
  return let(x, [&](Expr x) {
    Expr number = Halide::select(isNaN(x), make_const(x.type(), 0), x);
    return cast(type, cast(Halide::Int(32), strict(number)));
  });
}

} // namespace dycc::halide
