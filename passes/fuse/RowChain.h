#ifndef DYCC_PASSES_FUSE_ROWCHAIN_H
#define DYCC_PASSES_FUSE_ROWCHAIN_H

#include "passes/Remarks.h"
#include "passes/fuse/GroupChain.h"
#include "passes/fuse/RowRule.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

namespace dycc::fuse {

/// Groups and views of one block that compute rows of their results from rows
/// of each other's: of `rows` rows all.
class RowChain final : public GroupChain {
public:
  using GroupChain::GroupChain;

  bool empty() const override { return ops.empty(); }
  bool contains(mlir::Operation *op) const override {
    return llvm::is_contained(ops, op);
  }
  bool isInside(mlir::Value value) const override;
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
  bool joins(mlir::Operation *op) override;
  bool followsByRows(mlir::Operation *op);
  bool joinsAsView(dyn::ViewOp view);
  void noteInput(mlir::Value input, Needs need);
  dyn::ExprAttr liveAt(size_t position, bool all) const;
  dyn::ExprAttr mostLive(bool all) const;
  dyn::ExprAttr rowBytes(mlir::Value value) const;
  mlir::Type withRows(mlir::Type type, dyn::ExprAttr here) const;
  dyn::GroupOp cloneGroup(mlir::OpBuilder &builder, dyn::GroupOp group,
                          mlir::ValueRange inputs, dyn::ExprAttr here);

  llvm::SetVector<mlir::Value> rowInputs; ///< From outside, by rows.
  int64_t wholeBytes = 0;                 ///< Read again in each trip.
  bool readsUnknown = false; ///< A whole input of a size that is not known.
};

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_ROWCHAIN_H
