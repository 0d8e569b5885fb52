// Loops that compute whole tensors by rows: what passes/fuse/FormChunks
// and FormStrips make.
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

/// Of an image: its axes, and the one that strips cut.
constexpr unsigned kImageRank = 4, kRowAxis = 2;

/// Makes the results of `loop` behind those that it carries images, (N, C, H,
/// W), of which each trip computes a strip of rows: what the body yields, (1,
/// C, rows, W), is copied to where it belongs. `image`, over symbols that the
/// body defines, is the number of the image and `rows` the first row of each
/// strip.
void setStrips(LoopOp loop, ExprAttr image, llvm::ArrayRef<ExprAttr> rows);
/// The first row of each strip, of which the first result behind those that the
/// loop carries has the first; empty of a loop that does not go by strips.
llvm::SmallVector<ExprAttr> getStripRows(LoopOp loop);
/// The number of the image; null of a loop that does not go by strips.
ExprAttr getStripImage(LoopOp loop);
/// Whether trips compute parts of whole results, by rows or by strips.
inline bool isInParts(LoopOp loop) {
  return getFirstRow(loop) || getStripImage(loop);
}

/// Runs of elements that a strip consists of.
struct StripRuns {
  int64_t count;     ///< One, or one for each channel.
  ExprAttr elements; ///< Of each.
  ExprAttr first;    ///< Where the first one begins in the result.
  ExprAttr apart;    ///< How far apart they begin in the result.
};
/// Of what the body yields for `result`, the first row of which is `row`.
StripRuns runsOfStrip(mlir::Type result, mlir::Type strip, ExprAttr image,
                      ExprAttr row);

/// Whether a tensor of type `part` can be rows, the outermost axis but that of
/// the one image, of one of type `image` that has its channels innermost.
bool areRows(mlir::Type part, mlir::Type image);

/// Checks what setStrips() expects.
mlir::LogicalResult verifyStrips(LoopOp loop);

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_ROWS_H
