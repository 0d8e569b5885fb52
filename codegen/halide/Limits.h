// Floats that cannot be large, as the operators of a kernel show: what makes
// integers of them needs no care for others.
#ifndef DYCC_CODEGEN_HALIDE_LIMITS_H
#define DYCC_CODEGEN_HALIDE_LIMITS_H

#include "mlir/IR/Value.h"
#include <Halide.h>

namespace dycc::halide {

/// What no element of `value`, of floats, exceeds in magnitude, so far as the
/// operators of the kernel show it; infinity where they do not. An element may
/// be NaN whatever the limit is.
double limitOf(mlir::Value value);

/// math::roundEven of an `x` with this limit.
Halide::Expr roundEven(Halide::Expr x, double limit);
/// toInteger of an `x` with this limit.
Halide::Expr toInteger(Halide::Expr x, Halide::Type type, double limit);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LIMITS_H
