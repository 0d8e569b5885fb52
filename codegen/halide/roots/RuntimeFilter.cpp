// Filters whose channels or window only execution knows: there are no register
// tiles to choose and no line buffer to size, so each element of the result is
// a plain sum over the taps.
#include "codegen/halide/roots/RuntimeFilter.h"

#include "codegen/halide/Attributes.h"
#include "codegen/halide/operators/IndexMap.h"
#include "codegen/halide/roots/Convolution.h"
#include "codegen/halide/roots/Reductions.h"

#include <numeric>

using Halide::Expr;
using Halide::RDom;
using Halide::select;

namespace dycc::halide {
namespace {

class RuntimeFilter {
public:
  RuntimeFilter(KernelBuilder &builder, mlir::Operation *op, bool transposed)
      : builder(builder), op(op), transposed(transposed),
        groups(static_cast<int>(intAttribute(op, "group", 1))),
        operands(ConvolutionOperands::get(builder, op)), x(operands.image),
        weight(operands.filter), out(builder.dims(op->getResult(0))),
        rank(x.rank() - 2), mode(stringAttribute(op, "auto_pad", "NOTSET")),
        strides(intsAttribute(op, "strides", ones(rank))),
        dilations(intsAttribute(op, "dilations", ones(rank))) {}

  void define() {
    Reduction sum;
    sum.overLanes = false;
    sum.total = Halide::Func("sum");
    std::vector<Halide::Var> arguments;
    for (int axis = rank + 1; axis >= 0; --axis)
      arguments.push_back(axisVar(axis, rank + 2));
    std::vector<Expr> at(arguments.begin(), arguments.end());
    RDom taps = tapsOf();
    Expr product = element(axisVars(rank + 2), taps);
    sum.total(arguments) = Halide::Internal::make_zero(product.type());
    sum.total(arguments) += product;
    builder.setExtents(sum.total, out);
    builder.define(op, [&](const Index &index) {
      return operands.withBias(sum.total(reversed(index)), index);
    });
    KernelBuilder &b = builder;
    ReductionStages stages{{sum}, {}, {}, rank + 1, 0, work(), columnsPlan(b)};
    builder.addRoot(op, [&b, stages](const Store &store) {
      scheduleReduction(b, stages, store);
    });
  }

private:
  static std::vector<int64_t> ones(int rank) {
    return std::vector<int64_t>(static_cast<size_t>(rank), 1);
  }

  Expr window(int axis) const { return builder.expr(weight.dims[axis + 2]); }
  int stride(int axis) const { return static_cast<int>(strides[axis]); }
  int dilation(int axis) const { return static_cast<int>(dilations[axis]); }

  /// Elements between the first and the last tap.
  Expr reach(int axis) const { return (window(axis) - 1) * dilation(axis); }

  /// Input channels that one output channel reads.
  Expr inputsPerGroup() const {
    Expr inputs = builder.expr(weight.dims[transposed ? 0 : 1]);
    return transposed ? inputs / groups : inputs;
  }

  /// The taps along the last axis first. The input channels of a group are
  /// behind the window, which in rows of an image is near; without a plan
  /// before it, where who schedules the sums can load several of a pixel.
  RDom tapsOf() const {
    Halide::Region region;
    for (int axis = rank - 1; axis >= 0; --axis)
      region.emplace_back(0, window(axis));
    region.emplace(builder.isReference() ? region.begin() : region.end(), 0,
                   inputsPerGroup());
    return RDom(region, "taps");
  }
  Expr channelOf(const RDom &taps) const {
    return taps[builder.isReference() ? 0 : rank];
  }
  Expr tapOf(const RDom &taps, int axis) const {
    return taps[rank - 1 - axis + (builder.isReference() ? 1 : 0)];
  }

  Expr work() const {
    Expr result = inputsPerGroup();
    for (int axis = 0; axis < rank; ++axis)
      result = moreWork(result, window(axis));
    return result;
  }

  /// Padding before `axis`.
  Expr begin(int axis) const {
    bool byResult = op->getAttr("output_shape") != nullptr;
    if (mode == "VALID" && !byResult)
      return 0;
    if (mode == "NOTSET" && !(transposed && byResult))
      return static_cast<int>(
          intsAttribute(op, "pads", std::vector<int64_t>(2 * rank, 0))[axis]);
    Expr from = builder.expr(x.dims[axis + 2]);
    Expr to = builder.expr(out[axis + 2]);
    if (transposed) {
      int64_t extra = intsAttribute(op, "output_padding",
                                    std::vector<int64_t>(rank, 0))[axis];
      Expr total = transposedPad(from, to, reach(axis), stride(axis),
                                 static_cast<int>(extra));
      return mode == "SAME_UPPER" ? total / 2 : total - total / 2;
    }
    Expr total = automaticPad(from, to, reach(axis), stride(axis));
    return mode == "SAME_LOWER" ? (total + 1) / 2 : total / 2;
  }

  /// Where tap `tap` of the window at `position` lies in the input; `inside`
  /// learns what makes it lie there.
  Expr source(int axis, Expr position, Expr tap, Expr &inside) const {
    Expr place = position * stride(axis) + tap * dilation(axis) - begin(axis);
    if (transposed) {
      // The element of the result is one that an input spreads to.
      Expr spread = position + begin(axis) - tap * dilation(axis);
      place = spread / stride(axis); // Floors: a negative one is outside.
      inside = inside && place * stride(axis) == spread;
    }
    Expr extent = builder.expr(x.dims[axis + 2]);
    inside = inside && place >= 0 && place < extent;
    return Halide::max(Halide::min(place, extent - 1), 0);
  }

  /// What one tap adds to the result at `index`.
  Expr element(const Index &index, const RDom &taps) const {
    Expr channel = channelOf(taps), inside = Halide::Internal::const_true();
    Expr ofGroup = builder.expr(out[1]) / groups;
    if (groups > 1) { // At least 1: a result without channels has no index.
      Expr group = index[1] / Halide::max(ofGroup, 1);
      channel = promisedWithin(group * inputsPerGroup() + channel, 0,
                               builder.expr(x.dims[1]) - 1);
    }
    Index from{index[0], channel}, filter{index[1], channelOf(taps)};
    if (transposed)
      filter = {channel,
                groups > 1 ? index[1] % Halide::max(ofGroup, 1) : index[1]};
    for (int axis = 0; axis < rank; ++axis) {
      Expr tap = tapOf(taps, axis);
      from.push_back(source(axis, index[axis + 2], tap, inside));
      filter.push_back(tap);
    }
    // Padding alone may fill a window of an empty image.
    std::vector<int> spatial(rank);
    std::iota(spatial.begin(), spatial.end(), 2);
    Expr value = x(guardEmpty(builder, x, from, spatial));
    return select(inside, value, operands.padding) * weight(filter);
  }

  KernelBuilder &builder;
  mlir::Operation *op;
  bool transposed;
  int groups;
  ConvolutionOperands operands;
  Tensor x, weight;
  Dims out;
  int rank; ///< Of the window.
  llvm::StringRef mode;
  std::vector<int64_t> strides, dilations;
};

} // namespace

bool isRuntimeFilter(KernelBuilder &builder, mlir::Operation *op) {
  if (builder.panels(op, 1)) // Its tiles are those of the panels.
    return false;
  auto isConstant = [](dyn::ExprAttr dim) { return dim.isConstant(); };
  return !llvm::all_of(builder.operand(op, 1).dims, isConstant) ||
         !isConstant(builder.dims(op->getResult(0))[1]);
}

void defineRuntimeFilter(KernelBuilder &builder, mlir::Operation *op,
                         bool transposed) {
  RuntimeFilter(builder, op, transposed).define();
}

} // namespace dycc::halide
