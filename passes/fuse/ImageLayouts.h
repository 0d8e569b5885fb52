#ifndef DYCC_PASSES_FUSE_IMAGELAYOUTS_H
#define DYCC_PASSES_FUSE_IMAGELAYOUTS_H

#include "passes/Remarks.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseSet.h"

namespace dycc::fuse {

using remarks::Reason;

/// Whether `op` becomes (part of) a kernel, which takes tensors in any layout.
bool isKernelOp(mlir::Operation *op);

/// A value that others become in control flow without a copy: a result of an
/// If, or what a Loop carries. All of them lie alike.
struct JoinedValue {
  mlir::Operation *op;
  /// What it may be: operands of yields, and before it that of a Loop.
  llvm::SmallVector<mlir::OpOperand *, 2> sources;
  /// What it is read as: a result, and in a Loop the argument of the body.
  llvm::SmallVector<mlir::Value, 2> names;
  bool isKept = true;  ///< The body of a Loop gives back an image for an image.
  bool isRead = false; ///< By a kernel, or as another one that is.
  Reason whyPlain = {}; ///< Why it stays in row-major order.
};

/// Which values of a function are images with their channels innermost: what
/// comes out of convolutions and their like, up to the last kernel that reads
/// it, across control flow.
class ImageLayouts {
public:
  ImageLayouts(mlir::func::FuncOp function, int64_t channelBlock);

  /// Why `value`, a result or an argument of a loop's body, stays in row-major
  /// order.
  Reason whyPlain(mlir::Value value) const;
  /// Whether what reads an image takes it with its channels innermost.
  bool takesImage(mlir::OpOperand &use) const;
  /// Those of an operation are behind those in its regions.
  llvm::ArrayRef<JoinedValue> joinedValues() const { return joined; }

private:
  void noteJoined(mlir::Operation *op);
  void findImages();
  bool addImages(mlir::Operation *op);
  bool dropUnkept();
  void findReaders();

  Reason whyNoImage(mlir::Value value) const;
  Reason whyNoImage(const JoinedValue &joined) const;
  Reason whyNotMade(mlir::Operation *op) const;
  Reason whyNotKept(mlir::Operation *op) const;
  bool readsImage(mlir::Operation *op) const;
  bool isReadInBlocks(mlir::Operation *op) const;
  /// Whether it is an image, or can lie like one at no cost.
  bool canBeImage(mlir::Value value) const;
  /// Whether `use` is a source of a joined image that is read.
  bool becomesImage(mlir::OpOperand &use) const;

  int64_t channelBlock; ///< Channels are rounded up to this in memory.
  llvm::SmallVector<mlir::Operation *> ops; ///< In post-order.
  llvm::SmallVector<JoinedValue> joined;
  llvm::DenseMap<mlir::Value, unsigned> byName;
  llvm::DenseMap<mlir::OpOperand *, unsigned> bySource;
  llvm::DenseSet<mlir::Value> images; ///< Whether or not anything reads them.
};

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_IMAGELAYOUTS_H
