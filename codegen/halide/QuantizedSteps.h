// What a kernel quantises: numbers are divided by a scale, limited, rounded and
// moved by a zero point, as passes/normalize/Quantization.h writes it. Together
// these take fewer instructions than one by one, with the same results.
#ifndef DYCC_CODEGEN_HALIDE_QUANTIZEDSTEPS_H
#define DYCC_CODEGEN_HALIDE_QUANTIZEDSTEPS_H

#include "mlir/IR/Value.h"
#include <Halide.h>
#include <optional>

namespace dycc::halide {

/// Steps that are whole numbers of f32, with limits that it shows.
struct QuantizedSteps {
  mlir::Value real;           ///< What is quantised.
  std::optional<float> scale; ///< What a step is worth; absent for 1.
  int least, most;            ///< Of steps without the zero point.
  int point;

  /// What `value`, which becomes an integer, is made of; nothing where it is
  /// made otherwise.
  static std::optional<QuantizedSteps> of(mlir::Value value);

  /// The step of `x`, an element of `real`, as i32; 0 for NaN.
  Halide::Expr at(Halide::Expr x) const;
};

/// 1 / scale, where quotient() of Float.h by it is rounded to the same whole
/// number as a division, for each float whose quotient is between `least` and
/// `most`: which it checks.
std::optional<float> reciprocalOf(float scale, int least, int most);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_QUANTIZEDSTEPS_H
