#ifndef DYCC_CODEGEN_HALIDE_CPU_INTERPOLATIONLOOPS_H
#define DYCC_CODEGEN_HALIDE_CPU_INTERPOLATIONLOOPS_H

#include "codegen/halide/cpu/Loops.h"

namespace dycc::halide {

/// What is interpolated along several axes, the innermost one first: elements
/// that do not lie together are read once for each row of the input.
struct InterpolatedRows {
  /// With the arguments of the result: its places along the last axis, those of
  /// the input along `axes`.
  Halide::Func rows;
  std::vector<int> axes; ///< The others that are resized.
  Dims input;
};

void scheduleInterpolation(KernelBuilder &builder,
                           const InterpolatedRows &stages, const Store &store);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_INTERPOLATIONLOOPS_H
