// A transposed convolution in strides spreads each element of its input, or,
// seen from the result, reads an image with zeros between the elements. The
// results of each phase of the stride read the same elements through taps of
// their own: so it is a convolution, without strides, of a channel for each
// phase, whose pixels are interleaved.
#include "passes/normalize/Expansions.h"

#include "dialects/onnx/WeightStore.h"
#include "passes/normalize/ConstantEval.h"

using namespace mlir;

namespace dycc {
namespace {

/// Along one spatial axis.
struct Phases {
  int64_t stride, kernel, begin, behind; ///< What is cut of the result's ends.
  int64_t taps;                          ///< Of a phase.
};

class ConvTransposeExpansion {
public:
  ConvTransposeExpansion(OnnxBuilder &b, onnx::ConvTransposeOp op)
      : b(b), op(op), weights(constantOf(op.getW())) {}

  Value expand() {
    if (!isPossible())
      return {};
    for (size_t axis = 0; axis < 2; ++axis)
      axes.push_back(phasesOf(axis));
    Value bias = op.getB();
    int64_t stride = axes[0].stride;
    if (bias)
      bias = b.create("Gather", {bias, channelOfPhase()});
    SmallVector<int64_t> pads;
    for (const Phases &axis : axes)
      pads.push_back(axis.taps - 1);
    pads.append(pads.begin(), pads.end());
    Value image = b.create("Conv", {op.getX(), filter(), bias},
                           {b.attr("pads", ArrayRef<int64_t>(pads))});
    image = b.create("DepthToSpace", {image}, {b.attr("blocksize", stride)});
    for (size_t axis = 0; axis < 2; ++axis)
      image = cut(image, static_cast<int64_t>(axis) + 2, axes[axis]);
    return image;
  }

private:
  bool isPossible() {
    if (!weights || shapeOf(weights).size() != 4 || rankOf(op.getX()) != 4 ||
        op.getGroup() != 1 || op.getAutoPad() != "NOTSET" ||
        op.getOutputShape() || !onnx::getWeightBytes(weights))
      return false;
    auto isOne = [](int64_t value) { return value == 1; };
    if (auto dilations = op.getDilations();
        dilations && !llvm::all_of(*dilations, isOne))
      return false;
    auto isNegative = [](int64_t value) { return value < 0; };
    if (op.getPads() && llvm::any_of(*op.getPads(), isNegative))
      return false;
    auto strides = op.getStrides();
    ElementsAttr bias = constantOf(op.getB());
    return strides && strides->size() == 2 && strides->front() > 1 &&
           strides->front() == strides->back() &&
           llvm::all_of(shapeOf(weights),
                        [](int64_t dim) { return dim > 0; }) &&
           (!op.getB() ||
            (bias && bias.getNumElements() == shapeOf(weights)[1]));
  }

  static int64_t at(std::optional<ArrayRef<int64_t>> values, size_t i) {
    return values ? (*values)[i] : 0;
  }

  Phases phasesOf(size_t axis) {
    Phases phases{(*op.getStrides())[axis], shapeOf(weights)[axis + 2],
                  at(op.getPads(), axis), 0, 0};
    // From the first element that a tap reaches to the last one of the result.
    int64_t reach = phases.kernel + at(op.getOutputPadding(), axis) -
                    at(op.getPads(), axis + 2);
    phases.taps =
        llvm::divideCeil(std::max(phases.kernel, reach), phases.stride);
    phases.behind = phases.taps * phases.stride - reach;
    return phases;
  }

  /// For each channel of the convolution the one that its phase is of.
  Value channelOfPhase() {
    int64_t count = axes[0].stride * axes[1].stride;
    SmallVector<int64_t> channels;
    for (int64_t phase = 0; phase < count; ++phase)
      llvm::append_range(channels, llvm::seq(shapeOf(weights)[1]));
    return b.ints(channels);
  }

  /// Position of a tap of the transposed filter, or one beyond its end.
  static int64_t tapOf(const Phases &axis, int64_t tap, int64_t phase) {
    return (axis.taps - 1 - tap) * axis.stride + phase;
  }

  /// (I, O, k, k) as (s s O, I, taps, taps): each phase has every s-th tap,
  /// from the last to the first. The channels of a phase lie together, so that
  /// interleaving images with channels innermost moves them as one.
  Value filter() {
    onnx::WeightBytes given = std::move(*onnx::getWeightBytes(weights));
    Type element = weights.getElementType();
    size_t bytes = onnx::getElementBytes(element);
    ArrayRef<int64_t> shape = shapeOf(weights);
    const Phases &y = axes[0], &x = axes[1];
    SmallVector<int64_t> to{shape[1] * y.stride * x.stride, shape[0], y.taps,
                            x.taps};
    std::vector<char> result(llvm::product_of(to) * bytes, 0);
    char *target = result.data();
    for (int64_t channel = 0; channel < to[0]; ++channel) {
      int64_t output = channel % shape[1], phase = channel / shape[1];
      int64_t phaseX = phase % x.stride, phaseY = phase / x.stride;
      for (int64_t input = 0; input < to[1]; ++input)
        for (int64_t tap = 0; tap < y.taps * x.taps; ++tap, target += bytes) {
          int64_t row = tapOf(y, tap / x.taps, phaseY);
          int64_t column = tapOf(x, tap % x.taps, phaseX);
          if (row >= y.kernel || column >= x.kernel)
            continue;
          int64_t from =
              ((input * shape[1] + output) * y.kernel + row) * x.kernel +
              column;
          std::memcpy(target, given.bytes().data() + from * bytes, bytes);
        }
    }
    return b.constant(
        onnx::getWeight(RankedTensorType::get(to, element), std::move(result)));
  }

  Value cut(Value image, int64_t axis, const Phases &phases) {
    if (phases.begin == 0 && phases.behind == 0)
      return image;
    constexpr int64_t all = std::numeric_limits<int64_t>::max();
    return b.slice(image, axis, phases.begin,
                   phases.behind > 0 ? -phases.behind : all);
  }

  OnnxBuilder &b;
  onnx::ConvTransposeOp op;
  ElementsAttr weights;
  SmallVector<Phases> axes;
};

} // namespace

Value expand(OnnxBuilder &b, onnx::ConvTransposeOp op) {
  return ConvTransposeExpansion(b, op).expand();
}

} // namespace dycc
