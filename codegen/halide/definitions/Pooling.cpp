#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/definitions/Reductions.h"
#include "codegen/halide/definitions/Window.h"

using Halide::Expr;
using Halide::likely;
using Halide::RDom;
using Halide::select;

namespace dycc::halide {
namespace {

enum class Pool { Max, Average, Lp };

/// The windows of a pooling operator and its input.
struct PoolSite {
  mlir::Operation *op;
  Tensor x;
  Window window;
};

/// The element under a tap; `outside` in the padding.
Expr tapElement(KernelBuilder &builder, const PoolSite &site,
                const Index &index, const RDom &taps, Expr outside) {
  Index at{index[0], index[1]};
  Expr inside = Halide::Internal::const_true();
  for (int axis = 0; axis < site.window.rank(); ++axis) {
    Expr extent = builder.expr(site.x.dims[axis + 2]);
    Expr position = site.window.position(axis, index[axis + 2],
                                         taps[site.window.rank() - 1 - axis]);
    inside = inside && position >= 0 && position < extent;
    at.push_back(Halide::max(Halide::min(likely(position), extent - 1), 0));
  }
  Expr value = site.x(at);
  return site.window.isPadded ? select(likely(inside), value, outside) : value;
}

/// Taps of a window that count: all inside the padded input, or only those
/// inside the input.
Expr countTaps(KernelBuilder &builder, const PoolSite &site,
               const Index &index) {
  bool withPads = intAttribute(site.op, "count_include_pad", 0);
  size_t rank = site.window.kernel.size();
  std::vector<int64_t> pads =
      intsAttribute(site.op, "pads", std::vector<int64_t>(2 * rank, 0));
  Expr count = 1;
  for (size_t axis = 0; axis < rank; ++axis) {
    int kernel = static_cast<int>(site.window.kernel[axis]);
    int dilation = static_cast<int>(site.window.dilations[axis]);
    Expr extent = builder.expr(site.x.dims[axis + 2]);
    Expr first =
        site.window.position(static_cast<int>(axis), index[axis + 2], 0);
    Expr end = extent + (withPads ? static_cast<int>(pads[axis + rank]) : 0);
    // Taps first + t * dilation in [begin, end) with t in [0, kernel).
    Expr begin = withPads ? first : Expr(0);
    Expr skipped = Halide::max(begin - first + (dilation - 1), 0) / dilation;
    Expr reached = Halide::max(
        Halide::min((end - first + (dilation - 1)) / dilation, kernel), 0);
    count = count * Halide::max(reached - skipped, 0);
  }
  return count;
}

Reducer reducerOf(Pool pool, Halide::Type type) {
  return pool == Pool::Max ? Reducer::max(type) : Reducer::sum(type);
}

/// |x|^p, and the root of a sum of such.
Expr lpElement(const PoolSite &site, Expr x) {
  int64_t p = intAttribute(site.op, "p", 2);
  if (p == 1)
    return Halide::abs(x);
  if (p == 2)
    return strict(x * x);
  return math::pow(Halide::abs(x), Halide::Internal::make_const(x.type(), p));
}

Expr lpRoot(const PoolSite &site, Expr sum) {
  int64_t p = intAttribute(site.op, "p", 2);
  if (p == 1)
    return sum;
  if (p == 2)
    return Halide::sqrt(sum);
  return math::pow(sum, Halide::Internal::make_const(sum.type(), 1.0 / p));
}

Expr finish(KernelBuilder &builder, Pool pool, const PoolSite &site,
            const Index &index, Expr total) {
  if (pool == Pool::Max)
    return total;
  if (pool == Pool::Lp)
    return lpRoot(site, total);
  return strict(total /
                Halide::cast(total.type(), countTaps(builder, site, index)));
}

template <Pool pool>
void definePool(KernelBuilder &builder, mlir::Operation *op) {
  if (op->getNumResults() != 1)
    throw KernelError("expects no indices as a second result");
  Tensor x = builder.operand(op, 0);
  Dims out = builder.dims(op->getResult(0));
  std::vector<int64_t> kernel = intsAttribute(op, "kernel_shape", {});
  PoolSite site{op, x, Window::get(builder, op, kernel, x.dims, out)};
  Halide::Region region;
  for (int axis = site.window.rank() - 1; axis >= 0; --axis)
    region.emplace_back(0, static_cast<int>(kernel[axis]));
  RDom taps(region, "taps");
  Reducer reducer = reducerOf(pool, x.element.computed);
  Reduction reduction;
  reduction.overLanes = false;
  reduction.total = Halide::Func("window");
  Index index = axisVars(x.rank());
  std::vector<Halide::Var> arguments;
  for (int axis = x.rank() - 1; axis >= 0; --axis)
    arguments.push_back(axisVar(axis, x.rank()));
  reduction.total(arguments) = reducer.initial;
  Expr element = tapElement(builder, site, index, taps, reducer.initial);
  if (pool == Pool::Lp)
    element = lpElement(site, element);
  reduction.total(arguments) =
      reducer.combine(reduction.total(reversed(index)), element);
  builder.define(op, [&](const Index &at) {
    return finish(builder, pool, site, at, reduction.total(reversed(at)));
  });
  int inner =
      innermostAxis(builder, KernelBuilder::operandValue(op, 0), x.rank());
  int64_t count = 1;
  for (int64_t k : kernel)
    count *= k;
  ReductionStages stages{{reduction},
                         {},
                         {},
                         inner,
                         x.rank() - 1 - inner,
                         static_cast<int>(count)};
  builder.addRoot(op, [&builder, stages](const Store &store) {
    scheduleReduction(builder, stages, store);
  });
}

} // namespace

void addPooling(Registry &registry) {
  registry["MaxPool"] = {definePool<Pool::Max>};
  registry["AveragePool"] = {definePool<Pool::Average>};
  registry["LpPool"] = {definePool<Pool::Lp>};
}

} // namespace dycc::halide
