#include "codegen/halide/cpu/Choose.h"

#include "llvm/ADT/SetVector.h"

namespace dycc::halide {

mlir::Attribute choose(const Problem &problem,
                       const codegen::TargetInfo &target,
                       mlir::MLIRContext *context) {
  if (const auto *conv = std::get_if<ConvolutionProblem>(&problem))
    return chooseConvolution(*conv, target, context);
  if (const auto *window = std::get_if<WindowProblem>(&problem))
    return chooseWindow(*window, target, context);
  if (const auto *product = std::get_if<ProductProblem>(&problem))
    return chooseProduct(*product, target, context);
  return chooseLoops(std::get<LoopsProblem>(problem), target, context);
}

static std::vector<mlir::Attribute> allNear(const ConvolutionProblem &problem,
                                            mlir::Attribute plan,
                                            const codegen::TargetInfo &target) {
  if (auto winograd = mlir::dyn_cast<dyn::WinogradPlanAttr>(plan))
    return plansNear(problem, winograd, target);
  if (auto depthwise = mlir::dyn_cast<dyn::DepthwisePlanAttr>(plan))
    return plansNear(*problem.windows(), depthwise);
  if (auto window = mlir::dyn_cast<dyn::WindowPlanAttr>(plan))
    return plansNear(*problem.windows(), window);
  return plansNear(problem, mlir::cast<dyn::ConvolutionPlanAttr>(plan), target);
}

static std::vector<mlir::Attribute> allNear(const WindowProblem &problem,
                                            mlir::Attribute plan,
                                            const codegen::TargetInfo &target) {
  if (auto window = mlir::dyn_cast<dyn::WindowPlanAttr>(plan))
    return plansNear(problem, window);
  if (auto depthwise = mlir::dyn_cast<dyn::DepthwisePlanAttr>(plan))
    return plansNear(problem, depthwise);
  return plansNear(LoopsProblem{LoopsProblem::Kind::Reduction, {}},
                   mlir::cast<dyn::LoopsPlanAttr>(plan));
}

static std::vector<mlir::Attribute> allNear(const ProductProblem &problem,
                                            mlir::Attribute plan,
                                            const codegen::TargetInfo &target) {
  return plansNear(problem, mlir::cast<dyn::ProductPlanAttr>(plan), target);
}

static std::vector<mlir::Attribute> allNear(const LoopsProblem &problem,
                                            mlir::Attribute plan,
                                            const codegen::TargetInfo &) {
  return plansNear(problem, mlir::cast<dyn::LoopsPlanAttr>(plan));
}

std::vector<mlir::Attribute> plansNear(const Problem &problem,
                                       mlir::Attribute plan,
                                       int64_t vectorBytes,
                                       const codegen::TargetInfo &target) {
  llvm::SetVector<mlir::Attribute> near;
  near.insert_range(std::visit(
      [&](const auto &root) { return allNear(root, plan, target); }, problem));
  near.remove(plan);
  near.remove_if([&](mlir::Attribute other) {
    return !whyNot(problem, other, vectorBytes).empty();
  });
  return {near.begin(), near.end()};
}

std::vector<int64_t> stepsFrom(int64_t value, llvm::ArrayRef<int64_t> ladder) {
  std::vector<int64_t> steps;
  const int64_t *above = llvm::upper_bound(ladder, value);
  if (above != ladder.end())
    steps.push_back(*above);
  const int64_t *notBelow = llvm::lower_bound(ladder, value);
  if (notBelow != ladder.begin())
    steps.push_back(*std::prev(notBelow));
  return steps;
}

} // namespace dycc::halide
