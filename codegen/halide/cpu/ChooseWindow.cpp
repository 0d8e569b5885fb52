#include "codegen/halide/cpu/Choose.h"

namespace dycc::halide {

/// More code is worth neither its place in the cache nor its compilation.
constexpr int64_t mostUnrolled = 64;

mlir::Attribute chooseWindow(const WindowProblem &problem,
                             const codegen::TargetInfo &target,
                             mlir::MLIRContext *context) {
  if (!problem.hasRows()) // Two totals that do not wait for each other.
    return dyn::LoopsPlanAttr::get(context, dyn::LoopsForm::Columns, 2, -1);
  // Neighbouring rows share what they load where all taps are unrolled, and
  // that stays in registers.
  constexpr int64_t mostRows = 4;
  int64_t rows = mostRows;
  while (rows > 1 && rows * problem.tapCount() > mostUnrolled)
    rows /= 2;
  return dyn::WindowPlanAttr::get(
      context, rows, static_cast<int64_t>(target.l1Bytes / 2),
      /*unrolled=*/problem.tapCount() <= mostUnrolled);
}

std::vector<mlir::Attribute> plansNear(const WindowProblem &problem,
                                       dyn::WindowPlanAttr plan) {
  constexpr int64_t rows[] = {1, 2, 3, 4, 6, 8};
  constexpr int64_t shortest = 1024;
  std::vector<mlir::Attribute> near;
  auto add = [&](int64_t count, int64_t strip, bool isUnrolled) {
    near.push_back(
        dyn::WindowPlanAttr::get(plan.getContext(), count, strip, isUnrolled));
  };
  int64_t strip = plan.getStrip();
  for (int64_t count : stepsFrom(plan.getRows(), rows))
    if (count * problem.tapCount() <= 2 * mostUnrolled)
      add(count, strip, plan.getUnrolled());
  for (int64_t bytes : {strip * 2, strip / 2})
    add(plan.getRows(), std::max(bytes, shortest), plan.getUnrolled());
  add(plan.getRows(), strip,
      !plan.getUnrolled() && problem.tapCount() <= mostUnrolled);
  return near;
}

} // namespace dycc::halide
