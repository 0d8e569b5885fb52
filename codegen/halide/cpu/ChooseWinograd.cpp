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
    int64_t fitting = cache() / 2 / (each() * (inputs + width)) / rows();
    return std::clamp(fitting, filter() > large * cache() ? ofLarge : fewest,
                      most) *
           rows();
  }

  /// What one thread has transformed comes slowly to another one. With a filter
  /// that passes the second-level cache it is better than to read that twice.
  bool sharesPanels() const { return filter() > 2 * cache(); }

  int64_t whole() const {
    constexpr int64_t fewest = 2;
    return sharesPanels() ? strip() * 3 / 2 : fewest * rows();
  }

private:
  static constexpr int64_t manyChannels = 512;

  static int64_t placesOf(const ConvolutionProblem &problem) {
    return dyn::Winograd::find(*problem.winograd)->places();
  }

  int64_t cache() const { return static_cast<int64_t>(target.l2Bytes); }
  /// Bytes of one channel of a tile of the image, and of one transformed
  /// filter.
  int64_t each() const { return places * places * bytes; }
  int64_t filter() const { return each() * inputs * panels * width; }
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
                          problem.element, /*isFlat=*/false},
                         target, context);
  return dyn::WinogradPlanAttr::get(context, tile, strip, whole,
                                    chooser.sharesPanels(),
                                    /*anyOutputs=*/true);
}

} // namespace dycc::halide
