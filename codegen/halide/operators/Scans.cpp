// Running sums and products along an axis.
#include "codegen/halide/Attributes.h"
#include "codegen/halide/cpu/Loops.h"
#include "codegen/halide/operators/IndexMap.h"
#include "codegen/halide/roots/Reductions.h"

using Halide::Expr;
using Halide::Func;
using Halide::RDom;
using Halide::select;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {
namespace {

/// A scan over one axis of x: `running` has all axes of x. Steps backwards
/// write backwards, too: Halide 21 fails to vectorize a copy that turns an axis
/// of constant extent around, unless lanes divide it.
struct ScanStages {
  Func running;
  RDom steps;
  int axis;
};

/// The scanned axis inside, the others outside and in parallel.
class ScanSchedule {
public:
  ScanSchedule(KernelBuilder &builder, const ScanStages &stages,
               const Store &store)
      : builder(builder), stages(stages), store(store), func(store.func),
        lanes(builder.lanes(store.elementBytes)), order(store.memoryOrder()),
        work(builder.expr(store.dims[stages.axis])) {}

  void run() {
    LoopsProblem problem{LoopsProblem::Kind::Scan, {}, {}};
    problem.isAlongMemory = order.front() == stages.axis;
    problem.hasRows = store.rank() > 1;
    auto plan = builder.plan<dyn::LoopsPlanAttr>(problem);
    switch (plan.getForm()) {
    case dyn::LoopsForm::Lanes:
      place({inner}, /*apart=*/-1);
      func.vectorize(inner, lanes, TailStrategy::GuardWithIf);
      return;
    case dyn::LoopsForm::Rows:
      return runRows(static_cast<int>(plan.getVectors()));
    default:
      return runColumns();
    }
  }

private:
  /// Loops `inside`, then those over all axes but the scanned one and `apart`.
  void place(std::vector<Halide::VarOrRVar> inside, int apart) {
    for (int axis : order)
      if (axis != stages.axis && axis != apart)
        outer.push_back(outerLoop(builder, store, axis));
    for (const OuterLoop &loop : outer)
      inside.push_back(loop.var);
    if (inside.size() > 1)
      func.reorder(inside);
    Func running = stages.running;
    if (outer.empty())
      running.compute_root();
    else
      running.compute_at(func,
                         parallelizeOuter(builder, func, outer, work, inner));
  }

  /// Splits `axis` into blocks of `size`, each of which is scanned at once.
  void split(int axis, int size) {
    func.split(store.axis(axis), block, part, size, TailStrategy::GuardWithIf);
    Expr extent = builder.expr(store.dims[axis]);
    outer.push_back({block, (extent + (size - 1)) / size});
    work = moreWork(work, size);
    stages.running.bound_extent(store.axis(axis), size);
  }

  /// Vectors of neighbours that are scanned side by side.
  void runColumns() {
    split(order.front(), lanes);
    place({part, inner}, order.front());
    func.vectorize(part);
    Func running = stages.running;
    Var x = store.axis(order.front());
    running.vectorize(x);
    running.update().reorder(x, stages.steps.x).vectorize(x);
  }

  /// A sum waits for the one before it, so `count` rows have theirs in turn.
  /// That of a few steps stays in a register.
  void runRows(int count) {
    constexpr int together = 8;
    int axis = order[1];
    split(axis, count);
    place({inner, part}, axis);
    func.vectorize(inner, lanes, TailStrategy::GuardWithIf);
    Func running = stages.running;
    Var row = store.axis(axis);
    Halide::RVar steps("blocks"), step("step");
    running.vectorize(inner, lanes, TailStrategy::GuardWithIf);
    running.update()
        .split(stages.steps.x, steps, step, together, TailStrategy::GuardWithIf)
        .reorder(step, row, steps)
        .unroll(step)
        .unroll(row);
  }

  KernelBuilder &builder;
  ScanStages stages;
  const Store &store;
  Func func;
  int lanes;
  std::vector<int> order; ///< Axes, innermost in memory first.
  Expr work;
  std::vector<OuterLoop> outer;
  Var block{"block"}, part{"part"}, inner{store.axis(stages.axis)};
};

int scannedAxis(KernelBuilder &builder, mlir::Operation *op, int rank) {
  std::optional<std::vector<int>> axes = steeringAxes(builder, op, 1, rank);
  if (!axes || axes->size() != 1)
    throw KernelError("expects one axis, got " +
                      std::to_string(axes ? axes->size() : 0));
  return axes->front();
}

void defineScan(KernelBuilder &builder, mlir::Operation *op,
                const Reducer &reducer) {
  Tensor x = builder.operand(op, 0);
  ScanStages stages;
  stages.axis = scannedAxis(builder, op, x.rank());
  bool exclusive = intAttribute(op, "exclusive", 0) != 0;
  bool backward = intAttribute(op, "reverse", 0) != 0;
  Expr extent = builder.expr(x.dims[stages.axis]);
  auto along = [&](Expr step) { return backward ? extent - 1 - step : step; };
  stages.steps = RDom({{0, extent}}, "steps");
  stages.running = Func("running");
  Index at = axisVars(x.rank());
  stages.running(reversed(at)) = reducer.initial;
  Expr step = stages.steps.x, before = Halide::max(step - 1, 0);
  Index source = at, previous = at;
  source[stages.axis] = along(exclusive ? before : step);
  previous[stages.axis] = along(before);
  at[stages.axis] = along(step);
  // A block of columns may hang over the end.
  for (int axis = 0; axis < x.rank(); ++axis)
    if (axis != stages.axis)
      source[axis] = Halide::min(Halide::likely(source[axis]),
                                 builder.expr(x.dims[axis]) - 1);
  Expr element = x(source);
  if (exclusive)
    element = select(step == 0, reducer.initial, element);
  Expr sum =
      select(step == 0, reducer.initial, stages.running(reversed(previous)));
  stages.running(reversed(at)) = reducer.combine(sum, element);
  builder.define(op, [&](const Index &index) {
    return Expr(stages.running(reversed(index)));
  });
  KernelBuilder &b = builder;
  builder.addRoot(op, [&b, stages](const Store &store) {
    ScanSchedule(b, stages, store).run();
  });
}

template <Reducer (*reducer)(Halide::Type)>
void defineScan(KernelBuilder &builder, mlir::Operation *op) {
  defineScan(builder, op,
             reducer(KernelBuilder::element(op->getResult(0)).computed));
}

} // namespace

void addScans(Registry &registry) {
  registry["CumSum"] = {defineScan<Reducer::sum>};
  registry["CumProd"] = {defineScan<Reducer::product>};
}

} // namespace dycc::halide
