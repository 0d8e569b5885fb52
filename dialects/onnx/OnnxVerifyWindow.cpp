// Operators with a sliding window: convolutions and poolings.
#include "dialects/onnx/OnnxLinear.h"
#include "dialects/onnx/OnnxPooling.h"
#include "dialects/onnx/OnnxQuantize.h"
#include "dialects/onnx/OnnxVerify.h"

using namespace mlir;
using namespace dycc::onnx;

namespace {
/// An attribute with entries per spatial axis.
struct PerAxis {
  StringRef name;
  std::optional<ArrayRef<int64_t>> values;
  int64_t entriesPerAxis; ///< 2 for pads: one before, one after the axis.
  int64_t least;          ///< The smallest entry that means something.
};
} // namespace

/// The window attributes that `op` has.
template <typename OpTy>
static SmallVector<PerAxis> perAxis(OpTy op) {
  SmallVector<PerAxis> attributes = {
      {"kernel_shape", op.getKernelShape(), 1, 1},
      {"strides", op.getStrides(), 1, 1},
      {"pads", op.getPads(), 2, 0},
  };
  if constexpr (requires { op.getDilations(); })
    attributes.push_back({"dilations", op.getDilations(), 1, 1});
  if constexpr (requires { op.getOutputPadding(); })
    attributes.push_back({"output_padding", op.getOutputPadding(), 1, 0});
  return attributes;
}

static LogicalResult checkEntries(Operation *op, const PerAxis &attribute,
                                  int64_t axes) {
  int64_t count = attribute.values->size();
  if (count != axes * attribute.entriesPerAxis)
    return op->emitOpError("expects ")
           << attribute.name << " with " << axes * attribute.entriesPerAxis
           << " entries for " << axes << " spatial axes, got " << count;
  for (int64_t value : *attribute.values)
    if (value < attribute.least)
      return op->emitOpError("expects entries of ")
             << attribute.name << " >= " << attribute.least << ", got "
             << value;
  return success();
}

/// (C1) auto_pad, (C2) rank of X, (C3) the attributes' entries.
template <typename OpTy>
static LogicalResult checkWindow(OpTy op) {
  if constexpr (requires { op.getAutoPad(); })
    if (failed(verify::oneOf(op, "auto_pad", op.getAutoPad(),
                             {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"})))
      return failure();
  if (failed(verify::minRank(op, "X", op.getX(), 3)))
    return failure();
  std::optional<int64_t> rank = verify::rankOf(op.getX());
  for (const PerAxis &attribute : perAxis(op))
    if (rank && attribute.values &&
        failed(checkEntries(op, attribute, *rank - 2)))
      return failure();
  return success();
}

/// (C4) W has X's rank, (C5) kernel_shape agrees with W.
template <typename OpTy>
static LogicalResult checkFilter(OpTy op) {
  if (std::optional<int64_t> rank = verify::rankOf(op.getX()))
    if (failed(verify::rank(op, "W", op.getW(), *rank)))
      return failure();
  if (std::optional<ArrayRef<int64_t>> kernel = op.getKernelShape())
    for (auto [i, extent] : llvm::enumerate(*kernel))
      if (failed(verify::sameExtent(op, "kernel_shape and extents of W", extent,
                                    verify::extentOf(op.getW(), i + 2))))
        return failure();
  return success();
}

/// `extent * factor` where the extent is static.
static std::optional<int64_t> scaled(std::optional<int64_t> extent,
                                     int64_t factor) {
  return extent ? std::optional(*extent * factor) : std::nullopt;
}

/// (C8): a bias is a vector of as many elements as there are output channels.
static LogicalResult checkBias(Operation *op, Value bias,
                               std::optional<int64_t> out) {
  if (!bias)
    return success();
  if (failed(verify::rank(op, "B", bias, 1)))
    return failure();
  return verify::sameExtent(op, "output channels and bias elements", out,
                            verify::extentOf(bias, 0));
}

/// (C6) to (C8): W is (out, in / group, ...), B has an element per out.
template <typename OpTy>
static LogicalResult checkConv(OpTy op) {
  std::optional<int64_t> out = verify::extentOf(op.getW(), 0);
  if (failed(checkWindow(op)) || failed(checkFilter(op)) ||
      failed(verify::divides(op, "group", op.getGroup(), "output channels",
                             out)) || // (C6)
      failed(verify::sameExtent(
          op, "channels of X and group times W", verify::extentOf(op.getX(), 1),
          scaled(verify::extentOf(op.getW(), 1), op.getGroup())))) // (C7)
    return failure();
  if constexpr (requires { op.getB(); })
    return checkBias(op, op.getB(), out);
  else
    return success();
}

LogicalResult ConvOp::verify() { return checkConv(*this); }
LogicalResult ConvIntegerOp::verify() { return checkConv(*this); }
LogicalResult QLinearConvOp::verify() { return checkConv(*this); }

LogicalResult DeformConvOp::verify() {
  if (failed(checkConv(*this)))
    return failure();
  return verify::divides(*this, "offset_group", getOffsetGroup(), "channels",
                         verify::extentOf(getX(), 1)); // (C9)
}

// W is (in, out / group, ...) here.
LogicalResult ConvTransposeOp::verify() {
  std::optional<int64_t> in = verify::extentOf(getX(), 1);
  if (failed(checkWindow(*this)) || failed(checkFilter(*this)) ||
      failed(verify::divides(*this, "group", getGroup(), "channels",
                             in)) || // (C6)
      failed(verify::sameExtent(*this, "channels of X and W", in,
                                verify::extentOf(getW(), 0)))) // (C7)
    return failure();
  return checkBias(*this, getB(),
                   scaled(verify::extentOf(getW(), 1), getGroup()));
}

LogicalResult AveragePoolOp::verify() { return checkWindow(*this); }
LogicalResult LpPoolOp::verify() { return checkWindow(*this); }
LogicalResult MaxUnpoolOp::verify() { return checkWindow(*this); }

LogicalResult MaxPoolOp::verify() {
  if (failed(checkWindow(*this)))
    return failure();
  if (getStorageOrder() == 0 || getStorageOrder() == 1) // (C4)
    return success();
  return emitOpError("expects storage_order to be 0 or 1, got ")
         << getStorageOrder();
}

LogicalResult MaxRoiPoolOp::verify() { // (C1)
  return checkEntries(*this, {"pooled_shape", getPooledShape(), 1, 1}, 2);
}
