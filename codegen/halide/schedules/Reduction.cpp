#include "codegen/halide/schedules/Reduction.h"

using Halide::Expr;
using Halide::Func;
using Halide::TailStrategy;
using Halide::Var;
using Halide::VarOrRVar;

namespace dycc::halide {
namespace {

/// Where the stages of one row are computed: inside a loop, or before all.
struct RowPlace {
  Func func;
  std::optional<Var> loop;

  void compute(Func stage) const {
    if (loop)
      stage.compute_at(func, *loop);
    else
      stage.compute_root();
  }
};

/// `first`, then the loops over `domain`.
std::vector<VarOrRVar> foldOrder(const Var &first, const Halide::RDom &domain) {
  std::vector<VarOrRVar> order{first};
  for (int i = 0; i < domain.dimensions(); ++i)
    order.push_back(domain[i]);
  return order;
}

/// The accumulators stay in registers: all of `inner` is unrolled.
void scheduleAccumulators(Func func, const Var &inner,
                          const Halide::RDom &domain, int width, int lanes) {
  func.bound_extent(inner, width).vectorize(inner, lanes).unroll(inner);
  func.update()
      .reorder(foldOrder(inner, domain))
      .vectorize(inner, lanes)
      .unroll(inner);
}

void scheduleFold(const ReductionStages &stages, const FoldStages &fold,
                  const RowPlace &place, int lanes) {
  place.compute(fold.total);
  if (!stages.alongLanes)
    return scheduleAccumulators(fold.total, stages.column, fold.domain,
                                stages.width, lanes);
  place.compute(fold.parts);
  place.compute(fold.lanes);
  scheduleAccumulators(fold.parts, stages.lane, fold.domain, stages.width,
                       lanes);
  Func merged = fold.lanes;
  merged.bound_extent(stages.lane, lanes).vectorize(stages.lane);
}

/// Runs the `outer` loops in parallel. The loop over blocks of columns stays for
/// itself where there are others: fused with them, it could not be split into
/// whole blocks and the last one.
Var parallelizeRows(KernelBuilder &builder, const ReductionStages &stages,
                    const Store &store, std::vector<Var> outer, Expr work) {
  bool isAlone = true;
  for (int axis = 0; axis < store.rank(); ++axis)
    if (axis != stages.columnAxis && !stages.inRow[axis])
      isAlone = isAlone && store.dims[axis].isConstant(1);
  if (stages.columnAxis < 0 || isAlone)
    return parallelizeOuter(store.func, outer, work, outer.front());
  Var block = outer.front();
  outer.erase(outer.begin());
  Expr columns = builder.expr(store.dims[stages.columnAxis]);
  parallelizeOuter(store.func, outer, work * (columns / stages.width + 1),
                   block);
  return block;
}

/// The loops of the result: blocks and rows outside. Returns the place of the
/// stages.
RowPlace scheduleRows(KernelBuilder &builder, const ReductionStages &stages,
                      const Store &store) {
  Func func = store.func;
  int lanes = builder.target().lanes(store.elementBytes);
  Var block("block"), column("column"), group("group"), member("member");
  std::vector<Var> inner, outer;
  for (int axis : store.memoryOrder()) {
    if (axis == 1 && stages.groupSize > 0) {
      func.split(store.axis(1), group, member, stages.groupSize,
                 TailStrategy::GuardWithIf);
      inner.push_back(member);
      outer.push_back(group);
    } else if (axis != stages.columnAxis) {
      (stages.inRow[axis] ? inner : outer).push_back(store.axis(axis));
    }
  }
  Expr work = stages.work;
  if (stages.columnAxis >= 0) {
    func.split(store.axis(stages.columnAxis), block, column, stages.width,
               TailStrategy::GuardWithIf);
    inner.insert(inner.begin(), column);
    outer.insert(outer.begin(), block);
    work = work * stages.width;
  }
  std::vector<VarOrRVar> order(inner.begin(), inner.end());
  order.insert(order.end(), outer.begin(), outer.end());
  if (order.size() > 1)
    func.reorder(order);
  RowPlace place{func, std::nullopt};
  if (!outer.empty())
    place.loop = parallelizeRows(builder, stages, store, outer, work);
  if (stages.columnAxis >= 0)
    func.vectorize(column, std::min(lanes, stages.width)).unroll(column);
  else if (!inner.empty())
    func.vectorize(inner.front(), lanes, TailStrategy::GuardWithIf);
  return place;
}

} // namespace

void scheduleReduction(KernelBuilder &builder, const ReductionStages &stages,
                       const Store &store) {
  if (stages.folds.empty())
    return schedulePointwise(builder, store);
  RowPlace place = scheduleRows(builder, stages, store);
  int lanes = builder.target().lanes(stages.laneBytes);
  for (const FoldStages &fold : stages.folds)
    scheduleFold(stages, fold, place, lanes);
  for (Func row : stages.rows) {
    place.compute(row);
    if (stages.alongLanes)
      row.vectorize(stages.rowLane, lanes, TailStrategy::GuardWithIf);
    else
      row.bound_extent(stages.column, stages.width)
          .vectorize(stages.column, lanes)
          .unroll(stages.column);
  }
}

} // namespace dycc::halide
