#include "codegen/halide/cpu/Choose.h"

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

} // namespace dycc::halide
