// Operators that work along an axis, or with an enumeration as a string.
#include "dialects/onnx/OnnxIndexing.h"
#include "dialects/onnx/OnnxNary.h"
#include "dialects/onnx/OnnxNormalize.h"
#include "dialects/onnx/OnnxReduce.h"
#include "dialects/onnx/OnnxVerify.h"

using namespace mlir;
using namespace dycc::onnx;

/// (C1), tested by @softmax_c1 and its siblings.
template <typename OpTy>
static LogicalResult axisOf(OpTy op, Value tensor) {
  return verify::axis(op, "axis", op.getAxis(), tensor);
}

LogicalResult HardmaxOp::verify() { return axisOf(*this, getInput()); }
LogicalResult SoftmaxOp::verify() { return axisOf(*this, getInput()); }
LogicalResult LogSoftmaxOp::verify() { return axisOf(*this, getInput()); }
LogicalResult LayerNormalizationOp::verify() { return axisOf(*this, getX()); }
LogicalResult RMSNormalizationOp::verify() { return axisOf(*this, getX()); }
LogicalResult ArgMaxOp::verify() { return axisOf(*this, getData()); }
LogicalResult ArgMinOp::verify() { return axisOf(*this, getData()); }
LogicalResult GatherOp::verify() { return axisOf(*this, getData()); }
LogicalResult TopKOp::verify() { return axisOf(*this, getX()); }

LogicalResult CompressOp::verify() {
  if (getAxis() && failed(verify::axis(*this, "axis", *getAxis(), getInput())))
    return failure();                                         // (C1)
  return verify::rank(*this, "condition", getCondition(), 1); // (C2)
}

LogicalResult UniqueOp::verify() { // (C1)
  return getAxis() ? verify::axis(*this, "axis", *getAxis(), getX())
                   : success();
}

LogicalResult LpNormalizationOp::verify() {
  if (failed(axisOf(*this, getInput()))) // (C1)
    return failure();
  if (getP() == 1 || getP() == 2) // (C2)
    return success();
  return emitOpError("expects p to be 1 or 2, got ") << getP();
}

/// `values` has an entry per axis of `data`, so both have one rank.
static LogicalResult sameRank(Operation *op, StringRef name, Value data,
                              Value values) {
  std::optional<int64_t> rank = verify::rankOf(data);
  return rank ? verify::rank(op, name, values, *rank) : success();
}

LogicalResult GatherElementsOp::verify() {
  if (failed(axisOf(*this, getData()))) // (C1)
    return failure();
  return sameRank(*this, "indices", getData(), getIndices()); // (C2)
}

/// (C1) to (C3) of Scatter and ScatterElements.
template <typename OpTy>
static LogicalResult scatter(OpTy op) {
  return failure(
      failed(axisOf(op, op.getData())) ||
      failed(sameRank(op, "indices", op.getData(), op.getIndices())) ||
      failed(sameRank(op, "updates", op.getData(), op.getUpdates())));
}

static LogicalResult reduction(Operation *op, StringRef name) {
  return verify::oneOf(op, "reduction", name,
                       {"none", "add", "mul", "max", "min"});
}

LogicalResult ScatterOp::verify() { return scatter(*this); }

LogicalResult ScatterElementsOp::verify() {
  return failure(failed(scatter(*this)) ||
                 failed(reduction(*this, getReduction()))); // (C4)
}

LogicalResult ScatterNDOp::verify() {
  if (failed(reduction(*this, getReduction()))) // (C1)
    return failure();
  std::optional<int64_t> rank = verify::rankOf(getIndices());
  std::optional<int64_t> depth = rank && *rank > 0
                                     ? verify::extentOf(getIndices(), *rank - 1)
                                     : std::nullopt;
  if (failed(verify::minRank(*this, "indices", getIndices(), 1))) // (C2)
    return failure();
  return depth ? verify::minRank(*this, "data", getData(), *depth) // (C3)
               : success();
}

LogicalResult GatherNDOp::verify() {
  int64_t batch = getBatchDims();
  if (batch < 0) // (C1)
    return emitOpError("expects batch_dims >= 0, got ") << batch;
  if (failed(verify::minRank(*this, "indices", getIndices(), batch + 1)) ||
      failed(verify::minRank(*this, "data", getData(), batch + 1))) // (C2)
    return failure();
  std::optional<int64_t> rank = verify::rankOf(getIndices());
  std::optional<int64_t> depth =
      rank ? verify::extentOf(getIndices(), *rank - 1) : std::nullopt;
  return depth ? verify::minRank(*this, "data", getData(), batch + *depth)
               : success(); // (C3)
}

LogicalResult MaxOp::verify() { return verify::notEmpty(*this, getOperands()); }
LogicalResult MinOp::verify() { return verify::notEmpty(*this, getOperands()); }
LogicalResult SumOp::verify() { return verify::notEmpty(*this, getOperands()); }
LogicalResult MeanOp::verify() {
  return verify::notEmpty(*this, getOperands());
}

LogicalResult BitShiftOp::verify() { // (C1)
  return verify::oneOf(*this, "direction", getDirection(), {"LEFT", "RIGHT"});
}

LogicalResult NegativeLogLikelihoodLossOp::verify() { // (C1)
  return verify::oneOf(*this, "reduction", getReduction(),
                       {"none", "sum", "mean"});
}

LogicalResult SoftmaxCrossEntropyLossOp::verify() { // (C1)
  return verify::oneOf(*this, "reduction", getReduction(),
                       {"none", "sum", "mean"});
}

LogicalResult GroupNormalizationOp::verify() { // (C1)
  return verify::divides(*this, "num_groups", getNumGroups(), "channels",
                         verify::extentOf(getX(), 1));
}

LogicalResult LRNOp::verify() {
  if (getSize() > 0) // (C1)
    return success();
  return emitOpError("expects a positive size, got ") << getSize();
}
