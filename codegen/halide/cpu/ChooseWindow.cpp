#include "codegen/halide/cpu/Choose.h"

namespace dycc::halide {

mlir::Attribute chooseWindow(const WindowProblem &problem,
                             const codegen::TargetInfo &target,
                             mlir::MLIRContext *context) {
  if (!problem.hasRows()) // Two totals that do not wait for each other.
    return dyn::LoopsPlanAttr::get(context, dyn::LoopsForm::Columns, 2, -1);
  // Neighbouring rows share what they load where all taps are unrolled, and
  // that stays in registers; more code is worth neither its place in the cache
  // nor its compilation.
  constexpr int64_t mostRows = 4, mostUnrolled = 64;
  int64_t rows = mostRows;
  while (rows > 1 && rows * problem.tapCount() > mostUnrolled)
    rows /= 2;
  return dyn::WindowPlanAttr::get(
      context, rows, static_cast<int64_t>(target.l1Bytes / 2),
      /*unrolled=*/problem.tapCount() <= mostUnrolled);
}

} // namespace dycc::halide
