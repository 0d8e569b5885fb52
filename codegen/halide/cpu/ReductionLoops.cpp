#include "codegen/halide/cpu/ReductionLoops.h"

#include "llvm/ADT/STLExtras.h"

using Halide::Expr;
using Halide::Func;
using Halide::LoopLevel;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {
namespace {

/// The stages of reductions where one iteration is.
class ReductionPlacement {
public:
  ReductionPlacement(const ReductionStages &stages, int lanes)
      : stages(stages), lanes(lanes),
        width(static_cast<int>(stages.plan.getVectors()) * lanes) {}

  /// In each iteration of `level`, or once (`isLoop`).
  void place(const LoopLevel &level, bool isLoop = true) const {
    for (Func row : stages.rows) {
      row.compute_at(level);
      row.vectorize(row.args().front(), lanes, TailStrategy::GuardWithIf);
    }
    for (const Reduction &reduction : stages.reductions) {
      Func total = reduction.total;
      total.compute_at(level);
      if (isLoop)
        boundIteration(reduction);
      if (reduction.overLanes)
        placeParts(reduction, level);
      else if (isLoop)
        vectorizeTotal(total);
    }
  }

private:
  /// One iteration needs one total, or one vector of totals: fused loops hide
  /// this from Halide.
  void boundIteration(const Reduction &reduction) const {
    Func total = reduction.total, parts = reduction.parts;
    std::vector<Var> kept = total.args();
    for (size_t i = 0; i < kept.size(); ++i)
      if (reduction.overLanes) {
        total.bound_extent(kept[i], 1);
        parts.bound_extent(kept[i], 1);
      } else if (i != static_cast<size_t>(stages.vectorArgument)) {
        total.bound_extent(kept[i], 1);
      } else {
        total.bound_storage(kept[i], width);
      }
  }

  void placeParts(const Reduction &reduction, const LoopLevel &level) const {
    Func parts = reduction.parts;
    parts.compute_at(level)
        .vectorize(reduction.lane, lanes)
        .unroll(reduction.lane);
    // The whole vectors, then the tail, which is masked.
    for (int stage = 0; stage < 2; ++stage) {
      std::vector<Halide::VarOrRVar> order{reduction.lane};
      for (const Halide::RVar &r : parts.rvars(stage))
        order.push_back(r);
      parts.update(stage)
          .reorder(order)
          .vectorize(reduction.lane, lanes)
          .unroll(reduction.lane);
    }
  }

  /// The kept axis that the vectors run along is the one of the result.
  void vectorizeTotal(Func total) const {
    Var x = total.args()[static_cast<size_t>(stages.vectorArgument)];
    total.store_in(Halide::MemoryType::Stack)
        .vectorize(x, lanes, TailStrategy::GuardWithIf);
    total.update().vectorize(x, lanes, TailStrategy::GuardWithIf);
    if (stages.hasShortRows())
      for (const Halide::RVar &r : total.rvars())
        total.update().unroll(r);
  }

  const ReductionStages &stages;
  int lanes, width;
};

class ReductionSchedule {
public:
  ReductionSchedule(KernelBuilder &builder, const ReductionStages &stages,
                    const Store &store)
      : builder(builder), stages(stages), store(store), func(store.func),
        lanes(builder.lanes(store.elementBytes)),
        width(static_cast<int>(stages.plan.getVectors()) * lanes),
        placement(stages, lanes) {}

  void run() {
    bool overLanes = stages.reductions.front().overLanes;
    if (store.rank() == 0)
      return placement.place(LoopLevel::root(), /*isLoop=*/false);
    if (overLanes)
      runRows();
    else
      runColumns();
  }

private:
  /// Axes of the result in the order of memory, without those in `inner`.
  std::vector<OuterLoop> outerAxes(llvm::ArrayRef<int> inner) const {
    std::vector<OuterLoop> result;
    for (int axis : store.memoryOrder())
      if (!llvm::is_contained(inner, axis))
        result.push_back(outerLoop(builder, store, axis));
    return result;
  }

  /// One iteration is one reduction: the lanes run along it.
  void runRows() {
    std::vector<OuterLoop> outer = outerAxes(stages.rowAxes);
    std::vector<Halide::VarOrRVar> order;
    for (int axis : store.memoryOrder())
      if (llvm::is_contained(stages.rowAxes, axis))
        order.push_back(store.axis(axis));
    bool hasRows = !order.empty();
    for (const OuterLoop &loop : outer)
      order.push_back(loop.var);
    func.reorder(order);
    Var inner = hasRows ? order.front().var : Var();
    if (hasRows)
      func.vectorize(inner, lanes, TailStrategy::GuardWithIf);
    if (outer.empty())
      return placement.place(LoopLevel::root());
    Var item = parallelizeOuter(builder, func, outer, stages.work, inner);
    for (Func row : stages.rows)
      row.hoist_storage(func, stripsOf(item));
    placement.place(LoopLevel(func, item));
  }

  /// Vectors run along an axis that is kept; each does its own reduction.
  void runColumns() {
    Var x = store.axis(stages.vectorAxis), xo("xo"), xi("xi");
    func.split(x, xo, xi, width, TailStrategy::GuardWithIf);
    std::vector<int> inner = stages.rowAxes;
    inner.push_back(stages.vectorAxis);
    std::vector<Halide::VarOrRVar> order{xi};
    for (int axis : stages.rowAxes)
      if (stages.hasShortRows())
        order.insert(order.begin(), wholeRow(axis));
      else
        order.push_back(store.axis(axis));
    Expr extent =
        builder.expr(store.dims[static_cast<size_t>(stages.vectorAxis)]);
    std::vector<OuterLoop> outer{{xo, (extent + (width - 1)) / width}};
    llvm::append_range(outer, outerAxes(inner));
    for (const OuterLoop &loop : outer)
      order.push_back(loop.var);
    func.reorder(order);
    Var item = parallelizeOuter(builder, func, outer,
                                moreWork(stages.work, width), xo);
    func.vectorize(xi, lanes, TailStrategy::GuardWithIf);
    placement.place(LoopLevel(func, item));
  }

  /// A short row, of which all elements are stored with those of its
  /// neighbours.
  Var wholeRow(int axis) {
    Var column = store.axis(axis);
    auto extent =
        static_cast<int>(*store.dims[static_cast<size_t>(axis)].asConstant());
    func.bound(column, 0, extent).vectorize(column, extent);
    return column;
  }

  KernelBuilder &builder;
  const ReductionStages &stages;
  const Store &store;
  Func func;
  int lanes, width;
  ReductionPlacement placement;
};

} // namespace

void scheduleReduction(KernelBuilder &builder, const ReductionStages &stages,
                       const Store &store) {
  ReductionSchedule(builder, stages, store).run();
}

void placeReduction(KernelBuilder &builder, const ReductionStages &stages,
                    const LoopLevel &row, const LoopLevel &task) {
  unsigned bytes = stages.reductions.front().total.type().bytes();
  ReductionPlacement(stages, builder.lanes(bytes)).place(row);
  for (Func kept : stages.rows)
    kept.hoist_storage(task);
}

} // namespace dycc::halide
