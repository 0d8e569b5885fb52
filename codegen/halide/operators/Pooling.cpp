#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/cpu/DepthwiseLoops.h"
#include "codegen/halide/cpu/RowWindows.h"
#include "codegen/halide/operators/IndexMap.h"
#include "codegen/halide/roots/Reductions.h"
#include "codegen/halide/roots/Window.h"

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

Expr tapIsInside(KernelBuilder &builder, const PoolSite &site,
                 const Index &index, const RDom &taps) {
  Expr inside = Halide::Internal::const_true();
  for (int axis = 0; axis < site.window.rank(); ++axis) {
    Expr position = site.window.position(axis, index[axis + 2],
                                         taps[site.window.rank() - 1 - axis]);
    inside = inside && position >= 0 &&
             position < builder.expr(site.x.dims[axis + 2]);
  }
  return inside;
}

/// The element under a tap; `outside` in the padding.
Expr tapElement(KernelBuilder &builder, const PoolSite &site,
                const Index &index, const RDom &taps, Expr outside) {
  Index at{index[0], index[1]};
  Expr inside = tapIsInside(builder, site, index, taps);
  for (int axis = 0; axis < site.window.rank(); ++axis) {
    Expr extent = builder.expr(site.x.dims[axis + 2]);
    Expr position = site.window.position(axis, index[axis + 2],
                                         taps[site.window.rank() - 1 - axis]);
    at.push_back(Halide::max(Halide::min(likely(position), extent - 1), 0));
  }
  Expr value = site.x(guardEmpty(builder, site.x, at, site.window.emptyAxes));
  return site.window.isPadded ? select(likely(inside), value, outside) : value;
}

/// Taps of a window that count: all inside the padded input, or only those
/// inside the input.
Expr countTaps(KernelBuilder &builder, const PoolSite &site,
               const Index &index) {
  bool withPads = intAttribute(site.op, "count_include_pad", 0);
  Expr count = 1;
  for (size_t axis = 0; axis < site.window.kernel.size(); ++axis) {
    int kernel = static_cast<int>(site.window.kernel[axis]);
    int dilation = static_cast<int>(site.window.dilations[axis]);
    Expr extent = builder.expr(site.x.dims[axis + 2]);
    Expr first =
        site.window.position(static_cast<int>(axis), index[axis + 2], 0);
    Expr end = withPads ? extent + site.window.end[axis] : extent;
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

Expr finish(KernelBuilder &builder, Pool pool, const PoolSite &site,
            const Index &index, Expr total) {
  if (pool == Pool::Max)
    return total;
  if (pool == Pool::Lp)
    return normRoot(total, intAttribute(site.op, "p", 2));
  return strict(total /
                Halide::cast(total.type(), countTaps(builder, site, index)));
}

/// An element as it is combined.
Expr powered(Pool pool, const PoolSite &site, Expr element) {
  return pool == Pool::Lp ? normPower(element, intAttribute(site.op, "p", 2))
                          : element;
}

RDom windowTaps(const PoolSite &site) {
  Halide::Region region;
  for (int axis = site.window.rank() - 1; axis >= 0; --axis)
    region.emplace_back(0, static_cast<int>(site.window.kernel[axis]));
  return RDom(region, "taps");
}

/// Position of the element under a tap in the flat input: rows or columns of
/// the spatial axes first.
Expr flatPosition(KernelBuilder &builder, const PoolSite &site,
                  const Index &index, const RDom &taps) {
  auto extent = [&](int axis) {
    return Halide::cast<int64_t>(builder.expr(site.x.dims[axis]));
  };
  bool columnMajor = intAttribute(site.op, "storage_order", 0) != 0;
  Expr flat = Halide::cast<int64_t>(index[0]) * extent(1) + index[1];
  int rank = site.window.rank();
  Expr inside = Halide::cast<int64_t>(0);
  for (int i = 0; i < rank; ++i) {
    int axis = columnMajor ? rank - 1 - i : i;
    Expr position =
        site.window.position(axis, index[axis + 2], taps[rank - 1 - axis]);
    inside = inside * extent(axis + 2) + position;
    flat = flat * extent(axis + 2);
  }
  return flat + inside;
}

/// Combines `element` over the taps of each window.
Reduction reduceWindow(const PoolSite &site, const char *name,
                       const Reducer &reducer,
                       llvm::function_ref<Expr(const RDom &)> element) {
  RDom taps = windowTaps(site);
  Reduction result;
  result.overLanes = false;
  result.total = Halide::Func(name);
  std::vector<Halide::Var> arguments;
  for (int axis = site.x.rank() - 1; axis >= 0; --axis)
    arguments.push_back(axisVar(axis, site.x.rank()));
  std::vector<Expr> at(arguments.begin(), arguments.end());
  result.total(arguments) = reducer.initial;
  result.total(arguments) = reducer.combine(result.total(at), element(taps));
  return result;
}

Reduction reduceElements(KernelBuilder &builder, Pool pool,
                         const PoolSite &site) {
  Reducer reducer = reducerOf(pool, site.x.element.computed);
  return reduceWindow(site, "window", reducer, [&](const RDom &taps) {
    Expr element = tapElement(builder, site, axisVars(site.x.rank()), taps,
                              reducer.initial);
    return powered(pool, site, element);
  });
}

/// The loops over result `number`, with the reductions of each element inside.
void addPoolRoot(KernelBuilder &builder, const PoolSite &site,
                 std::vector<Reduction> reductions, dyn::LoopsPlanAttr plan,
                 unsigned number) {
  int rank = site.x.rank();
  int inner =
      innermostAxis(builder, KernelBuilder::operandValue(site.op, 0), rank);
  int count = static_cast<int>(reductions.size());
  for (int64_t k : site.window.kernel)
    count *= static_cast<int>(k);
  ReductionStages stages{std::move(reductions), {},    {},  inner,
                         rank - 1 - inner,      count, plan};
  builder.addRoot(
      site.op,
      [&builder, stages](const Store &store) {
        scheduleReduction(builder, stages, store);
      },
      number);
}

/// Result 1 of MaxPool: where the first largest element of each window is.
void defineIndices(KernelBuilder &builder, const PoolSite &site) {
  Reduction best = reduceElements(builder, Pool::Max, site);
  Index index = axisVars(site.x.rank());
  Expr largest = best.total(reversed(index)), none = Halide::Int(64).max();
  // Taps come in the order of memory; column-major positions do not.
  Reducer earlier{none,
                  [&](Expr a, Expr b) { return select(a == none, b, a); }};
  Reduction first = reduceWindow(site, "first", earlier, [&](const RDom &taps) {
    Expr x = tapElement(builder, site, index, taps, largest);
    Expr isLargest =
        x.type().is_float() ? isEqual(x, largest) || isNaN(x) : x == largest;
    return select(isLargest && tapIsInside(builder, site, index, taps),
                  flatPosition(builder, site, index, taps), none);
  });
  auto position = [&](const Index &at) {
    return Expr(first.total(reversed(at)));
  };
  builder.define(site.op, position, /*number=*/1);
  addPoolRoot(builder, site, {best, first}, columnsPlan(builder), /*number=*/1);
}

/// Result 0, with windows over rows.
void defineRows(KernelBuilder &builder, Pool pool, const PoolSite &site,
                dyn::WindowPlanAttr plan) {
  Reducer reducer = reducerOf(pool, site.x.element.computed);
  RowWindowParts parts{
      pool == Pool::Max, reducer.initial, reducer.initial,
      [&](const Expr &element) { return powered(pool, site, element); },
      [&](const Expr &total, const Expr &element, const RDom &) {
        return reducer.combine(total, element);
      }};
  RowWindows windows =
      makeRowWindows(builder, site.x, builder.dims(site.op->getResult(0)),
                     site.window, parts, plan);
  builder.define(site.op, [&](const Index &at) {
    return finish(builder, pool, site, at, windows.total(reversed(at)));
  });
  builder.addRoot(site.op, [&builder, windows](const Store &store) {
    scheduleRowWindows(builder, windows, store);
  });
}

/// Result 0, with vectors of channels.
void defineDepthwise(KernelBuilder &builder, Pool pool, const PoolSite &site,
                     dyn::DepthwisePlanAttr plan) {
  Reducer reducer = reducerOf(pool, site.x.element.computed);
  auto combine = [&](const Expr &total, const Expr &element,
                     const DepthwiseStages &) {
    return reducer.combine(total, powered(pool, site, element));
  };
  DepthwiseStages stages =
      makeDepthwise(builder, site.x, site.window,
                    {reducer.initial, reducer.initial, combine}, plan);
  builder.define(site.op, [&](const Index &at) {
    return finish(builder, pool, site, at, stages.at(at));
  });
  builder.addRoot(site.op, [&builder, stages](const Store &store) {
    scheduleDepthwise(builder, stages, store);
  });
}

WindowProblem problemOf(KernelBuilder &builder, const PoolSite &site) {
  WindowProblem problem{site.x.element, site.window.kernel, site.window.strides,
                        site.window.dilations, isRowMajor(site.op)};
  mlir::Value image = KernelBuilder::operandValue(site.op, 0);
  if (builder.isChannelsLast(image))
    problem.channelBlock = dyn::getLayout(image.getType()).getWidth();
  problem.columns = builder.dims(site.op->getResult(0)).back();
  return problem;
}

template <Pool pool>
void definePool(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  PoolSite site{op, x,
                Window::get(builder, op, intsAttribute(op, "kernel_shape", {}),
                            x.dims, builder.dims(op->getResult(0)))};
  mlir::Attribute plan = builder.plan(problemOf(builder, site));
  if (auto depthwise = mlir::dyn_cast_or_null<dyn::DepthwisePlanAttr>(plan)) {
    defineDepthwise(builder, pool, site, depthwise);
  } else if (auto rows = mlir::dyn_cast_or_null<dyn::WindowPlanAttr>(plan)) {
    defineRows(builder, pool, site, rows);
  } else {
    Reduction total = reduceElements(builder, pool, site);
    builder.define(op, [&](const Index &at) {
      return finish(builder, pool, site, at, total.total(reversed(at)));
    });
    addPoolRoot(builder, site, {total},
                mlir::cast_or_null<dyn::LoopsPlanAttr>(plan), /*number=*/0);
  }
  if (op->getNumResults() == 2)
    defineIndices(builder, site);
}

} // namespace

void addPooling(Registry &registry) {
  registry["MaxPool"] = {definePool<Pool::Max>};
  registry["AveragePool"] = {definePool<Pool::Average>};
  registry["LpPool"] = {definePool<Pool::Lp>};
}

} // namespace dycc::halide
