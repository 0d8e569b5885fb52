// Floats of at most eight bits. Kernels have them as f32, which holds every one
// of them exactly; in memory each takes a byte, its bits the low ones.
#ifndef DYCC_CODEGEN_HALIDE_NARROWFLOAT_H
#define DYCC_CODEGEN_HALIDE_NARROWFLOAT_H

#include "mlir/IR/Types.h"
#include <Halide.h>
#include <optional>

namespace dycc::halide {

/// How an f32 becomes one of a format that has powers of two alone.
enum class ScaleRounding { Up, Down, Nearest };

/// One format: a sign where it has one, exponent, mantissa.
struct NarrowFloat {
  int bits, mantissaBits, bias;
  bool hasSign, hasNegativeZero;
  /// Codes, of the largest finite number and of what is none.
  int largest;
  std::optional<int> infinity, nan;

  /// The format of `type`, as LLVM describes it; nothing where it is wider.
  static std::optional<NarrowFloat> get(mlir::Type type);

  /// Whether it has powers of two alone, and no zero: float8e8m0.
  bool isScale() const { return !hasSign; }
  /// A byte as f32. Each code becomes a number of its own, so that encode()
  /// gives it back.
  Halide::Expr decode(Halide::Expr byte) const;
  /// An f32, rounded to nearest, halves to even, as a byte. What is beyond the
  /// largest number becomes that (`saturates`), or else infinity or NaN, where
  /// the format has one. NaN is zero where it has none.
  Halide::Expr encode(Halide::Expr value, bool saturates) const;
  /// The same for a format of scales, of the magnitude. What is beyond an end
  /// becomes that (`saturates`), or else NaN.
  Halide::Expr encodeScale(Halide::Expr value, ScaleRounding rounding,
                           bool saturates) const;

private:
  /// How many bits the mantissa of an f32 has beyond this one.
  int spareBits() const;
  /// What an f32 that is NaN becomes, of its bits.
  Halide::Expr encodeNaN(const Halide::Expr &bits,
                         const Halide::Expr &sign) const;
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_NARROWFLOAT_H
