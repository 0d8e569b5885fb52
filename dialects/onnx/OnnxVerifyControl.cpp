// Operators with regions, and Optional.
#include "dialects/onnx/Containers.h"
#include "dialects/onnx/OnnxContainer.h"
#include "dialects/onnx/OnnxControlFlow.h"
#include "dialects/onnx/OnnxVerify.h"

using namespace mlir;
using namespace dycc::onnx;

/// The op that ends `region`, or null with an error where it is no Yield.
static YieldOp yieldOf(Operation *op, Region &region) {
  Block &block = region.front();
  auto yield = block.empty() ? YieldOp() : dyn_cast<YieldOp>(block.back());
  if (!yield)
    op->emitOpError("expects every region to end in onnx.Yield");
  return yield;
}

static LogicalResult checkCount(Operation *op, StringRef what, int64_t expected,
                                int64_t found) {
  if (expected == found)
    return success();
  return op->emitOpError("expects ")
         << expected << " " << what << ", got " << found;
}

/// What has to agree where a value passes into or out of a region: a tensor's
/// element type (its shape may change), of a sequence or an optional that of
/// what it holds.
static Type carriedType(Type type) {
  if (TensorType held = heldTensor(type))
    return withHeldTensor(type, UnrankedTensorType::get(held.getElementType()));
  return getElementTypeOrSelf(type);
}

static LogicalResult sameCarried(Operation *op, StringRef what, TypeRange a,
                                 TypeRange b) {
  for (auto [i, pair] : llvm::enumerate(llvm::zip_equal(a, b))) {
    auto [left, right] = pair;
    if (isa<TensorType>(left) == isa<TensorType>(right) &&
        carriedType(left) == carriedType(right))
      continue;
    return op->emitOpError("expects equal element types of ")
           << what << " " << i << ", got " << left << " and " << right;
  }
  return success();
}

LogicalResult IfOp::verify() {
  for (Region *region : {&getThenBranch(), &getElseBranch()}) {
    if (failed(checkCount(*this, "block arguments", 0, // (C1)
                          region->getNumArguments())))
      return failure();
    YieldOp yield = yieldOf(*this, *region); // (C2)
    if (!yield ||
        failed(checkCount(*this, "values at the end of each branch",
                          getNumResults(), yield.getNumOperands())) || // (C3)
        failed(sameCarried(*this, "result and yielded value", getResultTypes(),
                           yield.getOperandTypes()))) // (C4)
      return failure();
  }
  return success();
}

/// (C1), (C2): the body takes trip number, condition and the carried values.
static LogicalResult checkLoopArguments(LoopOp op) {
  TypeRange arguments = op.getBody().getArgumentTypes();
  int64_t expected = 2 + op.getVInitial().size();
  if (failed(checkCount(op, "block arguments", expected, arguments.size())))
    return failure();
  if (!isValueOf(arguments[0], ElementSet::I64) ||
      !isValueOf(arguments[1], ElementSet::Bool))
    return op.emitOpError("expects an i64 and an i1 tensor as first block "
                          "arguments, got ")
           << arguments[0] << " and " << arguments[1];
  return sameCarried(op, "initial value and block argument",
                     op.getVInitial().getTypes(), arguments.drop_front(2));
}

LogicalResult LoopOp::verify() {
  if (failed(checkLoopArguments(*this)))
    return failure();
  YieldOp yield = yieldOf(*this, getBody()); // (C3)
  if (!yield || failed(checkCount(*this, "values at the end of the body",
                                  1 + getNumResults(),
                                  yield.getNumOperands()))) // (C4)
    return failure();
  size_t carried = getVInitial().size();
  if (getNumResults() < carried) // (C5)
    return emitOpError("expects a result per carried value, ")
           << carried << ", got " << getNumResults();
  TypeRange yielded = yield.getOperandTypes();
  if (!isValueOf(yielded[0], ElementSet::Bool)) // (C6)
    return emitOpError("expects an i1 tensor as first yielded value, got ")
           << yielded[0];
  return failure( // (C7)
      failed(sameCarried(*this, "initial value and result",
                         getVInitial().getTypes(),
                         TypeRange(getResultTypes()).take_front(carried))) ||
      failed(sameCarried(*this, "result and yielded value", getResultTypes(),
                         yielded.drop_front())));
}

/// (C5) An entry per scan input or scan output.
static LogicalResult checkScanList(Operation *op, StringRef name,
                                   std::optional<ArrayRef<int64_t>> list,
                                   int64_t count) {
  std::string what = (name + " entries").str();
  return list ? checkCount(op, what, count, list->size()) : success();
}

LogicalResult ScanOp::verify() {
  int64_t inputs = getNumOperands(), scanned = getNumScanInputs();
  if (scanned < 1 || scanned > inputs) // (C1)
    return emitOpError("expects num_scan_inputs in [1, ")
           << inputs << "], got " << scanned;
  TypeRange arguments = getBody().getArgumentTypes();
  YieldOp yield = yieldOf(*this, getBody()); // (C2)
  if (!yield ||
      failed(checkCount(*this, "block arguments", inputs, // (C3)
                        arguments.size())) ||
      failed(checkCount(*this, "values at the end of the body", getNumResults(),
                        yield.getNumOperands())))
    return failure();
  int64_t outputs = getNumResults() - (inputs - scanned);
  if (outputs < 0) // (C4)
    return emitOpError("expects a result per state, ")
           << inputs - scanned << ", got " << getNumResults();
  return failure(
      failed(checkScanList(*this, "scan_input_axes", getScanInputAxes(),
                           scanned)) || // (C5)
      failed(checkScanList(*this, "scan_input_directions",
                           getScanInputDirections(), scanned)) ||
      failed(checkScanList(*this, "scan_output_axes", getScanOutputAxes(),
                           outputs)) ||
      failed(checkScanList(*this, "scan_output_directions",
                           getScanOutputDirections(), outputs)) ||
      failed(sameCarried(*this, "operand and block argument", getOperandTypes(),
                         arguments)) || // (C6)
      failed(sameCarried(*this, "result and yielded value", getResultTypes(),
                         yield.getOperandTypes())));
}

LogicalResult SequenceMapOp::verify() {
  YieldOp yield = yieldOf(*this, getBody()); // (C1)
  return failure(
      !yield ||
      failed(checkCount(*this, "block arguments", getNumOperands(),
                        getBody().getNumArguments())) || // (C2)
      failed(checkCount(*this, "values at the end of the body", getNumResults(),
                        yield.getNumOperands()))); // (C3)
}

LogicalResult OptionalOp::verify() {
  auto result = dyn_cast<OptType>(getOutput().getType());
  if (!getInput()) {
    if (getType()) // (C1)
      return success();
    return emitOpError("expects a type where it has no input, got neither");
  }
  return sameCarried(*this, "optional and input", {result.getElementType()},
                     {getInput().getType()}); // (C2)
}
