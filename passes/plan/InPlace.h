#ifndef DYCC_PASSES_PLAN_INPLACE_H
#define DYCC_PASSES_PLAN_INPLACE_H

#include "passes/plan/Liveness.h"

namespace dycc::plan {

/// Whether `kernel` may write its result over operand `number`:
/// it has one result, which lies in memory as the operand does, and it reads an
/// element of the operand only for the result's element in the same place.
/// Kernels write each element once and recompute none at the end of a loop
/// (codegen/halide/schedules), so that this is all there is to ask.
bool mayOverwrite(dyn::KernelOp kernel, unsigned number);

/// Buffers of operands that end with `launch` and may be overwritten, in the
/// order of the operands.
llvm::SmallVector<unsigned> buffersToOverwrite(dyn::LaunchOp launch,
                                               Liveness &liveness);

/// The input of the function that `output` (an operand of its return) may be
/// computed in once the caller donates it; nothing where there is none.
std::optional<unsigned> inputToOverwrite(mlir::OpOperand &output,
                                         const Liveness &liveness);

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_INPLACE_H
