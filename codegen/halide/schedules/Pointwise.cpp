#include "codegen/halide/schedules/Schedules.h"

using Halide::Expr;
using Halide::Func;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {

Var parallelizeOuter(Func func, llvm::ArrayRef<Var> outer, Expr work,
                     Var inner) {
  if (outer.empty())
    return inner;
  Var fused = outer.front();
  for (Var next : outer.drop_front()) {
    Var both("fused_" + fused.name());
    func.fuse(fused, next, both);
    fused = both;
  }
  Var task("task"), item("item");
  Expr strip = Halide::max(minimumWork / Halide::max(work, 1), 1);
  func.split(fused, task, item, Halide::Internal::simplify(strip),
             TailStrategy::GuardWithIf);
  func.parallel(task);
  return item;
}

/// One loop over memory: chunks in parallel, vectors in each.
static void scheduleVector(const Store &store, int lanes) {
  Var x = store.axis(0), task("task"), item("item");
  Func func = store.func;
  func.split(x, task, item, minimumWork / 2, TailStrategy::GuardWithIf)
      .vectorize(item, lanes, TailStrategy::GuardWithIf)
      .parallel(task);
}

void schedulePointwise(KernelBuilder &builder, const Store &store) {
  if (store.rank() == 0)
    return;
  int lanes = builder.target().lanes(store.elementBytes);
  if (store.rank() == 1)
    return scheduleVector(store, lanes);
  std::vector<int> order = store.memoryOrder();
  std::vector<Halide::VarOrRVar> loops;
  std::vector<Var> outer;
  for (int axis : order) {
    loops.push_back(store.axis(axis));
    if (axis != order.front())
      outer.push_back(store.axis(axis));
  }
  Func func = store.func;
  func.reorder(loops);
  Var inner = store.axis(order.front());
  parallelizeOuter(func, outer, builder.expr(store.dims[order.front()]), inner);
  func.vectorize(inner, lanes, TailStrategy::GuardWithIf);
}

} // namespace dycc::halide
