#include "codegen/halide/schedules/Convolution.h"
#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/definitions/Depthwise.h"
#include "codegen/halide/definitions/Window.h"

using Halide::cast;
using Halide::Expr;
using Halide::likely;
using Halide::RDom;
using Halide::select;
using Halide::Var;

namespace dycc::halide {
namespace {

/// A convolution on its way to Halide. A transposed one is the same with
/// zeros between the elements of the input, and filters turned around.
class ConvolutionBuilder {
public:
  ConvolutionBuilder(KernelBuilder &builder, mlir::Operation *op,
                     bool transposed)
      : builder(builder), op(op), transposed(transposed),
        groups(static_cast<int>(intAttribute(op, "group", 1))),
        x(builder.operand(op, 0)), weight(builder.operand(op, 1)),
        panels(builder.panels(op, 1)), outDims(builder.dims(op->getResult(0))),
        window(Window::get(builder, op, constantExtents(weight.dims, 2), x.dims,
                           outDims)),
        width(static_cast<int>(panels ? panels->width : narrowestPanel())) {
    inputsPerGroup =
        static_cast<int>(transposed ? extentOf(weight.dims[0]) / groups
                                    : extentOf(weight.dims[1]));
  }

  void define() {
    ConvolutionStages stages = makeAccumulators();
    KernelBuilder &b = builder;
    bool hasBias = KernelBuilder::hasOperand(op, 2);
    builder.define(op, [&](const Index &index) {
      std::vector<Expr> others(index.rbegin() + 1, index.rend() - 2);
      others.push_back(index[1] / width);
      others.push_back(index[0]);
      Expr sum = stages.tiles.at(index[1], index.back(), others);
      return hasBias ? strict(sum + b.operand(op, 2)({index[1]})) : sum;
    });
    builder.addRoot(op, [&b, stages](const Store &store) {
      scheduleConvolution(b, stages, store);
    });
  }

private:
  ConvolutionStages makeAccumulators() {
    ConvolutionStages stages;
    RegisterTiles &tiles = stages.tiles;
    tiles.width = width;
    tiles.height = static_cast<int>(
        builder.target().tile(width, x.element.computed.bytes()).rows);
    tiles.depth = inputsPerGroup;
    stages.outChannels = outDims[1];
    stages.weightBytes =
        int64_t(width) * inputsPerGroup * weight.element.bytes();
    Halide::Region region{{0, inputsPerGroup}};
    for (int axis = window.rank() - 1; axis >= 0; --axis) {
      region.emplace_back(0, static_cast<int>(window.kernel[axis]));
      stages.spatial.emplace_back("p" + std::to_string(axis));
      stages.weightBytes *= window.kernel[axis];
    }
    tiles.taps = RDom(region, "taps");
    tiles.others.assign(stages.spatial.begin() + 1, stages.spatial.end());
    tiles.others.push_back(stages.block);
    tiles.others.push_back(stages.batch);
    stages.padded = paddedInput(stages);
    mlir::Value input = KernelBuilder::operandValue(op, 0);
    stages.copiesInput = window.isPadded || transposed || isDepthwise() ||
                         !builder.isChannelsLast(input);
    stages.rowsInFlight = rowsInFlight();
    stages.readsOnePixel =
        window.kernel.back() == 1 && step(window.rank() - 1) == 1;
    Expr product = weightAt(stages) * inputAt(stages);
    tiles.define(builder, outDims.back(), x.element.computed,
                 [&](Expr sum) { return sum + product; });
    return stages;
  }

  int64_t narrowestPanel() const {
    std::vector<int64_t> widths =
        builder.target().panelWidths(x.element.computed.bytes());
    return *llvm::min_element(widths);
  }

  int64_t extentOf(dyn::ExprAttr dim) const {
    std::optional<int64_t> value = dim.asConstant();
    if (!value)
      throw KernelError("expects constant filters, got extent '" + dim.str() +
                        "'");
    return *value;
  }

  Expr weightAt(const ConvolutionStages &stages) const {
    const RDom &taps = stages.tiles.taps;
    const Var &lane = stages.tiles.lane;
    if (panels) {
      std::vector<Expr> at{lane};
      for (int i = 0; i < taps.dimensions(); ++i)
        at.push_back(taps[i]);
      at.push_back(stages.block);
      return panels->element.load(panels->memory(at));
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
    return weight(at);
  }

  bool isDepthwise() const {
    return inputsPerGroup == 1 && groups > 1 && extentOf(outDims[1]) == groups;
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
    if (isDepthwise()) // The padded input has all lanes of the last block.
      return channel;
    if (outputs / groups % width == 0) // One group per panel.
      return inputChannel(stages.block * width, i);
    return inputChannel(Halide::min(likely(channel), outputs - 1), i);
  }

  /// Where position `p` of the padded axis lies in the input, before limits;
  /// `inside` learns what makes it lie there.
  Expr sourcePosition(int axis, Expr p, Expr &inside) const {
    if (!transposed) {
      Expr position = p - window.begin[axis];
      inside = inside && position >= 0;
      return position;
    }
    int stride = static_cast<int>(window.strides[axis]);
    int reach =
        static_cast<int>((window.kernel[axis] - 1) * window.dilations[axis]);
    Expr stuffed = p - reach + transposedBegin(axis, reach);
    inside = inside && stuffed >= 0 && stuffed % stride == 0;
    return stuffed / stride;
  }

  /// Padding before an axis of a transposed convolution: by attribute, or half
  /// of what its result has less than all contributions.
  Expr transposedBegin(int axis, int reach) const {
    llvm::StringRef mode = stringAttribute(op, "auto_pad", "NOTSET");
    if (mode == "NOTSET" && !op->getAttr("output_shape"))
      return window.begin[axis];
    std::vector<int64_t> extra = intsAttribute(
        op, "output_padding", std::vector<int64_t>(window.kernel.size(), 0));
    Expr total = (builder.expr(x.dims[axis + 2]) - 1) *
                     static_cast<int>(window.strides[axis]) +
                 static_cast<int>(extra[axis]) + reach + 1 -
                 builder.expr(outDims[axis + 2]);
    total = Halide::max(total, 0);
    return mode == "SAME_UPPER" ? total / 2 : total - total / 2;
  }

  /// The input with its padding: (channel, x, y..., n), where position 0 of an
  /// axis is the first of the padding. Positions are limited: the last tile
  /// may hang over the end.
  Halide::Func paddedInput(const ConvolutionStages &stages) const {
    Halide::Func padded("padded");
    Var channel("channel");
    std::vector<Var> arguments{channel};
    llvm::append_range(arguments, stages.spatial);
    arguments.push_back(stages.batch);
    Expr last = builder.expr(x.dims[1]) - 1;
    Index at{stages.batch, isDepthwise() ? Halide::min(likely(channel), last)
                                         : Expr(channel)};
    Expr inside = Halide::Internal::const_true();
    for (int axis = 0; axis < window.rank(); ++axis) {
      Expr extent = builder.expr(x.dims[axis + 2]);
      Expr position = sourcePosition(
          axis, stages.spatial[window.rank() - 1 - axis], inside);
      inside = inside && position < extent;
      at.push_back(Halide::max(Halide::min(likely(position), extent - 1), 0));
    }
    Expr value = x(at), zero = Halide::Internal::make_zero(value.type());
    padded(arguments) = window.isPadded || transposed
                            ? select(likely(inside), value, zero)
                            : value;
    return padded;
  }

  /// The element under a tap.
  Expr inputAt(const ConvolutionStages &stages) const {
    const RegisterTiles &tiles = stages.tiles;
    const RDom &taps = tiles.taps;
    std::vector<Expr> at{inputChannel(stages, taps[0])};
    for (int dim = 0; dim < window.rank(); ++dim) {
      int axis = window.rank() - 1 - dim;
      Expr position = dim == 0 ? tiles.tile * tiles.height + tiles.row
                               : Expr(stages.spatial[dim]);
      at.push_back(position * step(axis) +
                   taps[dim + 1] * static_cast<int>(window.dilations[axis]));
    }
    at.push_back(stages.batch);
    return stages.padded(at);
  }

  /// Rows of input that one row of output and the next step need.
  int rowsInFlight() const {
    if (window.rank() < 2)
      return 1;
    int axis = window.rank() - 2;
    return static_cast<int>((window.kernel[axis] - 1) *
                            window.dilations[axis]) +
           1 + step(axis);
  }

  /// Distance between neighbouring windows in the padded input.
  int step(int axis) const {
    return transposed ? 1 : static_cast<int>(window.strides[axis]);
  }

  KernelBuilder &builder;
  mlir::Operation *op;
  bool transposed;
  int groups, inputsPerGroup;
  Tensor x, weight;
  std::optional<PanelTensor> panels;
  Dims outDims;
  Window window;
  int width;
};

template <bool transposed>
void defineConv(KernelBuilder &builder, mlir::Operation *op) {
  if (!transposed && defineDepthwise(builder, op))
    return;
  ConvolutionBuilder(builder, op, transposed).define();
}

} // namespace

void addConvolutions(Registry &registry) {
  registry["Conv"] = {defineConv<false>};
  registry["ConvTranspose"] = {defineConv<true>};
}

} // namespace dycc::halide
