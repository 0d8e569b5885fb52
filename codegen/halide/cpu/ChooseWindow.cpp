#include "codegen/halide/cpu/Choose.h"

namespace dycc::halide {

/// More code is worth neither its place in the cache nor its compilation.
constexpr int64_t mostUnrolled = 64;

/// Taps along the last axis of windows over vectors of channels.
constexpr int64_t mostUnrolledTaps = 9;

dyn::DepthwisePlanAttr chooseDepthwise(const WindowProblem &problem,
                                       mlir::MLIRContext *context) {
  // More neighbours share more of what they load, but leave more of a narrow
  // image's last tile empty. Wide windows are loops, so that the code stays
  // small.
  constexpr int64_t mostPixels = 4;
  int64_t pixels = mostPixels;
  if (problem.columns)
    pixels = std::clamp<int64_t>(
        problem.columns.asConstant().value_or(mostPixels), 1, mostPixels);
  return dyn::DepthwisePlanAttr::get(context, pixels,
                                     problem.kernel.back() <= mostUnrolledTaps);
}

mlir::Attribute chooseWindow(const WindowProblem &problem,
                             const codegen::TargetInfo &target,
                             mlir::MLIRContext *context) {
  if (problem.hasVectors(target.lanes(problem.element.computed.bytes())))
    return chooseDepthwise(problem, context);
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

std::vector<mlir::Attribute> plansNear(const WindowProblem &problem,
                                       dyn::DepthwisePlanAttr plan) {
  constexpr int64_t pixels[] = {1, 2, 3, 4, 6, 8};
  std::vector<mlir::Attribute> near;
  auto add = [&](int64_t count, bool isUnrolled) {
    near.push_back(
        dyn::DepthwisePlanAttr::get(plan.getContext(), count, isUnrolled));
  };
  for (int64_t count : stepsFrom(plan.getPixels(), pixels))
    add(count, plan.getUnrolled());
  add(plan.getPixels(),
      !plan.getUnrolled() && problem.kernel.back() <= mostUnrolledTaps);
  return near;
}

} // namespace dycc::halide
