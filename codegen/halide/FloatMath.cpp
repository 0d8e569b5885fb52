// Functions of one variable. Their arguments are brought into a range first, so
// that the polynomials see neither NaN nor infinity and may be contracted;
// what is beyond the range is chosen afterwards.
//
// Coefficients: weighted minimax fits (Lawson iterations on Chebyshev nodes)
// made for this file; the ranges are beside each.
#include "codegen/halide/Float.h"

#include <cmath>
#include <limits>

using Halide::cast;
using Halide::Expr;
using Halide::reinterpret;
using Halide::select;

namespace dycc::halide {
namespace {

using Coefficients = std::initializer_list<float>;

/// Horner's scheme, lowest coefficient first. `x` is finite.
Expr polynomial(Expr x, Coefficients coefficients) {
  auto it = std::rbegin(coefficients);
  Expr result(*it);
  for (++it; it != std::rend(coefficients); ++it)
    result = multiplyAdd(result, x, Expr(*it));
  return result;
}

// One instruction each on x86, which gives the second operand where either is
// NaN: so a NaN becomes the bound.
Expr atLeast(Expr x, float bound) { return select(isLess(bound, x), x, bound); }
Expr atMost(Expr x, float bound) { return select(isLess(x, bound), x, bound); }

/// Calls `body(bits, f)` with x = n ln 2 + f, |f| <= ln 2 / 2, for a finite x;
/// `bits` are n in the upper nine bits: where an exponent lies. They come out
/// of the bits of a float addition.
template <typename Body>
Expr reduceExp(Expr x, Body body) {
  Expr magic(12582912.0f); // 1.5 * 2^23: the last bit is worth 1.
  return let(multiplyAdd(x, 1.44269504f, magic), [&](Expr shifted) {
    Expr bits = reinterpret(Halide::Int(32), shifted) << 23;
    return let(strict(shifted - magic), [&](Expr whole) {
      // ln 2 in two parts: the first product is exact.
      Expr rest = multiplyAdd(whole, Expr(-0.693359375f), x);
      return let(multiplyAdd(whole, 2.12194440e-4f, rest),
                 [&](Expr f) { return body(bits, f); });
    });
  });
}

/// (e^f - 1) / f for |f| <= ln 2 / 2.
Expr expQuotient(Expr f) {
  return polynomial(f, {1.0f, 0.50000001f, 0.166665183f, 0.0416662042f,
                        0.00836895371f, 0.00139506003f});
}

/// The bits of e^f for |f| <= ln 2 / 2.
Expr expBits(Expr f) {
  return reinterpret(Halide::Int(32), multiplyAdd(expQuotient(f), f, 1.0f));
}

/// e^f within 3 ulp for |f| <= ln 2 / 2. Not by a tree: that takes copies of
/// its coefficients, and a row of powers is bound by its instructions.
Expr shortPower(Expr f) {
  return polynomial(f, {1.0f, 0.9999997f, 0.49999148f, 0.16667639f, 0.04189816f,
                        0.008290272f});
}

Expr exp32(Expr x) {
  Expr power = reduceExp(atLeast(x, -104.0f), [&](Expr n, Expr f) {
    // A denormal result is made 2^64 times as large first.
    Expr tiny = isLess(x, -87.0f);
    Expr larger = select(tiny, 64 << 23, 0), scale = select(tiny, 0x1p-64f, 1);
    return strict(reinterpret(Halide::Float(32), expBits(f) + (n + larger)) *
                  scale);
  });
  // Beyond ln(2^128) the product is infinity, of NaN it is NaN.
  return select(isLess(x, 88.7228394f), power,
                strict(x * std::numeric_limits<float>::max()));
}

/// ln(1 + f) for 1 + f in [sqrt 0.5, sqrt 2).
Expr logOnePlus(Expr f) {
  Expr tail = polynomial(f, {0.333333106f, -0.249999866f, 0.200022193f,
                             -0.166692453f, 0.142187804f, -0.123844943f,
                             0.118723092f, -0.117887994f, 0.0691557828f});
  return let(strict(f * f), [&](Expr square) {
    Expr cubic = strict(square * f);
    return strict(f - multiplyAdd(strict(-cubic), tail, 0.5f * square));
  });
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

/// An odd function that is `sign(x)` from |x| = `end` on, and below it
/// x P(x^2) / Q(x^2).
Expr saturating(Expr x, float end, Coefficients numerator,
                Coefficients denominator) {
  Expr magnitude = Halide::abs(x);
  Expr inner = let(atMost(magnitude, end), [&](Expr m) {
    return let(strict(m * m), [&](Expr z) {
      return strict(m * polynomial(z, numerator) / polynomial(z, denominator));
    });
  });
  Expr value = select(isLess(magnitude, end), inner, isNaN(x), x, 1.0f);
  Expr sign = reinterpret(Halide::UInt(32), x) & Expr(0x80000000u);
  return reinterpret(Halide::Float(32),
                     reinterpret(Halide::UInt(32), value) | sign);
}

Expr tanh32(Expr x) {
  return saturating(
      x, 9.011f,
      {1.0f, 0.13380307f, 0.00349473394f, 2.05950018e-05f, 1.33350788e-08f},
      {1.0f, 0.467136234f, 0.0258737337f, 0.000328423688f, 7.76856041e-07f});
}

Expr erf32(Expr x) {
  return saturating(x, 3.925f,
                    {1.12837911f, 0.190595329f, 0.0527695082f, 0.00377261802f,
                     0.000284845155f, 2.04601679e-06f},
                    {1.0f, 0.502243459f, 0.114183374f, 0.0149833346f,
                     0.00116387429f, 3.80477468e-05f});
}

bool isF32(Expr x) { return x.type().bits() == 32; }

} // namespace

namespace math {

Expr exp(Expr x) { return isF32(x) ? exp32(x) : libm("exp", {x}); }

Expr expOfNegative(Expr x) {
  if (!isF32(x))
    return libm("exp", {x});
  constexpr float end = -87.3365402f; // ln 2^-126, rounded up.
  Expr power = reduceExp(x, [&](Expr n, Expr f) {
    return reinterpret(Halide::Float(32),
                       reinterpret(Halide::Int(32), shortPower(f)) + n);
  });
  return select(isLess(end, x), power, isLess(x, 0.0f), 0.0f, x);
}

Expr expm1(Expr x) {
  if (!isF32(x))
    return libm("expm1", {x});
  Expr small = let(atMost(atLeast(x, -0.34f), 0.34f),
                   [](Expr f) { return strict(f * expQuotient(f)); });
  return select(isLess(Halide::abs(x), 0.34f), small, strict(exp32(x) - 1.0f));
}

Expr log(Expr x) { return isF32(x) ? log32(x) : libm("log", {x}); }
Expr tanh(Expr x) { return isF32(x) ? tanh32(x) : libm("tanh", {x}); }
Expr erf(Expr x) { return isF32(x) ? erf32(x) : libm("erf", {x}); }

// e^-|x| neither overflows nor is denormal, so that no case of it is apart.
Expr sigmoid(Expr x) {
  Expr one = Halide::Internal::make_const(x.type(), 1);
  return let(x, [&](Expr x) {
    Expr negative = isLess(x, Halide::Internal::make_zero(x.type()));
    return let(math::expOfNegative(strict(-Halide::abs(x))), [&](Expr power) {
      return strict(select(negative, power, one) / (one + power));
    });
  });
}

Expr softplus(Expr x) {
  Expr zero = Halide::Internal::make_const(x.type(), 0),
       one = Halide::Internal::make_const(x.type(), 1);
  Expr tail = math::log(strict(one + math::exp(strict(-Halide::abs(x)))));
  return strict(maxNaN(x, zero) + tail);
}

Expr roundEven(Expr x) {
  // Where the processor has no instruction for it Halide goes through int32.
  // From here on there are no fractions.
  double whole = x.type().bits() == 64 ? 0x1p52 : 0x1p23;
  Expr limit = Halide::Internal::make_const(x.type(), whole);
  return select(strict(Halide::abs(x) < limit), Halide::round(x), x);
}

Expr pow(Expr x, Expr y) { return libm("pow", {x, y}); }

} // namespace math
} // namespace dycc::halide
