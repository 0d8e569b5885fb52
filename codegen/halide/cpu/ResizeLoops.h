#ifndef DYCC_CODEGEN_HALIDE_CPU_RESIZELOOPS_H
#define DYCC_CODEGEN_HALIDE_CPU_RESIZELOOPS_H

#include "codegen/halide/cpu/Loops.h"

namespace dycc::halide {

/// Weighted means over windows of taps. The arguments of all Funcs are the
/// axes of the result, last first.
struct ResizeStages {
  int along;           ///< The axis that `total` has its taps along.
  Halide::Func total;  ///< Sums for each element of the result.
  Halide::Expr extent; ///< Of `along` in what `total` reads.
  /// What `total` reads where further axes are resized: it has their extents
  /// already, and that of the input along `along`. Else undefined.
  Halide::Func rows;
  Halide::Func rowTotal; ///< Sums for each element of `rows`.
  Halide::Expr work;     ///< Operations of one element.
  dyn::LoopsPlanAttr plan;
};

void scheduleResize(KernelBuilder &builder, const ResizeStages &stages,
                    const Store &store);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_RESIZELOOPS_H
