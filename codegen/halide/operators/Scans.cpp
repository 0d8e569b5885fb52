// Running sums and products along an axis.
#include "codegen/halide/Attributes.h"
#include "codegen/halide/cpu/Loops.h"
#include "codegen/halide/operators/IndexMap.h"
#include "codegen/halide/roots/Reductions.h"

using Halide::Expr;
using Halide::Func;
using Halide::RDom;
using Halide::select;

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
void scheduleScan(KernelBuilder &builder, const ScanStages &stages,
                  const Store &store) {
  Func func = store.func;
  int lanes = builder.lanes(store.elementBytes);
  std::vector<OuterLoop> outer;
  std::vector<int> order = store.memoryOrder();
  LoopsProblem problem{LoopsProblem::Kind::Scan, {}, {}};
  problem.isAlongMemory = order.front() == stages.axis;
  bool alongLanes = builder.plan<dyn::LoopsPlanAttr>(problem).getForm() ==
                    dyn::LoopsForm::Lanes;
  Halide::Var block("block"), column("column"), inner = store.axis(stages.axis);
  std::vector<Halide::VarOrRVar> loops{inner};
  Expr work = builder.expr(store.dims[stages.axis]);
  if (!alongLanes) { // Vectors of neighbours that are scanned side by side.
    func.split(store.axis(order.front()), block, column, lanes,
               Halide::TailStrategy::GuardWithIf);
    loops.insert(loops.begin(), column);
    Expr columns = builder.expr(store.dims[order.front()]);
    outer.push_back({block, (columns + (lanes - 1)) / lanes});
    work = moreWork(work, lanes);
  }
  for (int axis : order)
    if (axis != stages.axis && (alongLanes || axis != order.front()))
      outer.push_back(outerLoop(builder, store, axis));
  for (const OuterLoop &loop : outer)
    loops.push_back(loop.var);
  if (loops.size() > 1)
    func.reorder(loops);
  Func running = stages.running;
  if (outer.empty())
    running.compute_root();
  else
    running.compute_at(func,
                       parallelizeOuter(builder, func, outer, work, inner));
  if (alongLanes) {
    func.vectorize(inner, lanes, Halide::TailStrategy::GuardWithIf);
    return;
  }
  func.vectorize(column);
  Halide::Var x = store.axis(order.front());
  running.bound_extent(x, lanes).vectorize(x);
  running.update().reorder(x, stages.steps.x).vectorize(x);
}

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
  builder.addRoot(
      op, [&b, stages](const Store &store) { scheduleScan(b, stages, store); });
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
