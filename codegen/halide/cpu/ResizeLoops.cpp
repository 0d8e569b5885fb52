#include "codegen/halide/cpu/ResizeLoops.h"

using Halide::Func;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {
namespace {

class ResizeSchedule {
public:
  ResizeSchedule(KernelBuilder &builder, const ResizeStages &stages,
                 const Store &store)
      : builder(builder), stages(stages), store(store),
        inner(store.memoryOrder().front()),
        lanes(builder.lanes(store.elementBytes)),
        width(static_cast<int>(stages.plan.getVectors()) * lanes) {}

  /// Vectors run along memory. The loop over the taps' axis is the next one, so
  /// that the rows it reads are made once, in the loop around it.
  void run() {
    Func func = store.func;
    Var xo("xo"), xi("xi");
    splitInner(func, xo, xi);
    std::vector<OuterLoop> outer{{xo, (extent(inner) + (width - 1)) / width}};
    if (stages.along != inner)
      outer.push_back(outerLoop(builder, store, stages.along));
    size_t around = outer.size();
    for (int axis : store.memoryOrder())
      if (axis != inner && axis != stages.along)
        outer.push_back(outerLoop(builder, store, axis));
    std::vector<Halide::VarOrRVar> order{xi};
    for (const OuterLoop &loop : outer)
      order.push_back(loop.var);
    func.reorder(order);
    parallelizeOuter(builder, func, outer, moreWork(stages.work, width), xo);
    func.vectorize(xi, lanes, TailStrategy::GuardWithIf);
    placeTotal(stages.total, func, xo);
    if (stages.rows.defined())
      placeRows(outer[around].var);
  }

private:
  Halide::Expr extent(int axis) const {
    return builder.expr(store.dims[static_cast<size_t>(axis)]);
  }

  void splitInner(Func func, const Var &xo, const Var &xi) {
    func.split(store.axis(inner), xo, xi, width, TailStrategy::GuardWithIf);
  }

  /// One iteration of `consumer` needs the sums of a few vectors.
  void placeTotal(Func total, Func consumer, const Var &xo) {
    total.compute_at(consumer, xo).store_in(Halide::MemoryType::Stack);
    for (int axis = 0; axis < store.rank(); ++axis)
      if (axis != inner)
        total.bound_extent(store.axis(axis), 1);
    Var x = store.axis(inner);
    total.bound_storage(x, width);
    total.vectorize(x, lanes, TailStrategy::GuardWithIf);
    total.update().vectorize(x, lanes, TailStrategy::GuardWithIf);
  }

  /// Positions are floats, which Halide has no exact bounds of: `rows` has all
  /// that they can be.
  void placeRows(const Var &around) {
    Func rows = stages.rows;
    rows.compute_at(store.func, around);
    for (int axis = 0; axis < store.rank(); ++axis)
      if (axis == stages.along)
        rows.bound(store.axis(axis), 0, stages.extent);
      else if (axis == inner)
        rows.bound(store.axis(axis), 0, extent(axis));
      else
        rows.bound_extent(store.axis(axis), 1);
    Var xo("xo"), xi("xi");
    splitInner(rows, xo, xi);
    std::vector<Halide::VarOrRVar> order{xi, xo};
    for (int axis : store.memoryOrder())
      if (axis != inner)
        order.push_back(store.axis(axis));
    rows.reorder(order).vectorize(xi, lanes, TailStrategy::GuardWithIf);
    placeTotal(stages.rowTotal, rows, xo);
  }

  KernelBuilder &builder;
  const ResizeStages &stages;
  const Store &store;
  int inner, lanes, width;
};

} // namespace

void scheduleResize(KernelBuilder &builder, const ResizeStages &stages,
                    const Store &store) {
  ResizeSchedule(builder, stages, store).run();
}

} // namespace dycc::halide
