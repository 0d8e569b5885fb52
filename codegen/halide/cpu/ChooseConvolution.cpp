#include "codegen/halide/cpu/Choose.h"

namespace dycc::halide {
namespace {

using Loops = dyn::ConvolutionLoops;
using Input = dyn::ConvolutionInput;
using Ahead = dyn::ConvolutionAhead;

TileChoice tileChoice(const ConvolutionProblem &problem, int64_t width) {
  return {width, problem.output.back(), problem.inputsPerGroup, problem.element,
          /*isFlat=*/false};
}

class Chooser {
public:
  Chooser(const ConvolutionProblem &problem, const codegen::TargetInfo &target,
          mlir::MLIRContext *context)
      : problem(problem), target(target), context(context),
        bytes(problem.element.computed.bytes()),
        width(problem.panelWidth.value_or(dyn::choosePanelWidth(
            target.filterWidths(bytes), problem.output[1]))),
        weightsFit(fitsCache()) {}

  mlir::Attribute run() {
    auto tile = chooseTile(tileChoice(problem, width), target);
    return dyn::ConvolutionPlanAttr::get(context, tile, loops(), input(),
                                         ahead(tile), anyOutputs(),
                                         anyInputs());
  }

private:
  /// The whole filter, into half of the second-level cache.
  bool fitsCache() const {
    std::optional<int64_t> channels = problem.output[1].asConstant();
    std::optional<int64_t> panel = problem.panelBytes(width);
    if (!channels || !panel)
      return false;
    return (*channels + width - 1) / width * *panel <=
           static_cast<int64_t>(target.l2Bytes / 2);
  }

  Loops loops() const {
    if (problem.isChained)
      return problem.rank() == 1 ? Loops::Pixels : Loops::Rows;
    if (problem.rank() == 2 && weightsFit)
      return Loops::Rows;
    if (problem.rank() == 1 && weightsFit &&
        (!problem.isWorthCopy() || problem.isPixelwise))
      return Loops::Pixels;
    return Loops::Panels;
  }

  Input input() const {
    if (reachesFar())
      return Input::Reached;
    if (copiesEdges())
      return Input::Edges;
    return problem.isWorthCopy() ? Input::Copied : Input::InPlace;
  }

  /// One group of packed filters: what is left of an extent that is no constant
  /// are whole panels or vectors, and their number costs nothing.
  bool anyOutputs() const {
    return problem.panelWidth && problem.groups == 1 && !problem.isTransposed;
  }

  /// Few input channels are better unrolled.
  bool anyInputs() const {
    constexpr int64_t fewInputs = 32;
    return anyOutputs() && problem.channelBlock &&
           problem.inputsPerGroup.asConstant().value_or(fewInputs) >= fewInputs;
  }

  int64_t tallest() const {
    return target.tile(static_cast<unsigned>(width), bytes).rows;
  }

  /// Taps that lie so far from each other miss small images often, and their
  /// padding takes as much memory as these.
  bool reachesFar() const {
    constexpr int64_t far = 4;
    return loops() == Loops::Panels && problem.isPadded &&
           problem.canLeaveTapsOut() &&
           llvm::any_of(problem.dilations, [](int64_t d) { return d >= far; });
  }

  /// Few panels read each element, so that a padded copy of all would cost a
  /// notable part of the sums. Narrow images are all edge; what is converted
  /// is copied as a whole.
  bool copiesEdges() const {
    constexpr int64_t fewPanels = 2, narrow = 4;
    std::optional<int64_t> columns = problem.output.back().asConstant();
    return weightsFit && problem.hasInside() &&
           !problem.element.isConverted() &&
           problem.output[1].asConstant() <= fewPanels * width &&
           !(columns && *columns < narrow * tallest());
  }

  /// Rows of large images pass the caches. Windows of few taps have no room to
  /// ask for them.
  Ahead ahead(dyn::TileAttr tile) const {
    constexpr int64_t fewestTaps = 4;
    if (problem.rank() == 2 && weightsFit && problem.tapCount() >= fewestTaps)
      return Ahead::Image;
    std::optional<int64_t> panel = problem.panelBytes(width);
    bool isWorthIt = problem.panelWidth && !weightsFit && panel &&
                     isFetchedAhead(*panel, tile, bytes, target);
    return isWorthIt ? Ahead::Weights : Ahead::Nothing;
  }

  const ConvolutionProblem &problem;
  const codegen::TargetInfo &target;
  mlir::MLIRContext *context;
  unsigned bytes;
  int64_t width;
  bool weightsFit;
};

} // namespace

mlir::Attribute chooseConvolution(const ConvolutionProblem &problem,
                                  const codegen::TargetInfo &target,
                                  mlir::MLIRContext *context) {
  if (problem.winograd)
    return chooseWinograd(problem, target, context);
  // Windows of many taps read more elements in rows than it costs to bring
  // channels together.
  constexpr int64_t fewTaps = 9;
  if (auto windows = problem.windows();
      windows && windows->hasRows() && windows->tapCount() <= fewTaps)
    return chooseWindow(*windows, target, context);
  if (problem.hasVectors(target.lanes(problem.element.computed.bytes())))
    return chooseDepthwise(*problem.windows(), context);
  return Chooser(problem, target, context).run();
}

std::vector<mlir::Attribute> plansNear(const ConvolutionProblem &problem,
                                       dyn::ConvolutionPlanAttr plan,
                                       const codegen::TargetInfo &target) {
  std::vector<mlir::Attribute> near;
  auto add = [&](dyn::TileAttr tile, Loops loops, Input input, Ahead ahead) {
    near.push_back(dyn::ConvolutionPlanAttr::get(
        plan.getContext(), tile, loops, input, ahead, plan.getAnyOutputs(),
        plan.getAnyInputs()));
  };
  dyn::TileAttr tile = plan.getTile();
  Loops loops = plan.getLoops();
  add(tile, loops, plan.getInput(), Ahead::Nothing);
  if (loops == Loops::Panels && problem.panelWidth)
    add(tile, loops, plan.getInput(), Ahead::Weights);
  if (loops == Loops::Rows && !problem.isChained)
    add(tile, loops, plan.getInput(), Ahead::Image);
  for (dyn::TileAttr other :
       tilesNear(tileChoice(problem, tile.getWidth()), tile, target))
    add(other, loops, plan.getInput(), plan.getAhead());
  for (Input other :
       {Input::Edges, Input::Copied, Input::InPlace, Input::Reached})
    add(tile, loops, other, plan.getAhead());
  for (Loops other : {Loops::Rows, Loops::Pixels, Loops::Panels}) {
    // The edges alone are copied inside of rows, taps are left out where panels
    // are outside, and what is asked for ahead belongs to the order of loops.
    bool isOfOthers =
        (plan.getInput() == Input::Edges && other != Loops::Rows) ||
        (plan.getInput() == Input::Reached && other != Loops::Panels);
    add(tile, other, isOfOthers ? Input::Copied : plan.getInput(),
        other == loops ? plan.getAhead() : Ahead::Nothing);
  }
  return near;
}

} // namespace dycc::halide
