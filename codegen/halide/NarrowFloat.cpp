// By the bits of f32, in integers: nothing that rewrites floats sees them, and
// a processor that takes denormals for zero does not either.
#include "codegen/halide/NarrowFloat.h"

#include "codegen/halide/Float.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/APFloat.h"

#include <cmath>

using Halide::cast;
using Halide::Expr;
using Halide::reinterpret;
using Halide::select;
using llvm::APFloat;

namespace dycc::halide {
namespace {

// An f32: sign, 8 bits of exponent, 23 of mantissa.
constexpr int kMantissaBits = 23, kBias = 127;
constexpr int kMagnitude = 0x7fffffff, kInfinity = 0x7f800000;
constexpr int kMantissa = (1 << kMantissaBits) - 1;
constexpr int kQuiet = 1 << (kMantissaBits - 1); ///< Of a NaN's mantissa.

/// The bits of a number or NaN that is not negative.
int codeOf(const APFloat &value) {
  return static_cast<int>(value.bitcastToAPInt().getZExtValue());
}

/// value / 2^shift, rounded to nearest, halves to even; `shift` is not 0.
Expr shiftRounded(const Expr &value, const Expr &shift) {
  Expr half = (Expr(1) << (shift - Expr(1u))) - 1;
  return (value + half + ((value >> shift) & 1)) >> shift;
}

} // namespace

std::optional<NarrowFloat> NarrowFloat::get(mlir::Type type) {
  auto floating = mlir::dyn_cast<mlir::FloatType>(type);
  if (!floating || floating.getWidth() > 8)
    return std::nullopt;
  const llvm::fltSemantics &format = floating.getFloatSemantics();
  NarrowFloat result{};
  result.bits = static_cast<int>(floating.getWidth());
  result.mantissaBits =
      static_cast<int>(APFloat::semanticsPrecision(format)) - 1;
  result.hasSign = APFloat::semanticsHasSignedRepr(format);
  // The exponent 0 is that of denormals where a format has a zero.
  bool hasZero = APFloat::semanticsHasZero(format);
  result.bias = (hasZero ? 1 : 0) - APFloat::semanticsMinExponent(format);
  result.hasNegativeZero =
      hasZero && APFloat::getZero(format, /*Negative=*/true).isNegative();
  result.largest = codeOf(APFloat::getLargest(format));
  if (APFloat::semanticsHasInf(format))
    result.infinity = codeOf(APFloat::getInf(format));
  if (APFloat::semanticsHasNaN(format))
    result.nan = codeOf(APFloat::getNaN(format));
  return result;
}

int NarrowFloat::spareBits() const { return kMantissaBits - mantissaBits; }

Expr NarrowFloat::decode(Expr byte) const {
  int signBit = hasSign ? 1 << (bits - 1) : 0;
  return let(cast<int32_t>(byte), [&](const Expr &code) {
    Expr magnitude = code & (hasSign ? signBit - 1 : 0xff);
    Expr normal =
        (magnitude << spareBits()) + ((kBias - bias) << kMantissaBits);
    // 2^-127, the smallest scale, is a denormal of f32 as well.
    Expr small = isScale() ? Expr(kQuiet)
                           : reinterpret<int32_t>(strict(
                                 cast<float>(magnitude) *
                                 std::ldexp(1.0F, 1 - bias - mantissaBits)));
    Expr value = select(magnitude < (1 << mantissaBits), small, normal);
    if (infinity) // A NaN keeps its mantissa.
      value = select(magnitude >= *infinity, value | kInfinity, value);
    else if (nan) // Where there is no -0, NaN has its bits.
      value = select((hasNegativeZero ? magnitude : code) == *nan,
                     kInfinity | kQuiet, value);
    // Of no sign: C has no signed integer for the sign's bit times 2^24.
    Expr sign = cast<uint32_t>(code & signBit) << Expr(uint32_t(32 - bits));
    return reinterpret<float>(cast<uint32_t>(value) | sign);
  });
}

Expr NarrowFloat::encodeNaN(const Expr &magnitude, const Expr &sign) const {
  if (!nan) // As onnx.reference has it.
    return sign ^ (1 << (bits - 1));
  if (!infinity)
    return *nan | sign;
  Expr kept = (magnitude & kMantissa) >> spareBits();
  return select(kept == 0, *nan, *infinity | kept) | sign;
}

Expr NarrowFloat::encode(Expr value, bool saturates) const {
  if (isScale())
    return encodeScale(value, ScaleRounding::Up, saturates);
  // The exponent of the smallest number with a full mantissa, in f32.
  int lowest = kBias + 1 - bias;
  int beyond = saturates ? largest : infinity.value_or(nan.value_or(largest));
  return let(reinterpret<int32_t>(value), [&](const Expr &whole) {
    Expr magnitude = whole & kMagnitude, exponent = magnitude >> kMantissaBits;
    Expr sign = (whole >> (32 - bits)) & (1 << (bits - 1));
    // Beyond two places below the smallest number all is zero.
    Expr lost = Halide::clamp(lowest - exponent, 0, mantissaBits + 2);
    Expr mantissa = shiftRounded((magnitude & kMantissa) | (1 << kMantissaBits),
                                 cast<uint32_t>(lost + spareBits()));
    Expr rounded =
        mantissa + ((Halide::max(exponent, lowest) - lowest) << mantissaBits);
    Expr code = let(rounded, [&](const Expr &code) {
      Expr signedCode = select(code > largest, beyond, code) | sign;
      return hasNegativeZero ? signedCode : select(code == 0, 0, signedCode);
    });
    return cast<uint8_t>(
        select(magnitude > kInfinity, encodeNaN(magnitude, sign), code));
  });
}

// By ONNX's table: onnx.reference makes NaN of infinity even where it
// saturates, and rounds denormals up to the next but one.
Expr NarrowFloat::encodeScale(Expr value, ScaleRounding rounding,
                              bool saturates) const {
  int added = rounding == ScaleRounding::Up        ? kMantissa
              : rounding == ScaleRounding::Nearest ? 1 << (kMantissaBits - 1)
                                                   : 0;
  return let(reinterpret<int32_t>(value) & kMagnitude, [&](const Expr &x) {
    // Places are half as far apart below the smallest number with an exponent.
    Expr whole = select(x < (1 << kMantissaBits), added / 2, added);
    Expr code = (x + whole) >> kMantissaBits;
    Expr isBelow = x < (1 << (kMantissaBits - 1));
    Expr inRange = saturates ? Halide::min(code, largest)
                             : select(isBelow || code > largest, *nan, code);
    return cast<uint8_t>(select(x > kInfinity, *nan, inRange));
  });
}

} // namespace dycc::halide
