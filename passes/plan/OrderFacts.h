#ifndef DYCC_PASSES_PLAN_ORDERFACTS_H
#define DYCC_PASSES_PLAN_ORDERFACTS_H

#include "passes/plan/Liveness.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"

namespace dycc::plan {

/// What is known of a function, whatever the order of its operations.
struct OrderFacts {
  OrderFacts(mlir::func::FuncOp function, const Liveness &liveness,
             const dyn::ExecutionBounds &bounds, bool inPlace);

  /// Calls `visit` with what sets each execution symbol that `op`, or an
  /// operation in it, speaks of.
  void forEachDefiner(mlir::Operation *op,
                      llvm::function_ref<void(mlir::Operation *)> visit) const;
  void forEachDefiner(dyn::ExprAttr expr,
                      llvm::function_ref<void(mlir::Operation *)> visit) const;

  const Liveness &liveness;
  const dyn::ExecutionBounds &bounds;
  bool inPlace;
  /// By buffer: its bytes at a typical shape, and who reads it under any name.
  std::vector<double> bytes;
  std::vector<llvm::SmallVector<mlir::Operation *, 2>> readers;
  /// Launches that compute an output in a donated input, and the operations
  /// that read the input before.
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<mlir::Operation *>>
      donations;

private:
  void addDonations(mlir::Operation *terminator);

  llvm::StringMap<mlir::Operation *> definers;
};

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_ORDERFACTS_H
