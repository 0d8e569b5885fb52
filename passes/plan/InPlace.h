#ifndef DYCC_PASSES_PLAN_INPLACE_H
#define DYCC_PASSES_PLAN_INPLACE_H

#include "passes/Remarks.h"
#include "passes/plan/Liveness.h"

namespace dycc::plan {

/// Why `kernel` may not write its result over operand `number`:
/// nothing where it has one result, which lies in memory as the operand does,
/// and it reads an element of the operand only for the result's element in the
/// same place. Kernels write each element once and recompute none at the end of
/// a loop (codegen/halide/cpu), so that this is all there is to ask.
remarks::Reason whyNotOverwrite(dyn::KernelOp kernel, unsigned number);

/// As above of the kernel launched, and why the operand is not all that its
/// buffer is for `launch`, whenever that runs.
remarks::Reason whyNeverOverwrite(dyn::LaunchOp launch, unsigned number,
                                  const Liveness &liveness);

/// As above, and why the buffer that the operand lies in does not end with
/// `launch`.
remarks::Reason whyNotOverwrite(dyn::LaunchOp launch, unsigned number,
                                Liveness &liveness);

/// As above, where the memory of the operand goes on: why what runs behind
/// `launch` reads the operand, under whatever name, or why the operand may lie
/// in memory that is not for it alone. Names of the result are no readers:
/// where `launch` has run they are of what it has written.
remarks::Reason whyNotOverwriteOnPath(dyn::LaunchOp launch, unsigned number,
                                      const Liveness &liveness);

/// Behind all views: the value that has just these elements.
mlir::Value underViews(mlir::Value value);

/// Buffers of operands that end with `launch` and may be overwritten, in the
/// order of the operands.
llvm::SmallVector<unsigned> buffersToOverwrite(dyn::LaunchOp launch,
                                               Liveness &liveness);

/// The input of the function that `output` (an operand of its return) may be
/// computed in once the caller donates it; nothing where there is none, and
/// then `why`, if any operand of its kernel is an input.
std::optional<unsigned> inputToOverwrite(mlir::OpOperand &output,
                                         const Liveness &liveness,
                                         remarks::Reason *why = nullptr);

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_INPLACE_H
