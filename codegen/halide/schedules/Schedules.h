// Schedules: how the loops of a kernel run. They read the target and the shape,
// never an operator.
#ifndef DYCC_CODEGEN_HALIDE_SCHEDULES_SCHEDULES_H
#define DYCC_CODEGEN_HALIDE_SCHEDULES_SCHEDULES_H

#include "codegen/halide/KernelBuilder.h"

namespace dycc::halide {

/// Loops without a reduction: vectors along the innermost axis of memory, the
/// other axes in parallel strips.
void schedulePointwise(KernelBuilder &builder, const Store &store);

/// Loops of the group's result `value` where its elements come from elsewhere
/// in memory: in tiles where axes are permuted, unrolled where tensors are
/// joined along the innermost axis. False where it is neither.
bool scheduleCopy(KernelBuilder &builder, mlir::Value value,
                  const Store &store);

/// A loop around the work of one iteration, and how often it runs.
struct OuterLoop {
  Halide::Var var;
  Halide::Expr extent;
};

/// The loop over axis `axis` of a result.
OuterLoop outerLoop(KernelBuilder &builder, const Store &store, int axis);

/// Runs each of the loops `outer` (innermost first) in parallel strips of at
/// least `minimumWork` operations, where one iteration of the innermost does
/// `work`. The strips depend on the shape only. Returns the variable of the
/// innermost, at which producers can be computed; `inner` where there are no
/// loops.
Halide::Var parallelizeOuter(Halide::Func func, llvm::ArrayRef<OuterLoop> outer,
                             Halide::Expr work, Halide::Var inner);

/// The loop over the strips of the innermost of these loops: one iteration is a
/// task, so what is allocated there is allocated once per task.
inline Halide::Var stripsOf(const Halide::Var &loop) {
  return Halide::Var(loop.name() + "_strips");
}

/// Operations that are worth handing to another thread.
constexpr int minimumWork = 1 << 15;

/// `work` times `by`. Constant factors count up to minimumWork, which makes no
/// difference to what is worth a task: so no large extent overflows in it.
Halide::Expr moreWork(Halide::Expr work, Halide::Expr by);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_SCHEDULES_SCHEDULES_H
