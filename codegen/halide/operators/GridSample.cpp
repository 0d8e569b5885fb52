#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/Handles.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/operators/IndexMap.h"
#include "codegen/halide/operators/Interpolation.h"
#include "dialects/onnx/OnnxFacts.h"
#include <numeric>

using Halide::cast;
using Halide::Expr;
using Halide::select;

namespace dycc::halide {
namespace {

Expr numberAs(const Expr &p, double value) {
  return Halide::Internal::make_const(p.type(), value);
}

/// Folds `p` back into [low, high] at both ends.
Expr reflected(Expr p, Expr low, Expr high) {
  Expr range = strict(high - low), period = strict(range * 2.0f);
  Expr from = strict(p - low);
  Expr phase = strict(from - Halide::floor(from / period) * period);
  Expr folded = select(isLess(range, phase), strict(period - phase), phase);
  return select(isLess(numberAs(range, 0), range), strict(low + folded), low);
}

/// Samples an image at positions that a grid gives, in [-1, 1] or in pixels.
class GridSampler {
public:
  GridSampler(KernelBuilder &builder, mlir::Operation *op)
      : builder(builder), op(op), x(builder.operand(op, 0)),
        grid(builder.operand(op, 1)),
        mode(stringAttribute(op, "mode", "linear")),
        padding(stringAttribute(op, "padding_mode", "zeros")),
        alignCorners(intAttribute(op, "align_corners", 0) != 0),
        inPixels(op->hasAttr(onnx::kPixelPositions)) {
    if (mode != "nearest" && mode != "linear" && mode != "cubic")
      throw KernelError("expects mode nearest, linear or cubic, got '" +
                        mode.str() + "'");
    if (mode != "nearest")
      expectNumbers(op->getResult(0));
    if (padding != "zeros" && padding != "border" && padding != "reflection")
      throw KernelError("expects padding_mode zeros, border or reflection, "
                        "got '" +
                        padding.str() + "'");
  }

  void define() {
    builder.define(op, [&](const Index &index) {
      Index at{index[0], index[1]};
      return fromFloat(sample(2, index, at, Halide::Internal::const_true()),
                       x.element);
    });
  }

private:
  /// Position along `axis`, folded or limited as the padding asks for.
  Expr position(int axis, const Index &index) const {
    Index place{index[0]};
    place.insert(place.end(), index.begin() + 2, index.end());
    place.push_back(x.rank() - 1 - axis); // The last axis comes first.
    Expr g = toFloat(grid(place));
    Expr extent = cast(g.type(), builder.expr(x.dims[axis]));
    Expr p = inPixels       ? g
             : alignCorners ? strict((g + 1.0f) * 0.5f * (extent - 1.0f))
                            : strict(((g + 1.0f) * extent - 1.0f) * 0.5f);
    if (mode == "nearest")
      p = math::roundEven(p);
    if (padding == "zeros")
      return p;
    if (padding == "border") // The taps of a cubic are limited one by one.
      return mode == "cubic"
                 ? p
                 : maxNaN(minNaN(p, strict(extent - 1.0f)), numberAs(p, 0));
    auto [low, high] = border(extent);
    Expr outside = isLess(p, low) || isLess(high, p);
    return select(outside, reflected(p, low, high), p);
  }

  std::pair<Expr, Expr> border(Expr extent) const {
    if (alignCorners)
      return {numberAs(extent, 0), strict(extent - 1.0f)};
    return {numberAs(extent, -0.5), strict(extent - 0.5f)};
  }

  /// The element that stands for integer position `p`; inside says whether one
  /// does.
  Expr element(Expr p, Expr extent) const {
    if (padding == "reflection") {
      auto [low, high] = border(cast<float>(extent));
      Expr outside = p < 0 || p >= extent;
      p = select(
          outside,
          toInteger(reflected(cast<float>(p), low, high), Halide::Int(32)), p);
    }
    return Halide::max(Halide::min(p, extent - 1), 0);
  }

  /// Interpolates along the axes from `axis` on.
  Expr sample(int axis, const Index &index, const Index &at, Expr inside) {
    if (axis == x.rank()) {
      std::vector<int> spatial(x.rank() - 2);
      std::iota(spatial.begin(), spatial.end(), 2);
      Expr value = toFloat(x(guardEmpty(builder, x, at, spatial)));
      return padding == "zeros"
                 ? select(inside, value,
                          Halide::Internal::make_zero(value.type()))
                 : value;
    }
    Expr extent = builder.expr(x.dims[axis]), sum;
    for (const Tap &tap : taps(position(axis, index), extent)) {
      Index next = at;
      next.push_back(element(tap.position, extent));
      Expr here = inside && tap.position >= 0 && tap.position < extent;
      Expr value = sample(axis + 1, index, next, here);
      if (tap.weight.defined())
        value = strict(cast(value.type(), tap.weight) * value);
      sum = sum.defined() ? strict(sum + value) : value;
    }
    return sum;
  }

  std::vector<Tap> taps(Expr p, Expr extent) const {
    if (mode == "nearest")
      return {{Halide::clamp(toInteger(p, Halide::Int(32)), -1, extent), {}}};
    return interpolationTaps(p, extent, mode == "cubic", -0.75f);
  }

  KernelBuilder &builder;
  mlir::Operation *op;
  Tensor x, grid;
  llvm::StringRef mode, padding;
  bool alignCorners, inPixels;
};

void defineGridSample(KernelBuilder &builder, mlir::Operation *op) {
  GridSampler(builder, op).define();
}

} // namespace

void addGridSample(Registry &registry) {
  registry["GridSample"] = {defineGridSample};
}

} // namespace dycc::halide
