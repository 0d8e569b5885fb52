#include "codegen/halide/cpu/Loops.h"

using Halide::Expr;
using Halide::Func;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {

OuterLoop outerLoop(KernelBuilder &builder, const Store &store, int axis) {
  return {store.axis(axis),
          builder.expr(store.dims[static_cast<size_t>(axis)])};
}

/// Takes the constant factors out of `e`: multiplies `factor` by them, up to
/// mostWork.
static Expr takeFactors(Expr e, int64_t &factor) {
  using namespace Halide::Internal;
  if (std::optional<int64_t> value = as_const_int(e)) {
    factor = std::min<int64_t>(factor * std::max<int64_t>(*value, 0), mostWork);
    return 1;
  }
  const auto *product = e.as<Mul>();
  if (!product)
    return e;
  Expr a = takeFactors(product->a, factor);
  return a * takeFactors(product->b, factor);
}

Expr moreWork(Expr work, Expr by) {
  int64_t factor = 1;
  Expr a = takeFactors(std::move(work), factor);
  Expr b = takeFactors(std::move(by), factor);
  return Halide::Internal::simplify(a * b * static_cast<int>(factor));
}

void runInStrips(const KernelBuilder &builder, Halide::Stage stage,
                 const Halide::VarOrRVar &loop, const Expr &work) {
  Halide::VarOrRVar strips(loop.name() + "_strips", loop.is_rvar);
  Expr strip = Halide::max(builder.perTask(work), 1);
  stage.split(loop, strips, loop, Halide::Internal::simplify(strip),
              TailStrategy::GuardWithIf);
  if (builder.taskOperations() > 0)
    stage.parallel(strips);
}

Var parallelizeOuter(const KernelBuilder &builder, Halide::Stage stage,
                     llvm::ArrayRef<OuterLoop> outer, Expr work, Var inner) {
  // Loops are not fused: behind the remainder of a fused index Halide no longer
  // sees that an iteration needs one element of a producer. Each loop runs in
  // strips that are worth a task; in the runtime the outermost loop with more
  // than one strip spreads over the threads, those inside it do not.
  for (const OuterLoop &loop : outer) {
    if (Halide::Internal::is_const_one(loop.extent) && &loop != &outer.front())
      continue;
    runInStrips(builder, stage, loop.var, work); // As stripsOf() says.
    work = moreWork(work, loop.extent);
  }
  return outer.empty() ? inner : outer.front().var;
}

void scheduleUpdate(
    const KernelBuilder &builder, Halide::Stage update, const Var &inner,
    int lanes, llvm::ArrayRef<std::pair<Halide::VarOrRVar, Halide::Expr>> outer,
    Expr work) {
  std::vector<Halide::VarOrRVar> order{inner};
  for (const auto &[loop, extent] : outer)
    order.push_back(loop);
  update.allow_race_conditions().reorder(order);
  for (const auto &[loop, extent] : outer) {
    runInStrips(builder, update, loop, work);
    work = moreWork(work, extent);
  }
  update.vectorize(inner, lanes, TailStrategy::GuardWithIf);
}

/// One loop over memory: chunks in parallel, vectors in each. All chunks are as
/// long, up to a vector: each runs through to its end, in masked vectors behind
/// the last element, and those are not free.
static void scheduleVector(KernelBuilder &builder, const Store &store) {
  Var x = store.axis(0), task("task"), item("item");
  Func func = store.func;
  int lanes = builder.lanes(store.elementBytes);
  Expr extent = builder.expr(store.dims[0]), most = builder.perTask(2);
  Expr tasks = Halide::max((extent - 1) / most + 1, 1);
  Expr chunk = ((extent - 1) / tasks / lanes + 1) * lanes;
  func.split(x, task, item, Halide::max(chunk, lanes),
             TailStrategy::GuardWithIf)
      .vectorize(item, lanes, TailStrategy::GuardWithIf);
  builder.parallel(func, task);
}

/// Lanes of the loop over `inner`. A tensor that is less than one vector has no
/// masked lanes: of a load that runs backwards they would lie before a constant
/// place, where Halide 21 aborts.
static int lanesOf(const KernelBuilder &builder, const Store &store,
                   int inner) {
  int lanes = builder.lanes(store.elementBytes);
  std::optional<int64_t> extent = rowExtent(store.dims, inner);
  return extent && *extent > 0
             ? static_cast<int>(std::min<int64_t>(lanes, *extent))
             : lanes;
}

void scheduleVectors(KernelBuilder &builder, const Store &store) {
  if (store.rank() == 0)
    return;
  if (store.rank() == 1)
    return scheduleVector(builder, store);
  std::vector<int> order = store.memoryOrder();
  std::vector<Halide::VarOrRVar> loops;
  std::vector<OuterLoop> outer;
  for (int axis : order) {
    loops.push_back(store.axis(axis));
    if (axis != order.front())
      outer.push_back(outerLoop(builder, store, axis));
  }
  Func func = store.func;
  func.reorder(loops);
  Var inner = store.axis(order.front());
  parallelizeOuter(builder, func, outer,
                   builder.expr(store.dims[order.front()]), inner);
  func.vectorize(inner, lanesOf(builder, store, order.front()),
                 TailStrategy::GuardWithIf);
}

} // namespace dycc::halide
