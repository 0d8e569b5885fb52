// What the plan stage has decided, read off the operations.
#ifndef DYCC_DIALECTS_DYN_PLAN_H
#define DYCC_DIALECTS_DYN_PLAN_H

#include "dialects/dyn/DynOps.h"

namespace dycc::dyn {

/// The memory of a function; null before the plan stage.
MemoryAttr getMemory(mlir::Operation *function);
void setMemory(mlir::Operation *function, MemoryAttr memory);

/// One way in which the slots of the arena lie: each begins where the highest
/// of those ends that it lies on, which come before it.
struct Placement {
  struct Slot {
    int64_t number;
    llvm::SmallVector<int64_t> on;
  };
  llvm::SmallVector<Slot> slots;
};

/// The ways in which the slots can lie; plan() takes the one that needs least
/// at the extents of the run. Without the attribute `dyn.placements` there is
/// one: slots follow each other.
std::vector<Placement> getPlacements(mlir::Operation *function);
/// Whether slots do not just follow each other.
bool isPlaced(mlir::Operation *function);
/// With none slots follow each other.
void setPlacements(mlir::Operation *function,
                   llvm::ArrayRef<Placement> placements);

/// Where a result lies; null before the plan stage. Constants are of another
/// dialect: theirs is the attribute `dyn.place`.
PlaceAttr getPlace(mlir::OpResult result);
void setPlaces(mlir::Operation *op, llvm::ArrayRef<PlaceAttr> places);

/// The launch that makes `value` in the memory of one of its operands, whatever
/// memory that is; null for any other value.
LaunchOp overwriterOf(mlir::Value value);
/// The operand that such a launch overwrites.
mlir::Value overwrittenBy(LaunchOp launch);

/// Entries of the pointer table that are given back behind `op`.
llvm::ArrayRef<int64_t> getReleases(mlir::Operation *op);

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_PLAN_H
