// Matrix products and recurrent operators.
#include "dialects/onnx/OnnxLinear.h"
#include "dialects/onnx/OnnxQuantize.h"
#include "dialects/onnx/OnnxRecurrent.h"
#include "dialects/onnx/OnnxVerify.h"

using namespace mlir;
using namespace dycc::onnx;

/// The extent of the axis that is `fromEnd` before the last one.
static std::optional<int64_t> extentFromEnd(Value value, int64_t fromEnd) {
  std::optional<int64_t> rank = verify::rankOf(value);
  return rank && *rank > fromEnd ? verify::extentOf(value, *rank - 1 - fromEnd)
                                 : std::nullopt;
}

/// (C1) no scalars, (C2) the contracted extents agree.
static LogicalResult checkMatMul(Operation *op, Value a, Value b) {
  if (failed(verify::minRank(op, "A", a, 1)) ||
      failed(verify::minRank(op, "B", b, 1)))
    return failure();
  std::optional<int64_t> rankB = verify::rankOf(b);
  if (!rankB)
    return success();
  return verify::sameExtent(op, "contracted extents", extentFromEnd(a, 0),
                            extentFromEnd(b, *rankB == 1 ? 0 : 1));
}

LogicalResult MatMulOp::verify() { return checkMatMul(*this, getA(), getB()); }
LogicalResult MatMulIntegerOp::verify() {
  return checkMatMul(*this, getA(), getB());
}
LogicalResult QLinearMatMulOp::verify() {
  return checkMatMul(*this, getA(), getB());
}

LogicalResult GemmOp::verify() {
  if (failed(verify::rank(*this, "A", getA(), 2)) || // (C1)
      failed(verify::rank(*this, "B", getB(), 2)))
    return failure();
  return verify::sameExtent(*this, "contracted extents", // (C2)
                            verify::extentOf(getA(), getTransA() ? 0 : 1),
                            verify::extentOf(getB(), getTransB() ? 1 : 0));
}

LogicalResult DetOp::verify() {
  if (failed(verify::minRank(*this, "X", getX(), 2))) // (C1)
    return failure();
  return verify::sameExtent(*this, "extents of the matrices", // (C2)
                            extentFromEnd(getX(), 0), extentFromEnd(getX(), 1));
}

/// (C1) direction, (C2) ranks, (C3) W's and R's leading extent, (C4) rows of R.
/// `gates` is the number of gates whose weights R stacks.
template <typename OpTy>
static LogicalResult checkRecurrent(OpTy op, int64_t gates) {
  if (failed(verify::oneOf(op, "direction", op.getDirection(),
                           {"forward", "reverse", "bidirectional"})) ||
      failed(verify::rank(op, "X", op.getX(), 3)) ||
      failed(verify::rank(op, "W", op.getW(), 3)) ||
      failed(verify::rank(op, "R", op.getR(), 3)))
    return failure();
  int64_t directions = op.getDirection() == "bidirectional" ? 2 : 1;
  for (Value weights : {op.getW(), op.getR()})
    if (failed(verify::sameExtent(op, "directions and leading weight extents",
                                  directions, verify::extentOf(weights, 0))))
      return failure();
  std::optional<int64_t> hidden = verify::extentOf(op.getR(), 2);
  if (hidden)
    hidden = *hidden * gates;
  return verify::sameExtent(op, "gate rows of R", hidden,
                            verify::extentOf(op.getR(), 1));
}

LogicalResult RNNOp::verify() { return checkRecurrent(*this, 1); }
LogicalResult GRUOp::verify() { return checkRecurrent(*this, 3); }
LogicalResult LSTMOp::verify() { return checkRecurrent(*this, 4); }
