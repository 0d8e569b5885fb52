#include "codegen/halide/cpu/Choose.h"
#include "codegen/halide/roots/WinogradGrid.h"
#include "dialects/dyn/Winograd.h"

namespace dycc::halide {
namespace {

class WinogradChooser {
public:
  WinogradChooser(const ConvolutionProblem &problem,
                  const codegen::TargetInfo &target)
      : target(target), width(*problem.panelWidth),
        bytes(problem.element.computed.bytes()), places(placesOf(problem)),
        inputs(problem.inputsPerGroup.asConstant().value_or(manyChannels)),
        panels(llvm::divideCeil(
            problem.output[1].asConstant().value_or(manyChannels), width)) {}

  /// The transformed image of a strip and the sums of one panel stay in half of
  /// the second-level cache. A filter that is much larger than it is read anew
  /// for each strip, so that these are larger.
  int64_t strip() const {
    constexpr int64_t fewest = 3, most = 12, ofLarge = 8, large = 8;
    int64_t each = places * places * bytes;
    auto cache = static_cast<int64_t>(target.l2Bytes);
    bool isLarge = each * inputs * panels * width > large * cache;
    int64_t fitting = cache / 2 / (each * (inputs + width)) / rows();
    return std::clamp(fitting, isLarge ? ofLarge : fewest, most) * rows();
  }

  /// Several threads share panels as well as strips where there are some.
  int64_t whole() const {
    constexpr int64_t fewest = 2, fewPanels = 4;
    return panels < fewPanels ? fewest * rows() : strip() * 3 / 2;
  }

private:
  static constexpr int64_t manyChannels = 512;

  static int64_t placesOf(const ConvolutionProblem &problem) {
    return dyn::Winograd::find(*problem.winograd)->places();
  }

  int64_t rows() const {
    return target
        .tile(static_cast<unsigned>(width), static_cast<unsigned>(bytes))
        .rows;
  }

  const codegen::TargetInfo &target;
  int64_t width, bytes, places, inputs, panels;
};

} // namespace

mlir::Attribute chooseWinograd(const ConvolutionProblem &problem,
                               const codegen::TargetInfo &target,
                               mlir::MLIRContext *context) {
  WinogradChooser chooser(problem, target);
  int64_t strip = chooser.strip(), whole = chooser.whole();
  dyn::ExprAttr tiles = WinogradGrid::get(problem, strip, whole).tiles;
  auto tile = chooseTile({*problem.panelWidth, tiles, problem.inputsPerGroup,
                          problem.element, /*isFlat=*/true},
                         target, context);
  return dyn::WinogradPlanAttr::get(context, tile, strip, whole);
}

} // namespace dycc::halide
