#include "codegen/halide/cpu/Choose.h"
#include "codegen/halide/roots/WinogradGrid.h"
#include "dialects/dyn/Winograd.h"

namespace dycc::halide {

/// Tiles of a strip: their transformed image and the sums of one panel stay in
/// half of the second-level cache, and register tiles have rows enough.
static int64_t stripOf(const ConvolutionProblem &problem, int64_t width,
                       int64_t rows, const codegen::TargetInfo &target) {
  constexpr int64_t fewest = 3, most = 12, manyInputs = 512;
  int64_t places = dyn::Winograd::find(*problem.winograd)->places();
  int64_t inputs = problem.inputsPerGroup.asConstant().value_or(manyInputs);
  int64_t bytes = (inputs + width) * places * places *
                  static_cast<int64_t>(problem.element.computed.bytes());
  int64_t fitting = static_cast<int64_t>(target.l2Bytes / 2) / bytes;
  return std::clamp(fitting / rows, fewest, most) * rows;
}

mlir::Attribute chooseWinograd(const ConvolutionProblem &problem,
                               const codegen::TargetInfo &target,
                               mlir::MLIRContext *context) {
  int64_t width = *problem.panelWidth;
  auto rows = target.tile(static_cast<unsigned>(width),
                          problem.element.computed.bytes())
                  .rows;
  int64_t strip = stripOf(problem, width, rows, target);
  auto grid = WinogradGrid::get(problem, strip);
  auto tile = chooseTile({width, grid.tiles, problem.inputsPerGroup,
                          problem.element, /*isFlat=*/true},
                         target, context);
  return dyn::WinogradPlanAttr::get(context, tile, strip);
}

} // namespace dycc::halide
