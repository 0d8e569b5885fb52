#include "codegen/halide/Float.h"
#include "codegen/halide/Integer.h"
#include "codegen/halide/Operands.h"
#include "codegen/halide/operators/Pointwise.h"

using Halide::cast;
using Halide::Expr;
using Halide::select;
using Site = dycc::halide::PointwiseSite;

namespace dycc::halide {
namespace {

Expr addPair(Expr a, Expr b) {
  return a.type().is_float() ? strict(a + b) : wrapAdd(a, b);
}
Expr maxPair(Expr a, Expr b) {
  return a.type().is_float() ? maxNaN(a, b) : Halide::max(a, b);
}
Expr minPair(Expr a, Expr b) {
  return a.type().is_float() ? minNaN(a, b) : Halide::min(a, b);
}

/// Folds all operands, for the operators that take any number of them.
Expr foldOperands(const Site &s, Expr (*combine)(Expr, Expr)) {
  Expr result = s.operands.front();
  for (size_t i = 1; i < s.operands.size(); ++i)
    result = combine(result, s.operands[i]);
  return result;
}

Expr add(const Site &s) { return addPair(s.x(), s.y()); }
Expr sub(const Site &s) {
  return s.isFloat() ? strict(s.x() - s.y()) : wrapSub(s.x(), s.y());
}
Expr mul(const Site &s) {
  return s.isFloat() ? strict(s.x() * s.y()) : wrapMul(s.x(), s.y());
}
Expr div(const Site &s) {
  return s.isFloat() ? strict(s.x() / s.y()) : truncDiv(s.x(), s.y());
}
Expr sum(const Site &s) { return foldOperands(s, addPair); }
Expr max(const Site &s) { return foldOperands(s, maxPair); }
Expr min(const Site &s) { return foldOperands(s, minPair); }
Expr mean(const Site &s) {
  return strict(sum(s) / s.constant(static_cast<double>(s.operands.size())));
}

Expr neg(const Site &s) {
  return s.isFloat() ? strict(-s.x()) : wrapNeg(s.x());
}
Expr abs(const Site &s) {
  return s.isFloat() ? Halide::abs(s.x()) : wrapAbs(s.x());
}
Expr reciprocal(const Site &s) { return strict(s.constant(1) / s.x()); }

Expr sign(const Site &s) {
  Expr x = s.x(), zero = s.constant(0);
  if (s.x().type().is_uint())
    return select(x == zero, zero, s.constant(1));
  if (!s.isFloat())
    return select(x == zero, zero,
                  select(x < zero, s.constant(-1), s.constant(1)));
  return select(isLess(zero, x), s.constant(1), isLess(x, zero), s.constant(-1),
                x);
}

/// fmod by libm: exact for any quotient. The other rule adds the divisor where
/// the signs differ.
Expr mod(const Site &s) {
  if (!s.isFloat())
    return intAttribute(s.op, "fmod", 0) ? truncMod(s.x(), s.y())
                                         : floorMod(s.x(), s.y());
  Expr zero = s.constant(0), r = libm("fmod", {s.x(), s.y()});
  if (intAttribute(s.op, "fmod", 0))
    return r;
  Expr differs = isLess(r, zero) != isLess(s.y(), zero);
  return select(differs && !isEqual(r, zero), strict(r + s.y()), r);
}

/// A power by products or a quotient; undefined for other exponents.
Expr wholePower(const Expr &x, double exponent) {
  Expr square = strict(x * x);
  if (exponent == -1)
    return strict(Halide::Internal::make_one(x.type()) / x);
  if (exponent == 1)
    return x;
  if (exponent == 2)
    return square;
  if (exponent == 3)
    return strict(square * x);
  return exponent == 4 ? strict(square * square) : Expr();
}

/// A power by square roots; undefined for other exponents. Zeros and infinities
/// have the powers of the positive ones, other negative numbers none.
Expr rootPower(const Expr &x, double exponent) {
  auto constant = [&](double value) {
    return Halide::Internal::make_const(x.type(), value);
  };
  Expr size = strict(Halide::abs(x)), root = strict(Halide::sqrt(size)), power;
  if (exponent == -0.5)
    power = strict(constant(1) / root);
  else if (exponent == 0.25)
    power = strict(Halide::sqrt(root));
  else if (exponent == 0.5)
    power = root;
  else if (exponent == 0.75)
    power = strict(root * Halide::sqrt(root));
  else if (exponent == 1.5)
    power = strict(root * size);
  else
    return power;
  Expr isNegative = isLess(x, constant(0)) && !isInf(x, false, true);
  return select(isNegative, constant(NAN), power);
}

/// A power of a constant exponent that networks have, in a few instructions;
/// undefined for others.
Expr constantPower(const Site &s) {
  Expr power;
  if (auto exponent = constantNumber(KernelBuilder::operandValue(s.op, 1))) {
    power = wholePower(s.x(), *exponent);
    if (!power.defined())
      power = rootPower(s.x(), *exponent);
  }
  return power;
}

/// The exponent may have another type than the base; the result has the base's.
Expr pow(const Site &s) {
  Expr x = s.x(), y = s.y();
  if (s.isFloat()) {
    Expr power = constantPower(s);
    return power.defined() ? power : math::pow(x, cast(x.type(), y));
  }
  if (!y.type().is_float())
    return wrapPow(x, y);
  Expr wide = math::pow(cast<double>(x), cast<double>(y));
  return toInteger(wide, x.type());
}

Expr clip(const Site &s) {
  Expr x = s.x();
  if (s.operands.size() > 1 && s.operands[1].defined())
    x = s.isFloat() ? select(isLess(x, s.operands[1]), s.operands[1], x)
                    : Halide::max(x, s.operands[1]);
  if (s.operands.size() > 2 && s.operands[2].defined())
    x = s.isFloat() ? select(isLess(s.operands[2], x), s.operands[2], x)
                    : Halide::min(x, s.operands[2]);
  return x;
}

} // namespace

void addArithmetic(Registry &registry) {
  addPointwise<add>(registry, "Add");
  addPointwise<sub>(registry, "Sub");
  addPointwise<mul>(registry, "Mul");
  addPointwise<div>(registry, "Div");
  addPointwise<sum>(registry, "Sum");
  addPointwise<max>(registry, "Max");
  addPointwise<min>(registry, "Min");
  addPointwise<mean>(registry, "Mean");
  addPointwise<neg>(registry, "Neg");
  addPointwise<abs>(registry, "Abs");
  addPointwise<reciprocal>(registry, "Reciprocal");
  addPointwise<sign>(registry, "Sign");
  addPointwise<mod>(registry, "Mod");
  addPointwise<pow>(registry, "Pow");
  addPointwise<clip>(registry, "Clip");
}

} // namespace dycc::halide
