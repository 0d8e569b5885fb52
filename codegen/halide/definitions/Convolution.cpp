#include "codegen/halide/Float.h"
#include "codegen/halide/definitions/Window.h"
#include "codegen/halide/Attributes.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/schedules/Convolution.h"

using Halide::cast;
using Halide::Expr;
using Halide::likely;
using Halide::RDom;
using Halide::select;
using Halide::Var;

namespace dycc::halide {
namespace {

/// A convolution on its way to Halide.
class ConvolutionBuilder {
public:
  ConvolutionBuilder(KernelBuilder &builder, mlir::Operation *op)
      : builder(builder), op(op), x(builder.operand(op, 0)),
        weight(builder.operand(op, 1)), panels(builder.panels(op, 1)),
        outDims(builder.dims(op->getResult(0))),
        window(Window::get(builder, op, constantExtents(weight.dims, 2), x.dims,
                           outDims)),
        width(static_cast<int>(panels ? panels->width
                                      : builder.target().panelWidth())) {}

  void define() {
    ConvolutionStages stages = makeAccumulators();
    KernelBuilder &b = builder;
    bool hasBias = KernelBuilder::hasOperand(op, 2);
    builder.define(op, [&](const Index &index) {
      std::vector<Expr> at{index[1] % width};
      at.insert(at.end(), index.rbegin(), index.rend() - 2);
      at.push_back(index[1] / width);
      at.push_back(index[0]);
      Expr sum = stages.sums(at);
      return hasBias ? strict(sum + b.operand(op, 2)({index[1]})) : sum;
    });
    builder.addRoot(op, [&b, stages](const Store &store) {
      scheduleConvolution(b, stages, store);
    });
  }

private:
  /// The sums of one panel of output channels: (lane, x, y..., block, n).
  ConvolutionStages makeAccumulators() {
    ConvolutionStages stages;
    stages.sums = Halide::Func("sums");
    stages.width = width;
    stages.outChannels = outDims[1];
    int64_t perGroup = extentOf(weight.dims[1]);
    stages.weightBytes = width * perGroup * weight.element.bytes();
    Halide::Region region{{0, static_cast<int>(perGroup)}};
    for (int axis = window.rank() - 1; axis >= 0; --axis) {
      region.emplace_back(0, static_cast<int>(window.kernel[axis]));
      stages.spatial.emplace_back("p" + std::to_string(axis));
      stages.weightBytes *= window.kernel[axis];
    }
    RDom taps(region, "taps");
    stages.taps = taps;
    std::vector<Var> arguments{stages.lane};
    llvm::append_range(arguments, stages.spatial);
    arguments.push_back(stages.block);
    arguments.push_back(stages.batch);
    stages.sums(arguments) = Halide::Internal::make_zero(x.element.computed);
    stages.padded = paddedInput(stages);
    mlir::Value input = KernelBuilder::operandValue(op, 0);
    stages.copiesInput = window.isPadded || !builder.isChannelsLast(input);
    stages.rowsInFlight = rowsInFlight();
    Expr product = weightAt(stages, taps) * inputAt(stages, taps);
    stages.sums(arguments) += product;
    return stages;
  }

  int64_t extentOf(dyn::ExprAttr dim) const {
    std::optional<int64_t> value = dim.asConstant();
    if (!value)
      throw KernelError("expects constant filters, got extent '" + dim.str() +
                        "'");
    return *value;
  }

  Expr weightAt(const ConvolutionStages &stages, const RDom &taps) const {
    if (panels) {
      std::vector<Expr> at{stages.lane};
      for (int i = 0; i < taps.dimensions(); ++i)
        at.push_back(taps[i]);
      at.push_back(stages.block);
      return panels->element.load(panels->memory(at));
    }
    Expr last = builder.expr(weight.dims[0]) - 1;
    Index at{Halide::min(likely(stages.block * width + stages.lane), last),
             taps[0]};
    for (int i = taps.dimensions() - 1; i > 0; --i)
      at.push_back(taps[i]);
    return weight(at);
  }

  /// Input channel that tap `i` of an output channel reads.
  Expr inputChannel(const ConvolutionStages &stages, Expr i) const {
    int groups = static_cast<int>(intAttribute(op, "group", 1));
    if (groups == 1)
      return i;
    int outputs = static_cast<int>(extentOf(outDims[1]));
    int perGroup = static_cast<int>(extentOf(weight.dims[1]));
    int outputsPerGroup = outputs / groups;
    if (outputsPerGroup % width == 0) // One group per panel.
      return stages.block / (outputsPerGroup / width) * perGroup + i;
    Expr channel = stages.block * width + stages.lane;
    if (outputs % width != 0)
      channel = Halide::min(likely(channel), outputs - 1);
    if (outputsPerGroup == 1 && perGroup == 1)
      return channel;
    return channel / outputsPerGroup * perGroup + i;
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
    Index at{stages.batch, channel};
    Expr inside = Halide::Internal::const_true();
    for (int axis = 0; axis < window.rank(); ++axis) {
      Expr extent = builder.expr(x.dims[axis + 2]);
      Expr position =
          stages.spatial[window.rank() - 1 - axis] - window.begin[axis];
      inside = inside && position >= 0 && position < extent;
      at.push_back(Halide::max(Halide::min(likely(position), extent - 1), 0));
    }
    Expr value = x(at), zero = Halide::Internal::make_zero(value.type());
    padded(arguments) =
        window.isPadded ? select(likely(inside), value, zero) : value;
    return padded;
  }

  /// The element under a tap.
  Expr inputAt(const ConvolutionStages &stages, const RDom &taps) const {
    std::vector<Expr> at{inputChannel(stages, taps[0])};
    for (int dim = 0; dim < window.rank(); ++dim) {
      int axis = window.rank() - 1 - dim;
      at.push_back(
          stages.spatial[dim] * static_cast<int>(window.strides[axis]) +
          taps[dim + 1] * static_cast<int>(window.dilations[axis]));
    }
    at.push_back(stages.batch);
    return stages.padded(at);
  }

  /// Rows of input that one row of output and the next step need.
  int rowsInFlight() const {
    if (window.rank() < 2)
      return 1;
    size_t axis = window.kernel.size() - 2;
    return static_cast<int>((window.kernel[axis] - 1) * window.dilations[axis] +
                            1 + window.strides[axis]);
  }

  KernelBuilder &builder;
  mlir::Operation *op;
  Tensor x, weight;
  std::optional<PanelTensor> panels;
  Dims outDims;
  Window window;
  int width;
};

void defineConv(KernelBuilder &builder, mlir::Operation *op) {
  ConvolutionBuilder(builder, op).define();
}

} // namespace

void addConvolutions(Registry &registry) {
  registry["Conv"] = {defineConv};
}

} // namespace dycc::halide
