#ifndef DYCC_PASSES_NORMALIZE_MOVEDAXES_H
#define DYCC_PASSES_NORMALIZE_MOVEDAXES_H

#include "passes/normalize/OnnxBuilder.h"

namespace dycc {

/// Whether an axis of tensors of this type can be moved before their rank is
/// known.
bool canMove(mlir::Type elementType, int64_t axis);
/// `x` with its first axis at place `axis`, counted from the end where it is
/// negative; or with the axis from there as the first one. Null where it
/// cannot be moved.
mlir::Value moveAxis(OnnxBuilder &b, mlir::Value x, int64_t axis,
                     bool toFirst = false);
/// `x` without the axis at `axis`, whose places become some of the next one.
mlir::Value mergeNext(OnnxBuilder &b, mlir::Value x, int64_t axis);
/// The extent of `axis`, which may count from the end, as a vector.
mlir::Value extentAlong(OnnxBuilder &b, mlir::Value x, int64_t axis);

} // namespace dycc

#endif // DYCC_PASSES_NORMALIZE_MOVEDAXES_H
