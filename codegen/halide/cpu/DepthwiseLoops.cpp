#include "codegen/halide/cpu/DepthwiseLoops.h"

using Halide::Expr;
using Halide::Func;
using Halide::RVar;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {
namespace {

void scheduleTaps(const DepthwiseStages &stages, Halide::Stage update,
                  const Halide::RDom &taps) {
  Var x = stages.spatial.front();
  std::vector<Halide::VarOrRVar> order{stages.lane, x};
  for (int i = 0; i < taps.dimensions(); ++i)
    order.push_back(RVar(taps[i]));
  update.reorder(order).vectorize(stages.lane).unroll(x);
  if (stages.plan.getUnrolled())
    update.unroll(RVar(taps[0]));
}

void scheduleSums(const DepthwiseStages &stages, const Func &consumer,
                  const Var &loop) {
  Func sums = stages.sums;
  Var x = stages.spatial.front();
  int pixels = static_cast<int>(stages.plan.getPixels());
  sums.compute_at(consumer, loop)
      .bound_extent(stages.lane, stages.lanes)
      .bound_extent(stages.vector, 1)
      .bound_extent(stages.batch, 1)
      .bound_extent(x, pixels)
      .vectorize(stages.lane)
      .unroll(x);
  for (size_t i = 1; i < stages.spatial.size(); ++i)
    sums.bound_extent(stages.spatial[i], 1);
  scheduleTaps(stages, sums.update(0), stages.taps);
  if (stages.missing.defined())
    scheduleTaps(stages, sums.update(1), stages.missing);
}

} // namespace

void scheduleDepthwise(KernelBuilder &builder, const DepthwiseStages &stages,
                       const Store &store) {
  Func func = store.func;
  int rank = store.rank();
  int pixels = static_cast<int>(stages.plan.getPixels());
  Var xo("xo"), xi("xi"), vector("vector"), lane("lane");
  func.split(store.axis(1), vector, lane, stages.lanes,
             TailStrategy::GuardWithIf);
  func.split(store.axis(rank - 1), xo, xi, pixels, TailStrategy::GuardWithIf);
  // All channels of a tile before the next tile: a large image comes from
  // memory in the order that it lies there.
  std::vector<Halide::VarOrRVar> order{lane, xi, vector, xo};
  std::vector<OuterLoop> outer;
  for (int axis = rank - 2; axis >= 2; --axis)
    outer.push_back(outerLoop(builder, store, axis));
  outer.push_back(outerLoop(builder, store, 0));
  func.never_partition(vector);
  for (const OuterLoop &loop : outer) {
    order.push_back(loop.var);
    func.never_partition(loop.var);
  }
  func.reorder(order);
  Expr work =
      moreWork(builder.expr(store.dims.back()), builder.expr(store.dims[1]));
  parallelizeOuter(builder, func, outer, moreWork(work, stages.tapCount), xo);
  func.vectorize(lane).unroll(xi);
  scheduleSums(stages, func, vector);
}

} // namespace dycc::halide
