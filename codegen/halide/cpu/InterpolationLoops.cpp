#include "codegen/halide/cpu/InterpolationLoops.h"

#include "llvm/ADT/STLExtras.h"

using Halide::Expr;
using Halide::Func;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {
namespace {

class InterpolationSchedule {
public:
  InterpolationSchedule(KernelBuilder &builder, const InterpolatedRows &stages,
                        const Store &store)
      : builder(builder), stages(stages), store(store), func(store.func),
        last(store.rank() - 1), lanes(builder.lanes(store.elementBytes)) {}

  /// Images outside, so that the rows of one are made before its result.
  void run() {
    std::vector<OuterLoop> outer;
    for (bool isOutside : {false, true})
      for (int axis = last - 1; axis >= 0; --axis)
        if (isOutside != isResized(axis))
          outer.push_back(outerLoop(builder, store, axis));
    Var x = store.axis(last);
    std::vector<Halide::VarOrRVar> order{x};
    for (const OuterLoop &loop : outer)
      order.push_back(loop.var);
    func.reorder(order);
    parallelizeOuter(builder, func, outer,
                     moreWork(columns(), operationsPerElement), x);
    func.vectorize(x, lanes, TailStrategy::GuardWithIf);
    Func rows = stages.rows;
    // A loop that runs once has no strips.
    auto images = llvm::ArrayRef(outer).drop_front(stages.axes.size());
    const auto *image = llvm::find_if(images, [](const OuterLoop &loop) {
      return !Halide::Internal::is_const_one(loop.extent);
    });
    if (image == images.end())
      rows.compute_root();
    else
      rows.compute_at(func, image->var)
          .hoist_storage(func, stripsOf(image->var));
    runRows(rows);
  }

private:
  static constexpr int operationsPerElement = 4;

  bool isResized(int axis) const {
    return llvm::is_contained(stages.axes, axis);
  }
  Expr columns() const { return builder.expr(store.dims[last]); }

  /// A vector of columns has the same places and weights in all rows.
  void runRows(Func rows) {
    // Which rows are read is a matter of floats, which Halide has no exact
    // bounds of. Of an empty input the first one may be.
    Var x = store.axis(last), xo("xo"), xi("xi");
    rows.bound(x, 0, columns());
    std::vector<Halide::VarOrRVar> order{xi};
    Expr work = operationsPerElement * lanes;
    for (int axis = last - 1; axis >= 0; --axis) {
      if (!isResized(axis)) {
        rows.bound_extent(store.axis(axis), 1);
        continue;
      }
      Expr extent = Halide::max(builder.expr(stages.input[axis]), 1);
      rows.bound(store.axis(axis), 0, Halide::Internal::simplify(extent));
      order.push_back(store.axis(axis));
      work = moreWork(work, extent);
    }
    rows.split(x, xo, xi, lanes, TailStrategy::GuardWithIf);
    order.push_back(xo);
    rows.reorder(order).vectorize(xi);
    parallelizeOuter(builder, rows, {{xo, (columns() + (lanes - 1)) / lanes}},
                     work, xi);
  }

  KernelBuilder &builder;
  const InterpolatedRows &stages;
  const Store &store;
  Func func;
  int last, lanes;
};

} // namespace

void scheduleInterpolation(KernelBuilder &builder,
                           const InterpolatedRows &stages, const Store &store) {
  InterpolationSchedule(builder, stages, store).run();
}

} // namespace dycc::halide
