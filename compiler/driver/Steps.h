#ifndef DYCC_COMPILER_DRIVER_STEPS_H
#define DYCC_COMPILER_DRIVER_STEPS_H

#include "passes/plan/Liveness.h"

namespace dycc {

/// What a planned function does, one after the other: launches, runtime
/// operators, branches and loops, tensors of symbolic elements. A branch or
/// loop comes before what is in it. What is there without being computed
/// (views, packed weights) is no step.
class Steps {
public:
  /// `liveness` must outlive it.
  Steps(mlir::func::FuncOp main, const plan::Liveness &liveness);

  llvm::ArrayRef<mlir::Operation *> list() const { return steps; }
  /// The step at a position of the liveness, else the last one before it; 0
  /// before the first.
  size_t at(int64_t position) const;
  /// The last step of `op` and of what is in it.
  size_t lastOf(mlir::Operation *op) const;

private:
  const plan::Liveness &liveness;
  llvm::SmallVector<mlir::Operation *> steps;
  llvm::SmallVector<int64_t> positions; ///< Of the steps.
};

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_STEPS_H
