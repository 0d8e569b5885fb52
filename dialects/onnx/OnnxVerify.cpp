#include "dialects/onnx/OnnxVerify.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace dycc::onnx;

std::optional<int64_t> verify::rankOf(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type ? std::optional(type.getRank()) : std::nullopt;
}

std::optional<int64_t> verify::extentOf(Value value, int64_t axis) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || axis >= type.getRank() || type.isDynamicDim(axis))
    return std::nullopt;
  return type.getDimSize(axis);
}

LogicalResult verify::axis(Operation *op, StringRef name, int64_t axis,
                           Value tensor, int64_t extra) {
  std::optional<int64_t> known = rankOf(tensor);
  if (!known)
    return success();
  int64_t rank = *known + extra;
  if (-rank <= axis && axis < rank)
    return success();
  return op->emitOpError("expects ")
         << name << " in [" << -rank << ", " << rank << "), got " << axis;
}

LogicalResult verify::oneOf(Operation *op, StringRef name, StringRef value,
                            ArrayRef<StringRef> allowed) {
  if (llvm::is_contained(allowed, value))
    return success();
  InFlightDiagnostic diag = op->emitOpError("expects ") << name << " to be ";
  llvm::interleave(
      allowed, [&](StringRef text) { diag << "'" << text << "'"; },
      [&] { diag << " or "; });
  return diag << ", got '" << value << "'";
}

LogicalResult verify::rank(Operation *op, StringRef name, Value tensor,
                           int64_t rank) {
  std::optional<int64_t> known = rankOf(tensor);
  if (!known || *known == rank)
    return success();
  return op->emitOpError("expects ")
         << name << " of rank " << rank << ", got " << *known;
}

LogicalResult verify::minRank(Operation *op, StringRef name, Value tensor,
                              int64_t rank) {
  std::optional<int64_t> known = rankOf(tensor);
  if (!known || *known >= rank)
    return success();
  return op->emitOpError("expects ")
         << name << " of rank " << rank << " or more, got " << *known;
}

LogicalResult verify::sameExtent(Operation *op, StringRef what,
                                 std::optional<int64_t> a,
                                 std::optional<int64_t> b) {
  if (!a || !b || *a == *b)
    return success();
  return op->emitOpError("expects equal ")
         << what << ", got " << *a << " and " << *b;
}

LogicalResult verify::divides(Operation *op, StringRef name, int64_t divisor,
                              StringRef what, std::optional<int64_t> extent) {
  if (divisor <= 0)
    return op->emitOpError("expects a positive ")
           << name << ", got " << divisor;
  if (!extent || *extent % divisor == 0)
    return success();
  return op->emitOpError("expects ") << what << " to be a multiple of " << name
                                     << " " << divisor << ", got " << *extent;
}

LogicalResult verify::notEmpty(Operation *op, ValueRange values) {
  if (!values.empty())
    return success();
  return op->emitOpError("expects at least one operand, got none");
}
