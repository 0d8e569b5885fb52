#include "codegen/halide/cpu/Convolution.h"
#include "codegen/halide/Attributes.h"
#include "codegen/halide/Groups.h"
#include "codegen/halide/cpu/ConvolutionAhead.h"
#include "codegen/halide/cpu/ConvolutionInput.h"
#include "codegen/halide/cpu/PackedWeight.h"
#include "codegen/halide/cpu/WinogradTaps.h"
#include "codegen/halide/lowering/Pairs.h"
#include "codegen/target/Backend.h"

using Halide::Expr;
using Halide::likely;
using Halide::RDom;
using Halide::Var;

namespace dycc::halide {
namespace {

/// The first convolution of a chain.
struct PixelChain final : ChainBuilder {
  explicit PixelChain(const ConvolutionStages &stages)
      : first(std::make_shared<ConvolutionStages>(stages)) {}
  std::shared_ptr<const ConvolutionStages> first;
};

/// A convolution on its way to Halide. A transposed one is the same with
/// zeros between the elements of the input, and filters turned around.
class ConvolutionBuilder {
public:
  ConvolutionBuilder(KernelBuilder &builder, mlir::Operation *op,
                     const ConvolutionOperands &operands, const Window &window,
                     const ConvolutionProblem &problem,
                     dyn::ConvolutionPlanAttr plan)
      : builder(builder), op(op), operands(operands), window(window),
        problem(problem), plan(plan), transposed(problem.isTransposed),
        groups(static_cast<int>(problem.groups)),
        inputsPerGroup(builder.expr(problem.inputsPerGroup)),
        outDims(problem.output),
        width(static_cast<int>(plan.getTile().getWidth())) {}

  void define() {
    const fuse::RootChain *chain = builder.chain();
    bool isFirst = chain && chain->first == op;
    if (chain && chain->second == op)
      before = static_cast<PixelChain &>(builder.firstOfChain()).first;
    ConvolutionStages stages = makeAccumulators();
    KernelBuilder &b = builder;
    builder.define(op, [&](const Index &index) {
      std::vector<Expr> others(index.rbegin() + 1, index.rend() - 2);
      others.push_back(index[1] / width);
      others.push_back(index[0]);
      Expr sum = stages.tiles.at(index[1], index.back(), others);
      return operands.withBias(sum, index);
    });
    if (isFirst) {
      builder.setFirstOfChain(std::make_shared<PixelChain>(stages));
      return;
    }
    builder.addRoot(op, [&b, stages](const Store &store) {
      scheduleConvolution(b, stages, store);
    });
  }

private:
  ConvolutionStages makeAccumulators() {
    ConvolutionStages stages;
    stages.result = Halide::Internal::unique_name("result");
    RegisterTiles &tiles = stages.tiles;
    tiles.setPlan(plan.getTile());
    stages.outChannels = outDims[1];
    stages.plan = plan;
    stages.inputs = problem.inputsPerGroup;
    stages.channelsTogether = problem.channelsTogether;
    stages.workPerInput = problem.tapCount() * width * problem.filterBytes / 4;
    Halide::Region region{{0, inputsPerGroup}};
    for (int axis = window.rank() - 1; axis >= 0; --axis) {
      region.emplace_back(0, static_cast<int>(window.kernel[axis]));
      stages.spatial.emplace_back("p" + std::to_string(axis));
    }
    tiles.taps = RDom(region, "taps");
    tiles.others.assign(stages.spatial.begin() + 1, stages.spatial.end());
    tiles.others.push_back(stages.block);
    tiles.others.push_back(stages.batch);
    stages.before = before;
    if (before)
      keep(stages);
    ConvolutionInput input(builder, op, operands, transposed, window,
                           problem.isDepthwise(), stages.leavesTapsOut());
    stages.padded = input.padded(stages.imageVars());
    tiles.reaches = input.reaches(stages);
    stages.rowsInFlight = input.rowsInFlight();
    stages.gathersChannels = !problem.channelBlock;
    if (stages.copiesEdges())
      tiles.isInside = input.isInside(stages);
    tiles.define(builder.expr(outDims.back()), problem.element.computed,
                 [&](Expr sum, size_t kind) {
                   Expr x =
                       askAhead(stages, inputOf(input, stages, kind), kind);
                   return operands.add(sum, x, weightAt(stages));
                 });
    return stages;
  }

  /// The element under a tap, in the tiles of some kind: the channels that one
  /// product takes together.
  Expr inputOf(const ConvolutionInput &input, ConvolutionStages &stages,
               size_t kind) const {
    Expr channel = inputChannel(stages, stages.tiles.taps[0]);
    if (stages.copiesEdges()) {
      stages.edges.resize(kind + 1);
      if (kind > 0)
        stages.edges[kind] = input.padded(stages.imageVars());
    }
    if (stages.channelsTogether == 1)
      return channelOf(input, stages, channel, kind);
    Expr last = builder.expr(stages.imageChannels()) - 1;
    auto half = [&](int place) {
      Expr at = placeInGroup(channel, stages.channelsTogether, place, last);
      return channelOf(input, stages, at, kind);
    };
    return pairOf(half(0), half(1));
  }

  Expr channelOf(const ConvolutionInput &input, const ConvolutionStages &stages,
                 const Expr &channel, size_t kind) const {
    if (stages.before)
      return keptAt(stages, channel);
    if (!stages.copiesEdges())
      return input.at(stages, stages.padded, channel);
    if (kind == 0)
      return input.inPlace(stages, channel);
    return input.at(stages, stages.edges[kind], channel);
  }

  /// The result of the convolution before, a tile of pixels at a time.
  void keep(ConvolutionStages &stages) const {
    const RegisterTiles &tiles = stages.tiles;
    if (before->tiles.height != tiles.height)
      throw codegen::PlanError(
          "plan: expects both convolutions of a chain to have tiles of as many "
          "pixels, got " +
          std::to_string(before->tiles.height) + " and " +
          std::to_string(tiles.height));
    std::vector<Var> vars = stages.imageVars();
    Index at{stages.batch, vars.front()};
    at.insert(at.end(), stages.spatial.rbegin(), stages.spatial.rend() - 1);
    at.push_back(tiles.tile * tiles.height + tiles.row);
    vars[1] = tiles.row;
    vars.insert(vars.begin() + 2, tiles.tile);
    stages.kept = Halide::Func("kept");
    stages.kept(vars) = operands.image(at);
  }

  Expr keptAt(const ConvolutionStages &stages, const Expr &channel) const {
    const RegisterTiles &tiles = stages.tiles;
    Expr row = RegisterTiles::within(
        tiles.row, tiles.tile, builder.expr(outDims.back()), tiles.height);
    std::vector<Expr> at{channel, row, tiles.tile};
    at.insert(at.end(), stages.spatial.begin() + 1, stages.spatial.end());
    at.push_back(stages.batch);
    return stages.kept(at);
  }

  /// Rows of large images pass the caches: `value`, an element under a tap,
  /// asks for what the next tile needs of them.
  Expr askAhead(const ConvolutionStages &stages, Expr value,
                size_t kind) const {
    if (plan.getAhead() != dyn::ConvolutionAhead::Image)
      return value;
    Tensor inMemory = builder.operand(op, 0); // Not in groups.
    ConvolutionAhead ahead(stages, window, inMemory.element.computed.bytes());
    value = ahead.ofResult(value);
    mlir::Value image = KernelBuilder::operandValue(op, 0);
    bool inPlace = stages.copiesEdges() ? kind == 0 : !stages.copiesInput();
    return inPlace
               ? ahead.ofInput(builder, value, KernelBuilder::bufferName(image),
                               inMemory.dims)
               : value;
  }

  /// Of a filter: other ones than constants are no matter of this class.
  static int64_t extentOf(dyn::ExprAttr dim) {
    return dim.asConstant().value();
  }

  Expr weightAt(const ConvolutionStages &stages) const {
    const RDom &taps = stages.tiles.taps;
    const Var &lane = stages.tiles.lane;
    if (problem.winograd)
      return tapOfTransformed(*operands.panels, stages.tiles.lane, taps[0],
                              taps[1], taps[2], stages.block);
    if (operands.panels) {
      bool isAhead = plan.getAhead() == dyn::ConvolutionAhead::Weights;
      return packedWeight(*operands.panels, stages.tiles, stages.block,
                          isAhead ? std::optional(panelOrder(stages))
                                  : std::nullopt);
    }
    Expr last = builder.expr(outDims[1]) - 1;
    Expr out = Halide::min(likely(stages.block * width + lane), last);
    Index at{out, taps[0]};
    if (transposed)
      at = {inputChannel(out, taps[0]), out % (last / groups + 1)};
    for (int i = taps.dimensions() - 1; i > 0; --i) {
      int64_t extent = window.kernel[at.size() - 2];
      at.push_back(transposed ? static_cast<int>(extent) - 1 - taps[i]
                              : Expr(taps[i]));
    }
    return operands.filter(at);
  }

  /// Each panel runs over all tiles of an image.
  PanelOrder panelOrder(const ConvolutionStages &stages) const {
    Dims rows(outDims.begin() + 2, outDims.end() - 1);
    Expr perRow = builder.expr(outDims.back()) - 1;
    perRow = perRow / stages.tiles.height + 1;
    // Rows before this one, by Horner's rule from the outermost axis.
    Expr row = 0;
    for (auto [extent, position] :
         llvm::zip_equal(rows, llvm::reverse(llvm::drop_begin(stages.spatial))))
      row = row * builder.expr(extent) + position;
    Expr tile = row * perRow + stages.tiles.tile;
    Expr panels = (builder.expr(outDims[1]) - 1) / width + 1;
    Expr tiles = builder.product(rows) * perRow;
    return {panels, tiles - 1 - tile, tiles};
  }

  /// Input channel that tap `i` of output channel `out` reads.
  Expr inputChannel(Expr out, Expr i) const {
    if (groups == 1)
      return i;
    int perGroup = static_cast<int>(extentOf(outDims[1])) / groups;
    return out / perGroup * inputsPerGroup + i;
  }

  Expr inputChannel(const ConvolutionStages &stages, Expr i) const {
    if (groups == 1)
      return i;
    int outputs = static_cast<int>(extentOf(outDims[1]));
    Expr channel = stages.block * width + stages.tiles.lane;
    if (problem
            .isDepthwise()) // The padded input has all lanes of the last block.
      return channel;
    if (outputs / groups % width == 0) // One group per panel.
      return inputChannel(stages.block * width, i);
    return inputChannel(Halide::min(likely(channel), outputs - 1), i);
  }

  KernelBuilder &builder;
  mlir::Operation *op;
  const ConvolutionOperands operands;
  const Window &window;
  const ConvolutionProblem &problem;
  dyn::ConvolutionPlanAttr plan;
  bool transposed;
  int groups;
  Expr inputsPerGroup;
  Dims outDims;
  int width;
  std::shared_ptr<const ConvolutionStages> before;
};

} // namespace

void buildConvolution(KernelBuilder &builder, mlir::Operation *op,
                      const ConvolutionOperands &operands, const Window &window,
                      const ConvolutionProblem &problem,
                      dyn::ConvolutionPlanAttr plan) {
  ConvolutionBuilder(builder, op, operands, window, problem, plan).define();
}

} // namespace dycc::halide
