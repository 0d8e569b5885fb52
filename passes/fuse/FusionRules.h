#ifndef DYCC_PASSES_FUSE_FUSIONRULES_H
#define DYCC_PASSES_FUSE_FUSIONRULES_H

#include "passes/Remarks.h"

namespace dycc::fuse {

using remarks::Reason;

/// What an operator is to a fused loop nest.
enum class Role {
  ElementWise, ///< One result element from one element of each operand.
  IndexMap,    ///< Moves elements.
  Reduction,   ///< Reads each operand element once or twice.
  Root,        ///< Anything else that is a loop nest of its own.
};

Role roleOf(mlir::Operation *op);

/// Whether each result element depends on one element of each operand at the
/// same (broadcast) index, whatever the axes are.
bool isPointwise(mlir::Operation *op);

/// Whether `op` is a convolution of groups of one channel.
bool hasFilterPerChannel(mlir::Operation *op);

/// Why `consumer` cannot join the loops of the group whose last operator is
/// `producer`: nothing where it is element-wise and has symbolically equal
/// extents.
Reason whyNotAppend(mlir::Operation *producer, mlir::Operation *consumer);

/// Why `consumer`, a reduction, a product or what moves a window over an image,
/// cannot compute the element-wise `producers`, of which it reads the last
/// one's result, where it reads that.
Reason whyNotPrepend(llvm::ArrayRef<mlir::Operation *> producers,
                     mlir::Operation *consumer);

/// Whether `op` makes larger elements of smaller ones for one reader, which can
/// compute it where it reads them: memory keeps the smaller ones.
bool widensForReader(mlir::Operation *op);

/// Why a root that is no reduction cannot compute `producers` before it, where
/// they are computed behind it, too.
Reason whyNotTwice(llvm::ArrayRef<mlir::Operation *> producers);

/// Of each axis of the result of `transpose`, a Transpose, the axis of its
/// operand.
llvm::SmallVector<int64_t> permutationOf(mlir::Operation *transpose);

/// Whether no axis before `axis` has more than one element: its steps follow
/// each other in the memory of a plain tensor.
bool isOutermost(llvm::ArrayRef<dyn::ExprAttr> dims, int64_t axis);

/// Whether packed weights may have elements of this type where they are no
/// integers.
bool isPackedFloat(mlir::Type element);

/// Whether an operand has to be known at compile time: it steers the shape or
/// the loops of `op`.
bool isCompileTimeOperand(mlir::OpOperand &operand);

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_FUSIONRULES_H
