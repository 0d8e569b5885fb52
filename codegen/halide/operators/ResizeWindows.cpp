// Resize by loops over windows: each axis is a reduction over its taps. The
// innermost axis follows the others, so that the windows of an image add up and
// do not multiply.
#include "codegen/halide/Float.h"
#include "codegen/halide/cpu/ResizeLoops.h"
#include "codegen/halide/operators/Interpolation.h"
#include "codegen/halide/operators/Resize.h"
#include "codegen/halide/roots/Reductions.h"
#include "llvm/ADT/STLExtras.h"

using Halide::cast;
using Halide::Expr;
using Halide::RDom;
using Halide::select;

namespace dycc::halide {
namespace {

/// The taps along one axis: `count` of them, from `first` below the element's
/// position on.
class TapWindow {
public:
  TapWindow(const ResizedAxis &a, Expr extent, const TapRule &how)
      : a(a), extent(std::move(extent)), how(how),
        shrink(how.antialias ? minNaN(a.factor(), 1.0f) : Expr(1.0f)) {
    // A factor that leaves an element is no less than half of 1 / extent: the
    // limit only keeps that of an empty result from overflowing.
    Expr reach = Halide::floor(strict((how.cubic ? -2.0f : -1.0f) / shrink));
    first =
        Halide::clamp(toInteger(reach, Halide::Int(32)), -(1 << 28), -1) + 1;
  }

  Expr count() const { return 2 - 2 * first; }

  /// The place of tap `t` of element `d`, not limited to the axis.
  Expr place(Expr d, Expr t) const {
    Expr below = toInteger(Halide::floor(position(d)), Halide::Int(32));
    // From further outside a window holds nothing but the edge.
    Expr margin = count() + 1;
    return Halide::clamp(below, -margin, extent + margin) + first + t;
  }

  /// Weight of that tap before they are scaled to a sum of 1.
  Expr weight(Expr d, Expr t) const {
    Expr p = position(d), rest = strict(p - Halide::floor(p));
    Expr distance =
        Halide::abs(strict((cast<float>(first + t) - rest) * shrink));
    Expr weight = how.cubic ? cubicWeight(distance, how.coefficient)
                            : maxNaN(strict(1.0f - distance), 0.0f);
    if (!how.excludeOutside)
      return weight;
    Expr at = place(d, t);
    return select(at >= 0 && at < extent, weight, 0.0f);
  }

private:
  Expr position(Expr d) const {
    return originalPosition(a, std::move(d), how.coordinates);
  }

  ResizedAxis a;
  Expr extent;
  TapRule how;
  Expr shrink, first;
};

/// Means of `x` over the taps along `axes`, by the index of a result.
class TapSum {
public:
  TapSum(KernelBuilder &builder, const Tensor &x,
         llvm::ArrayRef<ResizedAxis> axes, const TapRule &how)
      : total("taps"),
        type(x.element.computed == Halide::Float(64) ? Halide::Float(64)
                                                     : Halide::Float(32)) {
    Halide::Region region;
    for (const ResizedAxis &a : axes) {
      windows.emplace_back(a, builder.expr(x.dims[a.axis]), how);
      region.emplace_back(0, windows.back().count());
    }
    RDom taps(region, "tap");
    Index at = axisVars(x.rank()), from = at;
    Expr weight = Halide::Internal::make_one(type);
    for (auto [i, a] : llvm::enumerate(axes)) {
      Expr last = builder.expr(x.dims[a.axis]) - 1;
      Expr d = at[a.axis], tap = taps[static_cast<int>(i)];
      from[a.axis] = Halide::clamp(windows[i].place(d, tap), 0, last);
      weight = strict(weight * cast(type, windows[i].weight(d, tap)));
    }
    Expr zero = Halide::Internal::make_zero(type);
    std::vector<Expr> here = reversed(at);
    total(here) = Halide::Tuple(zero, zero);
    total(here) = Halide::Tuple(
        strict(total(here)[0] + strict(weight * toFloat(x(from)))),
        strict(total(here)[1] + weight));
  }

  /// Not divided by weights that are all 0.
  Expr mean(const Index &at) const {
    Halide::FuncRef sums = total(reversed(at));
    Expr one = Halide::Internal::make_one(type);
    Expr zero = Halide::Internal::make_zero(type);
    return strict(sums[0] / select(isEqual(sums[1], zero), one, sums[1]));
  }

  Halide::Func total; ///< (sum of the weighted elements, sum of the weights)
  Halide::Type type;

private:
  std::vector<TapWindow> windows;
};

/// Elements under all windows of one element together.
Expr tapCount(llvm::ArrayRef<ResizedAxis> axes, bool antialias) {
  Expr result = 4;
  for (const ResizedAxis &a : axes) {
    Expr shrinks = cast<int>(a.in) / Halide::max(cast<int>(a.out), 1);
    result = result * (antialias ? 2 * shrinks + 2 : Expr(4));
  }
  return result;
}

/// The one of `axes` that is innermost in memory comes last.
std::vector<ResizedAxis> inOrder(llvm::ArrayRef<ResizedAxis> axes, int inner) {
  std::vector<ResizedAxis> result(axes);
  llvm::stable_sort(result, [&](const ResizedAxis &a, const ResizedAxis &b) {
    return std::pair(a.axis == inner, a.axis) <
           std::pair(b.axis == inner, b.axis);
  });
  return result;
}

} // namespace

void defineByWindows(KernelBuilder &builder, mlir::Operation *op,
                     const Tensor &x, llvm::ArrayRef<ResizedAxis> resized,
                     const TapRule &how,
                     llvm::function_ref<Expr(const Index &, Expr)> finish) {
  int inner =
      innermostAxis(builder, KernelBuilder::operandValue(op, 0), x.rank());
  std::vector<ResizedAxis> axes = inOrder(resized, inner);
  llvm::ArrayRef<ResizedAxis> before = llvm::ArrayRef(axes).drop_back();
  ResizeStages stages;
  stages.plan = columnsPlan(builder);
  stages.along = axes.back().axis;
  stages.extent = builder.expr(x.dims[stages.along]);
  stages.work = tapCount(axes.back(), how.antialias);
  Tensor from = x;
  if (!before.empty()) {
    TapSum rows(builder, x, before, how);
    for (const ResizedAxis &a : before)
      from.dims[a.axis] = builder.dims(op->getResult(0))[a.axis];
    from = builder.make("rows", {rows.type, rows.type}, from.dims,
                        [&](const Index &at) { return rows.mean(at); });
    stages.rows = from.func;
    stages.rowTotal = rows.total;
    stages.work = stages.work + tapCount(before, how.antialias);
  }
  TapSum sum(builder, from, axes.back(), how);
  stages.total = sum.total;
  builder.define(
      op, [&](const Index &index) { return finish(index, sum.mean(index)); });
  builder.addRoot(op, [&builder, stages](const Store &store) {
    scheduleResize(builder, stages, store);
  });
}

} // namespace dycc::halide
