#ifndef DYCC_PASSES_NORMALIZE_CONSTANTEVAL_H
#define DYCC_PASSES_NORMALIZE_CONSTANTEVAL_H

#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/Operation.h"

namespace dycc {

/// Element-wise operators and those that make a larger tensor are folded up to
/// this many elements: a formula takes less space than its values.
inline constexpr int64_t maxFoldedElements = 1 << 16;

/// The results of an operator that moves elements (Transpose, Slice, Concat,
/// ...), or nothing. `operands` are by position, null where absent.
std::optional<llvm::SmallVector<mlir::ElementsAttr>>
foldMovement(mlir::Operation *op, llvm::ArrayRef<mlir::ElementsAttr> operands);

/// The result of an element-wise operator on no more elements, or null.
mlir::ElementsAttr foldMath(mlir::Operation *op,
                            llvm::ArrayRef<mlir::ElementsAttr> operands,
                            int64_t mostElements);

/// The shape that operands of these shapes broadcast to, or nothing.
std::optional<llvm::SmallVector<int64_t>>
broadcastShapes(llvm::ArrayRef<int64_t> a, llvm::ArrayRef<int64_t> b);

/// A constant's shape.
llvm::ArrayRef<int64_t> shapeOf(mlir::ElementsAttr constant);
/// The elements of a constant of i64 or i32, or nothing.
std::optional<llvm::SmallVector<int64_t>> intsOf(mlir::ElementsAttr constant);

} // namespace dycc

#endif // DYCC_PASSES_NORMALIZE_CONSTANTEVAL_H
