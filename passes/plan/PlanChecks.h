// What dycc-verify-plan checks, in this order: each part relies on those before
// it. All report the first fault that they find, at its operation.
#ifndef DYCC_PASSES_PLAN_PLANCHECKS_H
#define DYCC_PASSES_PLAN_PLANCHECKS_H

#include "dialects/dyn/Plan.h"
#include "passes/plan/Liveness.h"

namespace dycc::plan {

/// What the checks of one function share.
struct PlanView {
  mlir::func::FuncOp function;
  dyn::MemoryAttr memory;
  const dyn::ExecutionBounds &bounds;
};

/// Calls `check` for each operation of the host program, outer ones first, and
/// not for what is inside kernels. Ends with the first failure.
mlir::LogicalResult
checkEach(mlir::func::FuncOp function,
          llvm::function_ref<mlir::LogicalResult(mlir::Operation *)> check);

/// Each result has a place of the kind that its value needs, which exists; no
/// two share an entry of the pointer table.
mlir::LogicalResult checkPlaces(PlanView plan);

/// Parts, views and joins stay inside of what they are of, as far as it can be
/// told; weights lie apart.
mlir::LogicalResult checkExtents(PlanView plan);

/// An output that has room along an axis begins with a copy of the input that
/// its `dyn.room` names, which is not read elsewhere: there it may be already.
mlir::LogicalResult checkCaches(PlanView plan);

/// Values fit their slots (what cannot be proved is tried at a few points), and
/// no two that are live together share one, unless
/// a kernel may write one over the other.
mlir::LogicalResult checkSlots(PlanView plan, Liveness &liveness);

/// Slots lie on those before them, and of two with values that are needed
/// together one is above the other, however sizes are. `tenants`: the buffers
/// of each slot.
mlir::LogicalResult
checkPlacements(PlanView plan, const Liveness &liveness,
                llvm::ArrayRef<llvm::SmallVector<unsigned>> tenants);

/// Memory beyond the arena is given back once, behind its last use; what the
/// caller gets is not.
mlir::LogicalResult checkReleases(PlanView plan, Liveness &liveness);

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_PLANCHECKS_H
