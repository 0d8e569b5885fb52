// What the plan stage has decided, read off the operations.
#ifndef DYCC_DIALECTS_DYN_PLAN_H
#define DYCC_DIALECTS_DYN_PLAN_H

#include "dialects/dyn/DynOps.h"

namespace dycc::dyn {

/// The memory of a function; null before the plan stage.
MemoryAttr getMemory(mlir::Operation *function);
void setMemory(mlir::Operation *function, MemoryAttr memory);

/// Where a result lies; null before the plan stage. Constants are of another
/// dialect: theirs is the attribute `dyn.place`.
PlaceAttr getPlace(mlir::OpResult result);
void setPlaces(mlir::Operation *op, llvm::ArrayRef<PlaceAttr> places);

/// Entries of the pointer table that are given back behind `op`.
llvm::ArrayRef<int64_t> getReleases(mlir::Operation *op);

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_PLAN_H
