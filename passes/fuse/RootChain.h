#ifndef DYCC_PASSES_FUSE_ROOTCHAIN_H
#define DYCC_PASSES_FUSE_ROOTCHAIN_H

#include "mlir/IR/Operation.h"
#include "llvm/ADT/SetVector.h"
#include <optional>

namespace dycc::fuse {

/// Two roots of which the second one needs for some rows (of a matrix, or
/// pixels of an image) the same rows of the first one's result and nothing else
/// of it. So a few rows of both can be computed together, and what is between
/// them is never in memory as a whole.
struct RootChain {
  mlir::Operation *first = nullptr, *second = nullptr;
  /// What leads from the one to the other: pointwise operators, and reductions
  /// of rows.
  llvm::SetVector<mlir::Operation *> between;
  /// The value whose rows are kept: all that stands between the first root and
  /// what reads it, and nothing else, goes through it.
  mlir::Value kept;

  bool contains(mlir::Operation *op) const {
    return op == first || op == second || between.contains(op);
  }
};

/// The attention that ends in `values`: two products with a softmax between
/// them, in whatever way it is written. Matrices on the right side that are
/// packed, or constants, are none: their panels are better read once for all
/// rows.
std::optional<RootChain> findAttention(mlir::Operation *values);

/// Whether `op` is a convolution of images of two axes whose windows are single
/// pixels, side by side.
bool isPixelwise(mlir::Operation *op);

/// Two convolutions of single pixels with pointwise operators between them, of
/// which `second` is the second one; their filters stay in a cache.
std::optional<RootChain> findPixelChain(mlir::Operation *second);

/// Whichever ends in `op`.
std::optional<RootChain> findRootChain(mlir::Operation *op);

/// Whether `op` is a transposition of an operand of the attention `chain`,
/// which its loops read as fast in the order that it has before: with
/// neighbours in a row, of keys also in a column.
bool movesOperand(const RootChain &chain, mlir::Operation *op);

/// Whether `op` is a transposition that keeps the last axis: what a kernel has
/// in tiles of rows it may store so.
bool movesRows(mlir::Operation *op);

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_ROOTCHAIN_H
