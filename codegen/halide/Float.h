// Floating-point operations with IEEE and ONNX semantics. Halide assumes that
// there is no NaN and no infinity and re-associates; everything outside the
// multiply-accumulate core of convolutions and matrix products goes through
// these functions, which forbid both.
#ifndef DYCC_CODEGEN_HALIDE_FLOAT_H
#define DYCC_CODEGEN_HALIDE_FLOAT_H

#include <Halide.h>

namespace dycc::halide {

/// Forbids every non-IEEE rewrite of `e`, down to the values it reads.
Halide::Expr strict(Halide::Expr e);

/// a b + c of finite floats, in one rounding where the machine can: `strict`
/// does not reach it. What it makes of NaN or infinity is undefined, so a
/// select has to choose something else there. (Halide 21 has no operation for
/// it, and contracts nothing that is strict.)
Halide::Expr multiplyAdd(Halide::Expr a, Halide::Expr b, Halide::Expr c);
/// x / divisor of a finite float, where the machine rounds a product and a sum
/// once by products with the reciprocal: x times it, which may end in another
/// bit, and what that leaves of x times it.
Halide::Expr quotient(Halide::Expr x, float divisor, float reciprocal);
/// Has to be called for each pipeline: writes multiplyAdd and quotient, and the
/// divisions by constants 0 that Halide refuses. `isFused`: the machine rounds
/// a product and a sum once.
void addFloatWriter(Halide::Pipeline &pipeline, bool isFused);

/// Builds an expression around a name for `value`: what is used often would
/// otherwise be copied by every pass that walks trees.
template <typename Body>
Halide::Expr let(Halide::Expr value, Body body) {
  std::string name = Halide::Internal::unique_name('t');
  Halide::Expr variable = Halide::Internal::Variable::make(value.type(), name);
  return Halide::Internal::Let::make(name, value, body(variable));
}

/// True for NaN; tests the bits, so that no assumption can fold it.
Halide::Expr isNaN(Halide::Expr x);
/// True for the infinities asked for.
Halide::Expr isInf(Halide::Expr x, bool positive, bool negative);

/// The larger or smaller operand; `a` where either is NaN.
Halide::Expr maxOfNumbers(Halide::Expr a, Halide::Expr b);
Halide::Expr minOfNumbers(Halide::Expr a, Halide::Expr b);
/// The larger operand; NaN where either is NaN.
Halide::Expr maxNaN(Halide::Expr a, Halide::Expr b);
/// The smaller operand; NaN where either is NaN.
Halide::Expr minNaN(Halide::Expr a, Halide::Expr b);
/// `a` < `b`, and so on: false where either is NaN. (Halide::Internal::equal
/// compares the expressions themselves, so the names differ from it; and
/// strict_float(a <= b) is !(b < a), true for NaN.)
Halide::Expr isLess(Halide::Expr a, Halide::Expr b);
Halide::Expr isLessEqual(Halide::Expr a, Halide::Expr b);
Halide::Expr isEqual(Halide::Expr a, Halide::Expr b);

/// Functions of one variable, in FloatMath.cpp. Not in the namespace above:
/// Halide has functions of these names, which argument-dependent lookup would
/// find as well.
namespace math {

/// e^x within 2 ulp in f32: 0 at -inf, inf at inf, denormal results kept.
Halide::Expr exp(Halide::Expr x);
/// e^x of an x that is not above 0, within 3 ulp in f32: results that were
/// denormal are 0.
Halide::Expr expOfNegative(Halide::Expr x);
/// e^x - 1 without cancellation at small `x`.
Halide::Expr expm1(Halide::Expr x);
/// ln x: -inf at 0, NaN below 0, denormal operands included.
Halide::Expr log(Halide::Expr x);
Halide::Expr tanh(Halide::Expr x);
Halide::Expr erf(Halide::Expr x);
/// 1 / (1 + e^-x), without overflow on either side.
Halide::Expr sigmoid(Halide::Expr x);
/// ln(1 + e^x), without overflow.
Halide::Expr softplus(Halide::Expr x);
/// Rounds to the nearest integer, halves to even.
Halide::Expr roundEven(Halide::Expr x);
/// x^y for floats by libm; exact small powers are the caller's business.
Halide::Expr pow(Halide::Expr x, Halide::Expr y);

} // namespace math

/// A function of libm that C names `name` for double (`namef` for float).
Halide::Expr libm(const char *name, std::vector<Halide::Expr> arguments);

/// Float to integer toward zero. NaN gives 0 and values beyond the type
/// saturate at its ends (8 and 16 bits: wrap from int32), so that no operand
/// is undefined behaviour.
Halide::Expr toInteger(Halide::Expr x, Halide::Type type);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_FLOAT_H
