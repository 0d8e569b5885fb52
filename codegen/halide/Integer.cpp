#include "codegen/halide/Integer.h"

#include "codegen/halide/lowering/Opaque.h"

using Halide::cast;
using Halide::Expr;
using Halide::select;
using Halide::Type;

namespace dycc::halide {
namespace {

Type unsignedOf(Type type) { return Halide::UInt(type.bits(), type.lanes()); }

Expr zeroOf(Expr x) { return Halide::Internal::make_zero(x.type()); }
Expr oneOf(Expr x) { return Halide::Internal::make_one(x.type()); }

/// |a| as an unsigned number: exact for the smallest value too.
Expr magnitude(Expr a) {
  Type type = unsignedOf(a.type());
  Expr bits = cast(type, a);
  return a.type().is_uint() ? bits
                            : select(a < zeroOf(a), zeroOf(bits) - bits, bits);
}

/// Unsigned `a / b` with the divisor made harmless where it is 0.
Expr quotient(Expr a, Expr b) {
  Expr divisor = select(b == zeroOf(b), oneOf(b), b);
  return select(b == zeroOf(b), zeroOf(b), a / divisor);
}

} // namespace

Expr wrapAdd(Expr a, Expr b) {
  Type type = unsignedOf(a.type());
  return cast(a.type(), cast(type, a) + cast(type, b));
}

Expr wrapSub(Expr a, Expr b) {
  Type type = unsignedOf(a.type());
  return cast(a.type(), cast(type, a) - cast(type, b));
}

Expr wrapMul(Expr a, Expr b) {
  Type type = unsignedOf(a.type());
  return cast(a.type(), cast(type, a) * cast(type, b));
}

Expr wrapNeg(Expr a) { return wrapSub(zeroOf(a), a); }

Expr wrapAbs(Expr a) { return cast(a.type(), magnitude(a)); }

Expr truncDiv(Expr a, Expr b) {
  Expr q = quotient(magnitude(a), magnitude(b));
  if (a.type().is_uint())
    return q;
  Expr negative = (a < zeroOf(a)) != (b < zeroOf(b));
  return cast(a.type(), select(negative, zeroOf(q) - q, q));
}

Expr truncMod(Expr a, Expr b) {
  return select(b == zeroOf(b), zeroOf(a),
                wrapSub(a, wrapMul(truncDiv(a, b), b)));
}

Expr floorMod(Expr a, Expr b) {
  Expr r = truncMod(a, b);
  if (a.type().is_uint())
    return r;
  Expr differs = (r < zeroOf(r)) != (b < zeroOf(b));
  return select(r != zeroOf(r) && differs, wrapAdd(r, b), r);
}

Expr wrapPow(Expr a, Expr b) {
  using namespace Halide::Internal;
  Type type = unsignedOf(a.type());
  // Of a scalar Halide writes bounds out, and those of its squarings are put
  // into each other: a tree of 2^32 products.
  Expr power = oneOf(cast(type, a)), base = opaque(cast(type, a));
  Expr exponent = cast(unsignedOf(b.type()), b);
  // One step per bit of the exponent. The intermediate values have names:
  // as a tree the expression would double with every step.
  std::vector<std::pair<std::string, Expr>> lets;
  auto name = [&](Expr value) {
    lets.emplace_back(unique_name('p'), value);
    return Variable::make(type, lets.back().first);
  };
  for (int bit = 0; bit < b.type().bits(); ++bit) {
    Expr isSet = ((exponent >> make_const(exponent.type(), bit)) &
                  oneOf(exponent)) != zeroOf(exponent);
    power = name(power * select(isSet, base, oneOf(base)));
    base = name(base * base);
  }
  Expr result = cast(a.type(), power);
  if (!b.type().is_uint()) {
    Expr minusOne = make_const(a.type(), a.type().is_uint() ? 0 : -1);
    Expr odd = (b & oneOf(b)) != zeroOf(b);
    Expr inverse = select(a == oneOf(a), a, a != minusOne, zeroOf(a), odd,
                          minusOne, a.type().is_uint() ? zeroOf(a) : oneOf(a));
    result = select(b < zeroOf(b), inverse, result);
  }
  for (auto it = lets.rbegin(); it != lets.rend(); ++it)
    result = Let::make(it->first, it->second, result);
  return result;
}

/// True where a shift by `b` leaves bits of `a`: a negative count is as far
/// as one that is too large.
static Expr keepsBits(Expr a, Expr b) {
  Expr inside = b < Halide::Internal::make_const(b.type(), a.type().bits());
  return b.type().is_uint() ? inside : inside && b >= zeroOf(b);
}

Expr shiftLeft(Expr a, Expr b) {
  Expr inside = keepsBits(a, b);
  return select(inside, a << select(inside, b, zeroOf(b)), zeroOf(a));
}

Expr shiftRight(Expr a, Expr b) {
  Expr inside = keepsBits(a, b);
  Expr all = Halide::Internal::make_const(b.type(), a.type().bits() - 1);
  Expr sign = a.type().is_uint() ? zeroOf(a) : a >> all;
  return select(inside, a >> select(inside, b, zeroOf(b)), sign);
}

} // namespace dycc::halide
