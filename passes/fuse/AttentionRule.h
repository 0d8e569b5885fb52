#ifndef DYCC_PASSES_FUSE_ATTENTIONRULE_H
#define DYCC_PASSES_FUSE_ATTENTIONRULE_H

#include "mlir/IR/Operation.h"
#include "llvm/ADT/SetVector.h"
#include <optional>

namespace dycc::fuse {

/// Two products of matrices with a softmax between them, in whatever way it is
/// written: each row of the second one's left side follows from the same row of
/// the first one's result. So a few rows of both can be computed together, and
/// the matrix between them is never in memory.
struct Attention {
  mlir::Operation *scores = nullptr; ///< The first product.
  mlir::Operation *values = nullptr; ///< The second one.
  /// What leads from the one to the other: pointwise operators, and reductions
  /// of rows.
  llvm::SetVector<mlir::Operation *> between;
  /// What the reductions read of the first product: all that stands between it
  /// and them, and nothing else, goes through this value.
  mlir::Value kept;

  bool contains(mlir::Operation *op) const {
    return op == scores || op == values || between.contains(op);
  }
};

/// Whether `op` is a transposition of an operand of `attention`, which its
/// loops read as fast in the order that it has before: with neighbours in a
/// row, of keys also in a column.
bool movesOperand(const Attention &attention, mlir::Operation *op);

/// Whether `op` is a transposition that keeps the last axis: what a kernel has
/// in tiles of rows it may store so.
bool movesRows(mlir::Operation *op);

/// The attention that ends in `values`, if it is one. Matrices on the right
/// side that are packed, or constants, are none: their panels are better read
/// once for all rows.
std::optional<Attention> findAttention(mlir::Operation *values);

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_ATTENTIONRULE_H
