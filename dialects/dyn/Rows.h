// Loops that compute whole tensors by rows: what passes/fuse/FormChunks makes.
#ifndef DYCC_DIALECTS_DYN_ROWS_H
#define DYCC_DIALECTS_DYN_ROWS_H

#include "dialects/dyn/DynOps.h"

namespace dycc::dyn {

/// Makes the results of `loop` tensors of which each trip computes some rows
/// along the leading axis, in their place: nothing is stacked or copied.
/// `first`, over symbols that the body defines, is the first row of a trip. The
/// body has as many values as results, of the same extents but the leading one,
/// each the result of a kernel in it and yielded once.
void setFirstRow(LoopOp loop, ExprAttr first);
/// Null of a loop whose slices are stacked.
ExprAttr getFirstRow(LoopOp loop);

/// The result of a loop by rows that `value` is a part of; null where it is
/// none that such a loop's body yields.
mlir::OpResult rowsOf(mlir::Value value);
/// Elements of memory before the rows of a trip of `result`.
ExprAttr elementsBeforeRows(mlir::OpResult result);
/// Elements that one step along the leading axis takes in memory; null where
/// the leading axis is not the outermost one there.
ExprAttr elementsPerRow(mlir::Type type);

/// Checks what setFirstRow() expects.
mlir::LogicalResult verifyRows(LoopOp loop);

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_ROWS_H
