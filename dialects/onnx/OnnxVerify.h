#ifndef DYCC_DIALECTS_ONNX_ONNXVERIFY_H
#define DYCC_DIALECTS_ONNX_ONNXVERIFY_H

#include "mlir/IR/OpDefinition.h"
#include <optional>

// What several verifiers of the dialect check. Every check passes where ranks
// or extents are not known: then the shape stage finds out.
namespace dycc::onnx::verify {

/// The rank of a tensor where it has one.
std::optional<int64_t> rankOf(mlir::Value value);
/// The extent of axis `axis` where it is static.
std::optional<int64_t> extentOf(mlir::Value value, int64_t axis);

/// Checks -r <= axis < r, with r the rank of `tensor` plus `extra`.
mlir::LogicalResult axis(mlir::Operation *op, llvm::StringRef name,
                         int64_t axis, mlir::Value tensor, int64_t extra = 0);
/// Checks that `value` is one of `allowed`.
mlir::LogicalResult oneOf(mlir::Operation *op, llvm::StringRef name,
                          llvm::StringRef value,
                          llvm::ArrayRef<llvm::StringRef> allowed);
/// Checks that `tensor` has `rank` axes.
mlir::LogicalResult rank(mlir::Operation *op, llvm::StringRef name,
                         mlir::Value tensor, int64_t rank);
/// Checks that `tensor` has at least `rank` axes.
mlir::LogicalResult minRank(mlir::Operation *op, llvm::StringRef name,
                            mlir::Value tensor, int64_t rank);
/// Checks that two extents agree where both are static; `what` names them.
mlir::LogicalResult sameExtent(mlir::Operation *op, llvm::StringRef what,
                               std::optional<int64_t> a,
                               std::optional<int64_t> b);
/// Checks that `divisor` is positive and divides `extent` where it is static.
mlir::LogicalResult divides(mlir::Operation *op, llvm::StringRef name,
                            int64_t divisor, llvm::StringRef what,
                            std::optional<int64_t> extent);
/// Checks that a variadic operand stands for at least one value.
mlir::LogicalResult notEmpty(mlir::Operation *op, mlir::ValueRange values);

} // namespace dycc::onnx::verify

#endif // DYCC_DIALECTS_ONNX_ONNXVERIFY_H
