// Coefficients: weighted minimax fits (Lawson iterations on Chebyshev nodes)
// made for this file; the ranges are beside each.
#include "codegen/halide/Float.h"

#include <cmath>

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

Expr bits(Expr x) {
  return reinterpret(Halide::UInt(x.type().bits(), x.type().lanes()), x);
}

/// The bits of |x| and those of infinity.
std::pair<Expr, Expr> magnitudeBits(Expr x) {
  if (x.type().bits() == 64)
    return {bits(x) & Expr(uint64_t(0x7fffffffffffffff)),
            Expr(uint64_t(0x7ff0000000000000))};
  return {bits(x) & Expr(uint32_t(0x7fffffff)), Expr(uint32_t(0x7f800000))};
}

/// Builds an expression around a name for `value`: what is used often would
/// otherwise be copied by every pass that walks trees.
template <typename Body>
Expr let(Expr value, Body body) {
  std::string name = Halide::Internal::unique_name('t');
  Expr variable = Halide::Internal::Variable::make(value.type(), name);
  return Halide::Internal::Let::make(name, value, body(variable));
}

/// Horner's scheme, lowest coefficient first.
Expr polynomial(Expr x, std::initializer_list<float> coefficients) {
  auto it = std::rbegin(coefficients);
  Expr result(*it);
  for (++it; it != std::rend(coefficients); ++it)
    result = result * x + Expr(*it);
  return result;
}

/// 2^n for an integer n in [-126, 127].
Expr powerOfTwo(Expr n) {
  return reinterpret(Halide::Float(32), (n + 127) << 23);
}

/// Calls `body(n, f)` with x = n ln 2 + f, |f| <= ln 2 / 2. The integer comes
/// out of the bits of a float addition: converting a NaN would be undefined.
template <typename Body>
Expr reduceExp(Expr x, Body body) {
  Expr magic(12582912.0f); // 1.5 * 2^23: the last bit is worth 1.
  return let(strict(x * 1.44269504f + magic), [&](Expr shifted) {
    Expr n = reinterpret(Halide::Int(32), shifted) -
             reinterpret(Halide::Int(32), magic);
    // ln 2 in two parts: whole * high is exact.
    Expr whole = shifted - magic;
    Expr f = (x - whole * 0.693359375f) - whole * -2.12194440e-4f;
    return let(strict(f), [&](Expr f) { return body(n, f); });
  });
}

/// (e^f - 1 - f) / f^2 for |f| <= ln 2 / 2.
Expr expTail(Expr f) {
  return polynomial(f, {0.50000001f, 0.166665183f, 0.0416662042f,
                        0.00836895371f, 0.00139506003f});
}

Expr limit(Expr x, float lower, float upper) {
  return select(isLess(x, lower), lower, isLess(upper, x), upper, x);
}

Expr exp32(Expr x) {
  return let(limit(x, -104.0f, 89.0f), [&](Expr limited) {
    return reduceExp(limited, [&](Expr n, Expr f) {
      Expr p = strict((f * f) * expTail(f) + f + 1.0f);
      // Two steps: 2^n alone leaves the exponent range where e^x need not.
      return let(n, [&](Expr n) {
        Expr half = n >> 1;
        return strict((p * powerOfTwo(half)) * powerOfTwo(n - half));
      });
    });
  });
}

/// ln(1 + f) for 1 + f in [sqrt 0.5, sqrt 2).
Expr logOnePlus(Expr f) {
  Expr tail = polynomial(f, {0.333333106f, -0.249999866f, 0.200022193f,
                             -0.166692453f, 0.142187804f, -0.123844943f,
                             0.118723092f, -0.117887994f, 0.0691557828f});
  Expr square = f * f;
  return f - (0.5f * square - square * f * tail);
}

/// ln x of a positive finite x.
Expr logFinite(Expr x) {
  // Denormals are scaled by 2^23 first.
  Expr small = isLess(x, 1.17549435e-38f);
  Expr scaled = strict(select(small, x * 8388608.0f, x));
  // The mantissa in [sqrt 0.5, sqrt 2) and its exponent.
  return let(
      reinterpret(Halide::Int(32), scaled) - 0x3f3504f3, [&](Expr offset) {
        Expr exponent = cast<float>((offset >> 23) - select(small, 23, 0));
        Expr mantissa =
            reinterpret(Halide::Float(32), (offset & 0x007fffff) + 0x3f3504f3);
        return let(strict(mantissa - 1.0f), [&](Expr f) {
          return strict(exponent * 0.693359375f +
                        (exponent * -2.12194440e-4f + logOnePlus(f)));
        });
      });
}

Expr log32(Expr x) {
  Expr positive = isLess(0.0f, x);
  return select(positive && !isInf(x, true, false), logFinite(x), positive, x,
                isEqual(x, 0.0f), -INFINITY, NAN);
}

/// `small` for |x| < bound and for NaN, else `large` with the sign of x.
Expr oddFunction(Expr x, float bound, Expr small, Expr large) {
  return select(isLess(Halide::abs(x), bound) || isNaN(x), small,
                isLess(x, 0.0f), strict(-large), large);
}

Expr tanh32(Expr x) {
  Expr small = let(strict(x * x), [&](Expr z) {
    Expr tail = polynomial(z, {-0.33333284f, 0.133314936f, -0.0537436604f,
                               0.020651043f, -0.00571749565f});
    return strict(x + x * z * tail); // |x| < 0.625
  });
  Expr doubled = strict(Halide::abs(x) * 2.0f);
  Expr large = strict(1.0f - 2.0f / (exp32(doubled) + 1.0f));
  return let(large,
             [&](Expr large) { return oddFunction(x, 0.625f, small, large); });
}

Expr erf32(Expr x) {
  Expr small = let(strict(x * x), [&](Expr z) {
    return strict(x * polynomial(z, {1.12837917f, -0.376126271f, 0.112836002f,
                                     -0.0268544446f, 0.00518953534f,
                                     -0.000802084128f, 7.88911953e-05f}));
  });
  // ln erfc on [1, 4]; beyond 4 erf is 1 in f32.
  Expr logErfc = let(limit(Halide::abs(x), 0.0f, 4.0f), [&](Expr m) {
    return strict(polynomial(m, {-0.000353708908f, -1.12704008f, -0.638225602f,
                                 -0.103037436f, 0.0218053512f, -0.00293961575f,
                                 0.000185574895f}));
  });
  return let(strict(1.0f - exp32(logErfc)),
             [&](Expr large) { return oddFunction(x, 1.0f, small, large); });
}

bool isF32(Expr x) { return x.type().bits() == 32; }

} // namespace

Expr strict(Expr e) { return Halide::strict_float(e); }

Expr isNaN(Expr x) {
  auto [magnitude, infinity] = magnitudeBits(x);
  return magnitude > infinity;
}

Expr isInf(Expr x, bool positive, bool negative) {
  auto [magnitude, infinity] = magnitudeBits(x);
  Expr result = magnitude == infinity;
  if (!positive)
    result = result && isLess(x, constant(x.type(), 0));
  if (!negative)
    result = result && isLess(constant(x.type(), 0), x);
  return positive || negative ? result : Halide::Internal::const_false();
}

Expr maxNaN(Expr a, Expr b) { return select(isLess(b, a) || isNaN(a), a, b); }

Expr minNaN(Expr a, Expr b) { return select(isLess(a, b) || isNaN(a), a, b); }

Expr isLess(Expr a, Expr b) { return strict(a < b); }
Expr isLessEqual(Expr a, Expr b) {
  // Halide makes !(b < a) of a strict a <= b, which is true for NaN.
  return strict(a < b) || strict(a == b);
}
Expr isEqual(Expr a, Expr b) { return strict(a == b); }

namespace math {

Expr exp(Expr x) { return isF32(x) ? exp32(x) : libm("exp", {x}); }

Expr expm1(Expr x) {
  if (!isF32(x))
    return libm("expm1", {x});
  Expr small = let(limit(x, -0.34f, 0.34f),
                   [&](Expr f) { return strict(f + f * f * expTail(f)); });
  return select(isLess(Halide::abs(x), 0.34f), small, strict(exp32(x) - 1.0f));
}

Expr log(Expr x) { return isF32(x) ? log32(x) : libm("log", {x}); }
Expr tanh(Expr x) { return isF32(x) ? tanh32(x) : libm("tanh", {x}); }
Expr erf(Expr x) { return isF32(x) ? erf32(x) : libm("erf", {x}); }

Expr sigmoid(Expr x) {
  Expr one = constant(x.type(), 1);
  return strict(one / (one + math::exp(strict(-x))));
}

Expr softplus(Expr x) {
  Expr zero = constant(x.type(), 0), one = constant(x.type(), 1);
  Expr tail = math::log(strict(one + math::exp(strict(-Halide::abs(x)))));
  return strict(maxNaN(x, zero) + tail);
}

Expr roundEven(Expr x) { return Halide::round(x); }

Expr pow(Expr x, Expr y) { return libm("pow", {x, y}); }

} // namespace math

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
