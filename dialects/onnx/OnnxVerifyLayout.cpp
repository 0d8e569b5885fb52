// Operators that move elements, and constants.
#include "dialects/onnx/OnnxLayout.h"
#include "dialects/onnx/OnnxSource.h"
#include "dialects/onnx/OnnxVerify.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace dycc::onnx;

LogicalResult ConstantOp::verify() {
  ShapedType value = getValue().getShapedType();
  auto result = cast<TensorType>(getOutput().getType());
  if (value.getElementType() == result.getElementType() && // (C1)
      succeeded(verifyCompatibleShape(value, result)))
    return success();
  return emitOpError("expects a value of the result's type ")
         << result << ", got " << value;
}

LogicalResult ConstantOfShapeOp::verify() {
  std::optional<ElementsAttr> value = getValue();
  if (value && value->getNumElements() != 1) // (C1)
    return emitOpError("expects a value with one element, got ")
           << value->getNumElements();
  Type result = getElementTypeOrSelf(getOutput());
  Type element =
      value ? value->getElementType() : Float32Type::get(getContext());
  if (element != result) // (C2)
    return emitOpError("expects a result with elements of the value's type ")
           << element << ", got " << result;
  return verify::rank(*this, "input", getInput(), 1); // (C3)
}

/// Extents off the joined axis agree where they are static.
static LogicalResult checkJoined(ConcatOp op, Value first, Value value) {
  std::optional<int64_t> rank = verify::rankOf(first);
  if (!rank)
    return success();
  if (failed(verify::rank(op, "every operand", value, *rank))) // (C3)
    return failure();
  int64_t axis = op.getAxis() < 0 ? op.getAxis() + *rank : op.getAxis();
  for (int64_t i = 0; i < *rank; ++i)
    if (i != axis && failed(verify::sameExtent(op, "extents off the axis",
                                               verify::extentOf(first, i),
                                               verify::extentOf(value, i))))
      return failure(); // (C4)
  return success();
}

LogicalResult ConcatOp::verify() {
  if (failed(verify::notEmpty(*this, getInputs()))) // (C1)
    return failure();
  for (Value value : getInputs())
    if (failed(verify::axis(*this, "axis", getAxis(), value)) || // (C2)
        failed(checkJoined(*this, getInputs().front(), value)))
      return failure();
  return success();
}

LogicalResult DepthToSpaceOp::verify() {
  int64_t size = getBlocksize();
  if (failed(verify::oneOf(*this, "mode", getMode(), {"DCR", "CRD"})) || // (C1)
      failed(verify::rank(*this, "input", getInput(), 4)) ||             // (C2)
      failed(verify::divides(*this, "blocksize", size, "channels",
                             std::nullopt))) // (C3)
    return failure();
  int64_t squared = 0;
  if (llvm::MulOverflow(size, size, squared))
    squared = INT64_MAX;
  return verify::divides(*this, "squared blocksize", squared, "channels",
                         verify::extentOf(getInput(), 1)); // (C4)
}

LogicalResult SpaceToDepthOp::verify() {
  if (failed(verify::oneOf(*this, "mode", getMode(), {"DCR", "CRD"})) || // (C1)
      failed(verify::rank(*this, "input", getInput(), 4)))               // (C2)
    return failure();
  for (int64_t axis : {2, 3})
    if (failed(verify::divides(*this, "blocksize", getBlocksize(), "extents",
                               verify::extentOf(getInput(), axis))))
      return failure(); // (C3)
  return success();
}

LogicalResult FlattenOp::verify() {
  std::optional<int64_t> rank = verify::rankOf(getInput());
  if (!rank || (-*rank <= getAxis() && getAxis() <= *rank)) // (C1)
    return success();
  return emitOpError("expects axis in [")
         << -*rank << ", " << *rank << "], got " << getAxis();
}

LogicalResult ReverseSequenceOp::verify() {
  int64_t batch = getBatchAxis(), time = getTimeAxis();
  if (batch + time != 1 || batch * time != 0) // (C1)
    return emitOpError("expects batch_axis and time_axis to be 0 and 1 in "
                       "either order, got ")
           << batch << " and " << time;
  return verify::minRank(*this, "input", getInput(), 2); // (C2)
}

LogicalResult SplitOp::verify() {
  if (failed(verify::axis(*this, "axis", getAxis(), getInput()))) // (C1)
    return failure();
  int64_t results = getOutputs().size();
  if (getSplit() && getNumOutputs()) // (C2)
    return emitOpError("expects split or num_outputs, got both");
  if (getNumOutputs() && *getNumOutputs() != results) // (C3)
    return emitOpError("expects num_outputs results, ")
           << *getNumOutputs() << ", got " << results;
  if (!getSplit())
    return success();
  return verify::sameExtent(*this, "numbers of parts and results", // (C4)
                            verify::extentOf(getSplit(), 0), results);
}

LogicalResult TransposeOp::verify() {
  std::optional<ArrayRef<int64_t>> perm = getPerm();
  if (!perm)
    return success();
  int64_t count = perm->size();
  if (failed(verify::rank(*this, "data", getData(), count))) // (C1)
    return failure();
  SmallVector<int64_t> sorted(*perm);
  llvm::sort(sorted);
  if (llvm::equal(sorted, llvm::seq<int64_t>(0, count))) // (C2)
    return success();
  InFlightDiagnostic diag = emitOpError("expects perm to hold each of 0 to ")
                            << count - 1 << " once, got [";
  llvm::interleaveComma(*perm, diag);
  return diag << "]";
}
