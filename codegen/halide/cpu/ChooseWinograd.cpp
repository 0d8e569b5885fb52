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

  /// The transformed image of a strip and the sums of one panel take a quarter
  /// of the second-level cache, beside the filter, the image and the result; a
  /// filter much larger than it is read anew for each strip, so that these are
  /// as large as can be.
  int64_t strip() const {
    constexpr int64_t fewest = 1, most = 4, large = 8;
    int64_t fitting = cache() / 4 / (each() * (inputs + width)) / rows();
    return rows() * (filter() > large * cache()
                         ? most
                         : std::clamp(fitting, fewest, most));
  }

  /// What one thread has transformed comes slowly to another one. Where that is
  /// a few tiles of many panels, or the filter passes the second-level cache,
  /// it is better than to read the filter once for each thread.
  bool sharesPanels() const { return panels > 1; }

  int64_t whole() const {
    constexpr int64_t outputsPerTile = 4;
    if (filter() > 2 * cache())
      return strip() * 3 / 2;
    return std::clamp<int64_t>(panels * width / outputsPerTile, 1, strip());
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

/// Of strips of so many tiles of the image.
TileChoice tileChoice(const ConvolutionProblem &problem, int64_t strip,
                      int64_t whole) {
  return {
      *problem.panelWidth,    WinogradGrid::get(problem, strip, whole).tiles,
      problem.inputsPerGroup, problem.element,
      /*isFlat=*/false,
      /*isAnywhere=*/true};
}

} // namespace

mlir::Attribute chooseWinograd(const ConvolutionProblem &problem,
                               const codegen::TargetInfo &target,
                               mlir::MLIRContext *context) {
  WinogradChooser chooser(problem, target);
  int64_t strip = chooser.strip(), whole = chooser.whole();
  auto tile = chooseTile(tileChoice(problem, strip, whole), target);
  return dyn::WinogradPlanAttr::get(context, tile, strip, whole,
                                    chooser.sharesPanels(),
                                    /*anyOutputs=*/true);
}

std::vector<mlir::Attribute> plansNear(const ConvolutionProblem &problem,
                                       dyn::WinogradPlanAttr plan,
                                       const codegen::TargetInfo &target) {
  // In register tiles: strips are whole ones.
  constexpr int64_t strips[] = {1, 2, 3, 4, 6, 8, 12, 16, 24};
  std::vector<mlir::Attribute> near;
  int64_t rows = plan.getTile().getRows(), strip = plan.getStrip(),
          whole = plan.getWhole();
  auto add = [&](dyn::TileAttr tile, int64_t otherStrip, int64_t otherWhole,
                 bool sharesPanels) {
    near.push_back(dyn::WinogradPlanAttr::get(
        plan.getContext(), tile, otherStrip, otherWhole, sharesPanels,
        plan.getAnyOutputs()));
  };
  auto addStrips = [&](int64_t otherStrip, int64_t otherWhole) {
    add(chooseTile(tileChoice(problem, otherStrip, otherWhole), target),
        otherStrip, otherWhole, plan.getSharesPanels());
  };
  for (int64_t tiles : stepsFrom(strip / rows, strips))
    addStrips(tiles * rows, whole);
  for (int64_t tiles : stepsFrom(whole / rows, strips))
    addStrips(strip, tiles * rows);
  add(plan.getTile(), strip, whole, !plan.getSharesPanels());
  for (dyn::TileAttr tile :
       tilesNear(tileChoice(problem, strip, whole), plan.getTile(), target))
    add(tile, strip, whole, plan.getSharesPanels());
  return near;
}

} // namespace dycc::halide
