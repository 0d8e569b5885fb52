#ifndef DYCC_PASSES_NORMALIZE_RANKS_H
#define DYCC_PASSES_NORMALIZE_RANKS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace dycc {

/// The extent of an axis where the ops that made `value` show it: a few ops
/// back, before the shape stage has run.
std::optional<int64_t> knownExtent(mlir::Value value, int64_t axis);

/// The ranks of the function's values that follow from weights and types.
llvm::DenseMap<mlir::Value, int64_t> inferRanks(mlir::func::FuncOp function);

} // namespace dycc

#endif // DYCC_PASSES_NORMALIZE_RANKS_H
