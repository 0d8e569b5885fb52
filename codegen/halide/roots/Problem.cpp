#include "codegen/halide/roots/Problem.h"

#include "codegen/halide/roots/WinogradGrid.h"
#include "llvm/Support/raw_ostream.h"

using mlir::Attribute;

namespace dycc::halide {

bool ConvolutionProblem::isDepthwise() const {
  return inputsPerGroup.isConstant(1) && groups > 1 &&
         output[1].isConstant(groups);
}

static int64_t product(llvm::ArrayRef<int64_t> extents) {
  int64_t count = 1;
  for (int64_t extent : extents)
    count *= extent;
  return count;
}

int64_t WindowProblem::tapCount() const { return product(kernel); }

bool WindowProblem::hasRows() const {
  constexpr int64_t far = 8;
  auto isNear = [](int64_t step) { return step <= far; };
  return isRowMajor && rank() >= 2 && llvm::all_of(strides, isNear) &&
         llvm::all_of(dilations, isNear);
}

int64_t ConvolutionProblem::tapCount() const { return product(kernel); }

std::optional<WindowProblem> ConvolutionProblem::windows() const {
  if (isTransposed || !isDepthwise())
    return std::nullopt;
  return WindowProblem{element, kernel, strides, dilations, isRowMajor};
}

std::optional<int64_t> ConvolutionProblem::panelBytes(int64_t width) const {
  return inputsPerGroup.times(width * tapCount() * filterBytes).asConstant();
}

bool ConvolutionProblem::needsCopy() const {
  return isPadded || isTransposed || isDepthwise() || !channelBlock;
}

bool ConvolutionProblem::hasInside() const {
  return isPadded && rank() == 2 && !isTransposed && !isDepthwise() &&
         channelBlock;
}

bool copiesImage(dyn::ConvolutionPlanAttr plan) {
  return plan.getInput() == dyn::ConvolutionInput::Copied ||
         plan.getInput() == dyn::ConvolutionInput::Reached;
}

bool ConvolutionProblem::canLeaveTapsOut() const {
  return !isTransposed && !isDepthwise() && element.isFloat();
}

bool ConvolutionProblem::hasVectors(int64_t lanes) const {
  return !isTransposed && panelWidth && channelBlock &&
         *channelBlock % lanes == 0 && *panelWidth % lanes == 0 &&
         inputsPerGroup.isConstant(1) && input[1].isConstant(groups) &&
         input[1] == output[1];
}

namespace {

std::string number(int64_t value) { return std::to_string(value); }

/// What is said of a plan of another kind of root.
std::string otherKind(Attribute plan, llvm::StringRef expected) {
  std::string text = "expects a plan of ";
  llvm::raw_string_ostream(text) << expected << ", got " << plan;
  return text;
}

/// What is wrong with a tile for `rows` rows of sums over `depth`, with panels
/// of `panelWidth`.
std::string whyNoTile(dyn::TileAttr tile, std::optional<int64_t> panelWidth,
                      int64_t lanes, dyn::ExprAttr rows, dyn::ExprAttr depth) {
  if (!tile.covers(rows.asConstant()))
    return "expects heights for '" + rows.str() + "' rows";
  if (panelWidth && *panelWidth != tile.getWidth())
    return "expects tiles as wide as the packed panels, " +
           number(*panelWidth) + ", got " + number(tile.getWidth());
  if (tile.getWidth() % lanes != 0)
    return "expects tiles of whole vectors of " + number(lanes) + ", got " +
           number(tile.getWidth());
  for (int64_t parts : tile.getParts())
    if (dyn::divisorOf(depth, {}) % parts != 0)
      return "expects parts that divide the sum's " + depth.str() +
             " products, got " + number(parts);
  return "";
}

/// What is wrong with an extent that is no constant: a plan may be for any
/// multiple of `unit`.
std::string whyNotAny(llvm::StringRef what, dyn::ExprAttr extent, bool isAny,
                      int64_t unit) {
  if (extent.isConstant())
    return "";
  if (!isAny)
    return ("expects a constant number of " + what + ", got '" + extent.str() +
            "'")
        .str();
  if (dyn::divisorOf(extent, {}) % unit == 0)
    return "";
  return ("expects a multiple of " + number(unit) + " " + what + ", got '" +
          extent.str() + "'")
      .str();
}

/// The same of the channels of a convolution in register tiles.
template <typename Plan>
std::string whyNotChannels(const ConvolutionProblem &problem, Plan plan,
                           bool anyInputs, int64_t lanes) {
  std::string outputs =
      whyNotAny("output channels", problem.output[1], plan.getAnyOutputs(),
                plan.getTile().getWidth());
  if (!outputs.empty())
    return outputs;
  return whyNotAny("input channels",
                   problem.inputsPerGroup.times(problem.channelsTogether),
                   anyInputs, lanes);
}

std::string whyNotConvolution(const ConvolutionProblem &problem,
                              dyn::ConvolutionPlanAttr plan, int64_t lanes) {
  std::string tile = whyNoTile(plan.getTile(), problem.panelWidth, lanes,
                               problem.output.back(), problem.inputsPerGroup);
  if (!tile.empty())
    return tile;
  std::string channels =
      whyNotChannels(problem, plan, plan.getAnyInputs(), lanes);
  if (!channels.empty())
    return channels;
  if (plan.getLoops() == dyn::ConvolutionLoops::Rows && problem.rank() != 2)
    return "expects an image of two axes for loops over rows, got " +
           number(problem.rank());
  if (plan.getLoops() == dyn::ConvolutionLoops::Pixels && problem.rank() != 1)
    return "expects one axis for loops over pixels, got " +
           number(problem.rank());
  if (plan.getLoops() == dyn::ConvolutionLoops::Pixels &&
      plan.getInput() == dyn::ConvolutionInput::Copied && !problem.isPixelwise)
    return "expects windows of one pixel, one apart, to copy an image for "
           "loops over pixels";
  if (plan.getLoops() == dyn::ConvolutionLoops::Panels && problem.isChained)
    return "expects loops over rows or pixels of a convolution in a chain";
  if (plan.getInput() == dyn::ConvolutionInput::InPlace && problem.needsCopy())
    return "expects an image without padding and with channels innermost to "
           "read in place";
  bool hasEdges = plan.getInput() == dyn::ConvolutionInput::Edges;
  if (hasEdges &&
      (!problem.hasInside() || plan.getLoops() != dyn::ConvolutionLoops::Rows))
    return "expects a padded image with channels innermost and loops over rows "
           "to copy its edges alone";
  if (plan.getInput() == dyn::ConvolutionInput::Reached &&
      (!problem.canLeaveTapsOut() ||
       plan.getLoops() != dyn::ConvolutionLoops::Panels))
    return "expects a convolution of floats, not one filter per channel, and "
           "loops over panels to leave taps out";
  if (plan.getAhead() == dyn::ConvolutionAhead::Image && problem.rank() != 2)
    return "expects an image of two axes to ask for ahead, got " +
           number(problem.rank());
  return "";
}

std::string whyNotWinograd(const ConvolutionProblem &problem,
                           dyn::WinogradPlanAttr plan, int64_t lanes) {
  if (!problem.winograd)
    return "expects a filter that is transformed for Winograd's tiles";
  if (plan.getStrip() < 1 || plan.getWhole() < 1)
    return "expects positive numbers of tiles, got strip " +
           number(plan.getStrip()) + ", whole " + number(plan.getWhole());
  std::string channels =
      whyNotChannels(problem, plan, /*anyInputs=*/false, lanes);
  if (!channels.empty())
    return channels;
  // Which height a tile of the image comes to depends on the threads.
  if (!llvm::all_equal(plan.getTile().getParts()))
    return "expects sums in as many parts at each height";
  auto grid = WinogradGrid::get(problem, plan.getStrip(), plan.getWhole());
  return whyNoTile(plan.getTile(), problem.panelWidth, lanes, grid.tiles,
                   problem.inputsPerGroup);
}

/// Of a filter that is transformed for Winograd's tiles.
std::string whyNotDirect(const ConvolutionProblem &problem, Attribute plan,
                         int64_t lanes) {
  auto direct = mlir::dyn_cast<dyn::ConvolutionPlanAttr>(plan);
  if (!direct)
    return otherKind(plan, "a convolution by Winograd's filtering or a direct "
                           "one");
  if (direct.getAhead() == dyn::ConvolutionAhead::Weights)
    return "expects a filter that is not transformed to ask for it ahead";
  return whyNotConvolution(problem, direct, lanes);
}

template <typename Problem>
std::string whyNotDepthwise(const Problem &problem, dyn::DepthwisePlanAttr plan,
                            int64_t lanes) {
  if (!problem.hasVectors(lanes))
    return "expects a pooling or a depthwise convolution whose channels and "
           "filters lie in whole vectors of " +
           number(lanes);
  if (plan.getPixels() < 1)
    return "expects a positive number of pixels, got " +
           number(plan.getPixels());
  return "";
}

std::string whyNotWindow(const std::optional<WindowProblem> &problem,
                         dyn::WindowPlanAttr plan) {
  if (!problem)
    return "expects a pooling or a depthwise convolution for windows over "
           "rows";
  if (!problem->hasRows())
    return "expects images of two axes or more in row-major order and steps of "
           "at most 8 for windows over rows";
  if (plan.getRows() < 1 || plan.getStrip() < 1)
    return "expects positive numbers of rows and bytes, got rows " +
           number(plan.getRows()) + ", strip " + number(plan.getStrip());
  return "";
}

std::string whyNotProduct(const ProductProblem &problem,
                          dyn::ProductPlanAttr plan, int64_t lanes) {
  std::string tile = whyNoTile(plan.getTile(), problem.panelWidth, lanes,
                               problem.rows, problem.depth);
  if (!tile.empty())
    return tile;
  if (plan.getFew() < 1 || plan.getMany() < 1 || plan.getTask() < 1)
    return "expects positive numbers of tiles and panels, got few " +
           number(plan.getFew()) + ", many " + number(plan.getMany()) +
           ", task " + number(plan.getTask());
  if (plan.getAhead() && (!problem.panelWidth || problem.isDequantized))
    return "expects a packed right side to ask for ahead";
  if (plan.getInPlace() && !problem.isDequantized &&
      (problem.panelWidth || !problem.isRightDense))
    return "expects a right side that is not packed and lies row by row to "
           "read "
           "in place";
  return "";
}

std::string whyNotForm(const LoopsProblem &problem, dyn::LoopsPlanAttr plan) {
  using Form = dyn::LoopsForm;
  Form form = plan.getForm();
  bool fits = false;
  switch (problem.kind) {
  case LoopsProblem::Kind::Elements:
    fits = form == Form::Vectors ||
           (form == Form::Tiles && problem.sourceAxis &&
            plan.getAxis() == *problem.sourceAxis) ||
           (form == Form::Rows && problem.hasRows) ||
           (form == Form::Unrolled && problem.innerExtent &&
            problem.innerExtent.asConstant().value_or(0) > 0);
    break;
  case LoopsProblem::Kind::Scan:
    if (form == Form::Rows) {
      fits = problem.isAlongMemory && problem.hasRows;
      break;
    }
    [[fallthrough]];
  case LoopsProblem::Kind::Reduction:
    if (form == Form::Columns && problem.rowAxis)
      fits = plan.getAxis() == *problem.rowAxis;
    else
      fits = form == (problem.isAlongMemory ? Form::Lanes : Form::Columns);
    break;
  case LoopsProblem::Kind::Scatter:
    fits = form == Form::InOrder ||
           (form == Form::Strips && problem.hasDistinctRows) ||
           (form == Form::Slices && problem.hasSlices);
    break;
  }
  if (!fits)
    return "has no loops of form '" + stringifyLoopsForm(form).str() +
           "' for what it computes";
  if (!llvm::isPowerOf2_64(plan.getVectors()))
    return "expects a power of two as number of vectors, got " +
           number(plan.getVectors());
  return "";
}

/// Of a pooling: plain loops, whose lanes have a window each, or over rows, or
/// over vectors of channels.
std::string whyNotPool(const WindowProblem &problem, Attribute plan,
                       int64_t lanes) {
  if (auto depthwise = mlir::dyn_cast<dyn::DepthwisePlanAttr>(plan))
    return whyNotDepthwise(problem, depthwise, lanes);
  if (auto window = mlir::dyn_cast<dyn::WindowPlanAttr>(plan))
    return whyNotWindow(problem, window);
  if (auto loops = mlir::dyn_cast<dyn::LoopsPlanAttr>(plan))
    return whyNotForm({LoopsProblem::Kind::Reduction, {}}, loops);
  return otherKind(plan, "a pooling");
}

} // namespace

std::string whyNone(const Problem &problem, int64_t vectorBytes) {
  auto whyNoPanels = [&](const auto &root) -> std::string {
    int64_t lanes = vectorBytes / root.element.computed.bytes();
    if (!root.panelWidth || *root.panelWidth % lanes == 0)
      return "";
    return "expects panels of a multiple of " + number(lanes) + ", got " +
           number(*root.panelWidth);
  };
  if (const auto *conv = std::get_if<ConvolutionProblem>(&problem))
    return whyNoPanels(*conv);
  if (const auto *product = std::get_if<ProductProblem>(&problem))
    return whyNoPanels(*product);
  return "";
}

std::string whyNot(const Problem &problem, Attribute plan,
                   int64_t vectorBytes) {
  auto lanesOf = [&](const ElementType &element) {
    return vectorBytes / element.computed.bytes();
  };
  if (const auto *conv = std::get_if<ConvolutionProblem>(&problem)) {
    int64_t lanes = lanesOf(conv->element);
    if (auto winograd = mlir::dyn_cast<dyn::WinogradPlanAttr>(plan))
      return whyNotWinograd(*conv, winograd, lanes);
    if (conv->winograd)
      return whyNotDirect(*conv, plan, lanes);
    if (auto depthwise = mlir::dyn_cast<dyn::DepthwisePlanAttr>(plan))
      return whyNotDepthwise(*conv, depthwise, lanes);
    if (auto window = mlir::dyn_cast<dyn::WindowPlanAttr>(plan))
      return whyNotWindow(conv->windows(), window);
    if (auto direct = mlir::dyn_cast<dyn::ConvolutionPlanAttr>(plan))
      return whyNotConvolution(*conv, direct, lanes);
    return otherKind(plan, "a convolution");
  }
  if (const auto *pool = std::get_if<WindowProblem>(&problem))
    return whyNotPool(*pool, plan, lanesOf(pool->element));
  if (const auto *product = std::get_if<ProductProblem>(&problem)) {
    if (auto tiles = mlir::dyn_cast<dyn::ProductPlanAttr>(plan))
      return whyNotProduct(*product, tiles, lanesOf(product->element));
    return otherKind(plan, "a product");
  }
  if (auto loops = mlir::dyn_cast<dyn::LoopsPlanAttr>(plan))
    return whyNotForm(std::get<LoopsProblem>(problem), loops);
  return otherKind(plan, "plain loops");
}

} // namespace dycc::halide
