#ifndef DYCC_PASSES_FUSE_ROWCHAIN_H
#define DYCC_PASSES_FUSE_ROWCHAIN_H

#include "dialects/dyn/Bounds.h"
#include "passes/Remarks.h"
#include "passes/fuse/RowRule.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

namespace dycc::fuse {

/// Groups and views of one block that compute rows of their results from rows
/// of each other's: of `rows` rows all.
class RowChain {
public:
  explicit RowChain(const dyn::ExecutionBounds &bounds) : bounds(&bounds) {}

  bool empty() const { return ops.empty(); }
  bool contains(mlir::Operation *op) const {
    return llvm::is_contained(ops, op);
  }
  /// Whether `op`, the next one of the block, ends the chain. Else it has
  /// joined, or it reads nothing of it and can run before all of it.
  bool ends(mlir::Operation *op);
  /// Results that are read elsewhere.
  llvm::SmallVector<mlir::Value> escaping() const;
  /// The most bytes that are in use at a time, for one row.
  dyn::ExprAttr bytesPerRow() const;
  /// Why its chunks are not worth it with a cache of so many bytes.
  remarks::Reason whyNotWorth(int64_t cacheBytes) const;
  /// Clones it for `here` rows from row `first` on.
  void cloneInto(mlir::OpBuilder &builder, mlir::IRMapping &mapping,
                 dyn::ExprAttr first, dyn::ExprAttr here);

  dyn::ExprAttr rows;
  llvm::SmallVector<mlir::Operation *> ops;

private:
  bool joins(mlir::Operation *op);
  bool joinsAsView(dyn::ViewOp view);
  void noteInput(mlir::Value input, Needs need);
  bool isInside(mlir::Value value) const;
  bool escapes(mlir::Value value) const;
  dyn::ExprAttr liveAt(size_t position, bool all) const;
  dyn::ExprAttr mostLive(bool all) const;
  /// Bytes of one row, and what that is at a typical point.
  dyn::ExprAttr rowBytes(mlir::Value value) const;
  double estimate(dyn::ExprAttr expr) const;
  mlir::Type withRows(mlir::Type type, dyn::ExprAttr here) const;
  dyn::GroupOp cloneGroup(mlir::OpBuilder &builder, dyn::GroupOp group,
                          mlir::ValueRange inputs, dyn::ExprAttr here);

  const dyn::ExecutionBounds *bounds;
  llvm::SetVector<mlir::Value> rowInputs; ///< From outside, by rows.
  int64_t wholeBytes = 0;                 ///< Read again in each trip.
  bool readsUnknown = false; ///< A whole input of a size that is not known.
};

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_ROWCHAIN_H
