#include "codegen/halide/Float.h"

#include <cmath>
#include <limits>

using Halide::cast;
using Halide::Expr;
using Halide::reinterpret;
using Halide::select;
using Halide::Type;

namespace dycc::halide {
namespace {

Expr constant(Type type, double value) {
  return Halide::Internal::make_const(type, value);
}

/// The bits of |x| and those of infinity. Signed: x86 compares no others.
std::pair<Expr, Expr> magnitudeBits(Expr x) {
  Expr bits = reinterpret(Halide::Int(x.type().bits(), x.type().lanes()), x);
  if (x.type().bits() == 64)
    return {bits & Expr(int64_t(0x7fffffffffffffff)),
            Expr(int64_t(0x7ff0000000000000))};
  return {bits & 0x7fffffff, 0x7f800000};
}

constexpr const char *multiplyAddName = "dycc_multiply_add";
constexpr const char *quotientName = "dycc_quotient";

/// Writes what no pass of Halide's may see: it would rewrite multiplyAdd, and
/// refuse a division by what it finds to be zero.
class FloatWriter final : public Halide::Internal::IRMutator {
public:
  explicit FloatWriter(bool isFused) : isFused(isFused) {}

private:
  using IRMutator::visit;

  Expr visit(const Halide::Internal::Call *op) override {
    if (op->name == multiplyAddName)
      return mutate(op->args[0]) * mutate(op->args[1]) + mutate(op->args[2]);
    if (op->name == quotientName)
      return writeQuotient(mutate(op->args[0]), op->args[1], op->args[2]);
    if (op->is_intrinsic(Halide::Internal::Call::strict_div) &&
        Halide::Internal::is_const_zero(op->args[1]))
      return strict(mutate(op->args[0]) / zeroByBits(op->args[1]));
    return IRMutator::visit(op);
  }

  /// LLVM takes factors out of sums of products, strict ones too. So the first
  /// product is none any more: its last bit is 0.
  Expr writeQuotient(const Expr &x, const Expr &divisor,
                     const Expr &reciprocal) const {
    if (!isFused)
      return strict(x / divisor);
    Type bits = Halide::Int(32, x.type().lanes());
    Expr cut = reinterpret(bits, strict(x * reciprocal)) &
               Halide::Internal::make_const(bits, -2);
    return let(reinterpret(x.type(), cut), [&](const Expr &near) {
      Expr left = near * -divisor + x;
      return left * reciprocal + near;
    });
  }

  /// `zero`, of either sign, where no test for constants finds it.
  static Expr zeroByBits(const Expr &zero) {
    Type type = zero.type().element_of();
    auto *broadcast = zero.as<Halide::Internal::Broadcast>();
    bool isNegative = std::signbit(
        *Halide::Internal::as_const_float(broadcast ? broadcast->value : zero));
    Type bits = Halide::UInt(type.bits());
    Expr scalar = reinterpret(
        type, isNegative ? bits.min() + (cast(bits, 1) << (type.bits() - 1))
                         : bits.min());
    return zero.type().is_vector()
               ? Halide::Internal::Broadcast::make(scalar, zero.type().lanes())
               : scalar;
  }

  bool isFused;
};

} // namespace

Expr strict(Expr e) { return Halide::strict_float(e); }

Expr isNaN(Expr x) {
  auto [magnitude, infinity] = magnitudeBits(x);
  return magnitude > infinity;
}

Expr isInf(Expr x, bool positive, bool negative) {
  // Not by the bits: LLVM knows that test, and of a conversion its outcome.
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Expr result = Halide::Internal::const_false();
  if (positive)
    result = isEqual(x, constant(x.type(), infinity));
  if (negative)
    result = result || isEqual(x, constant(x.type(), -infinity));
  return result;
}

// One instruction on x86, which gives the second operand where either is NaN.
Expr maxOfNumbers(Expr a, Expr b) {
  return let(a, [&](Expr a) { return select(isLess(a, b), b, a); });
}

Expr minOfNumbers(Expr a, Expr b) {
  return let(a, [&](Expr a) { return select(isLess(b, a), b, a); });
}

/// Of two choices between the same operands, the second of which is another
/// one where an operand is NaN: their bits together. Of numbers they are the
/// same; those of a NaN make one of any others. So there is no test for it.
static Expr either(const Expr &x, const Expr &y) {
  Type bits = Halide::UInt(x.type().bits(), x.type().lanes());
  return reinterpret(x.type(), reinterpret(bits, x) | reinterpret(bits, y));
}

Expr maxNaN(Expr a, Expr b) {
  return let(a, [&](Expr a) {
    return let(b, [&](Expr b) {
      return either(maxOfNumbers(a, b), maxOfNumbers(b, a));
    });
  });
}

Expr minNaN(Expr a, Expr b) {
  return let(a, [&](Expr a) {
    return let(b, [&](Expr b) {
      return either(minOfNumbers(a, b), minOfNumbers(b, a));
    });
  });
}

Expr isLess(Expr a, Expr b) { return strict(a < b); }
Expr isLessEqual(Expr a, Expr b) {
  // Halide makes !(b < a) of a strict a <= b, which is true for NaN.
  return strict(a < b) || strict(a == b);
}
Expr isEqual(Expr a, Expr b) { return strict(a == b); }

Expr multiplyAdd(Expr a, Expr b, Expr c) {
  using Halide::Internal::Call;
  return Call::make(a.type(), multiplyAddName, {a, b, c}, Call::PureExtern);
}

Expr quotient(Expr x, float divisor, float reciprocal) {
  using Halide::Internal::Call;
  return Call::make(x.type(), quotientName,
                    {x, Expr(divisor), Expr(reciprocal)}, Call::PureExtern);
}

void addFloatWriter(Halide::Pipeline &pipeline, bool isFused) {
  pipeline.add_custom_lowering_pass(new FloatWriter(isFused));
}

Expr libm(const char *name, std::vector<Expr> arguments) {
  Type type = arguments.front().type();
  std::string symbol = name;
  if (type.bits() == 32)
    symbol += 'f';
  return Halide::Internal::Call::make(type, symbol, arguments,
                                      Halide::Internal::Call::PureExtern);
}

Expr toInteger(Expr x, Type type) {
  Type wide = type.bits() < 32 ? Halide::Int(32) : type;
  // The ends as floats: the lower one is exact, the first value above the
  // upper end is a power of two, so exact as well.
  double lower = wide.is_uint() ? 0.0 : -std::ldexp(1.0, wide.bits() - 1);
  double above = std::ldexp(1.0, wide.bits() - (wide.is_uint() ? 0 : 1));
  Expr low = constant(x.type(), lower), high = constant(x.type(), above);
  Expr tooLow = isLess(x, low), tooHigh = isLessEqual(high, x);
  Expr safe = select(tooLow || tooHigh || isNaN(x), constant(x.type(), 0), x);
  Expr result =
      select(tooLow, wide.min(), tooHigh, wide.max(), cast(wide, strict(safe)));
  return cast(type, result);
}

} // namespace dycc::halide
