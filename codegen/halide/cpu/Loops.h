// How loops run that plans describe: they read the plan and the shape, never an
// operator or the target.
#ifndef DYCC_CODEGEN_HALIDE_CPU_LOOPS_H
#define DYCC_CODEGEN_HALIDE_CPU_LOOPS_H

#include "codegen/halide/KernelBuilder.h"

namespace dycc::halide {

/// The loops of the kernel's result `value`, or of a tensor that is none
/// (null): no reduction is in them.
void scheduleElements(KernelBuilder &builder, mlir::Value value,
                      const Store &store);

/// Vectors along the innermost axis of memory, the other axes in parallel
/// strips.
void scheduleVectors(KernelBuilder &builder, const Store &store);

/// A loop around the work of one iteration, and how often it runs.
struct OuterLoop {
  Halide::Var var;
  Halide::Expr extent;
};

/// The loop over axis `axis` of a result.
OuterLoop outerLoop(KernelBuilder &builder, const Store &store, int axis);

/// Runs each of the loops `outer` (innermost first) in parallel strips that are
/// worth a task, where one iteration of the innermost does
/// `work`. The strips depend on the shape only. Returns the variable of the
/// innermost, at which producers can be computed; `inner` where there are no
/// loops.
Halide::Var parallelizeOuter(const KernelBuilder &builder, Halide::Stage stage,
                             llvm::ArrayRef<OuterLoop> outer, Halide::Expr work,
                             Halide::Var inner);

/// Runs `loop` of `stage`, whose iterations do `work` each, in parallel strips
/// that are worth a task.
void runInStrips(const KernelBuilder &builder, Halide::Stage stage,
                 const Halide::VarOrRVar &loop, const Halide::Expr &work);

/// The same for an update of `func` that writes an element once: a loop may be
/// over an RVar. Vectors run along `inner`.
void scheduleUpdate(
    const KernelBuilder &builder, Halide::Stage update,
    const Halide::Var &inner, int lanes,
    llvm::ArrayRef<std::pair<Halide::VarOrRVar, Halide::Expr>> outer,
    Halide::Expr work);

/// The loop over the strips of the innermost of these loops: one iteration is a
/// task, so what is allocated there is allocated once per task.
inline Halide::Var stripsOf(const Halide::Var &loop) {
  return Halide::Var(loop.name() + "_strips");
}

/// `work` times `by`. Constant factors count up to mostWork, which makes no
/// difference to what is worth a task: so no large extent overflows in it.
Halide::Expr moreWork(Halide::Expr work, Halide::Expr by);
constexpr int mostWork = dyn::kLargestTask;

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_LOOPS_H
