// Computed in f64 and rounded once per weight, so that the folded weights are
// as good as the given ones.
#include "passes/normalize/Passes.h"

#include "dialects/onnx/OnnxLinear.h"
#include "dialects/onnx/OnnxNormalize.h"
#include "dialects/onnx/WeightStore.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "passes/normalize/ConstantEval.h"
#include "passes/normalize/OnnxBuilder.h"
#include <cmath>

#define DEBUG_TYPE "dycc-fold-batch-norm"

using namespace mlir;
using dycc::onnx::WeightBytes;

namespace dycc {
#define GEN_PASS_DEF_FOLDBATCHNORMPASS
#include "passes/normalize/Passes.h.inc"
namespace {

/// y = factor * x + offset, per channel.
struct ChannelMap {
  std::vector<double> factor, offset;
};

/// The elements of an f32 or f64 constant as f64, or nothing.
std::optional<std::vector<double>> doublesOf(ElementsAttr constant) {
  bool isF32 = constant && constant.getElementType().isF32();
  if (!constant || (!isF32 && !constant.getElementType().isF64()))
    return std::nullopt;
  std::optional<WeightBytes> bytes = onnx::getWeightBytes(constant);
  if (!bytes)
    return std::nullopt;
  std::vector<double> values(constant.getNumElements());
  for (auto [i, value] : llvm::enumerate(values))
    value = isF32 ? bytes->at<float>(i) : bytes->at<double>(i);
  return values;
}

ElementsAttr makeWeight(ArrayRef<int64_t> shape, Type element,
                        ArrayRef<double> values) {
  std::vector<char> bytes;
  bytes.reserve(values.size() * onnx::getElementBytes(element));
  for (double value : values) {
    float narrow = static_cast<float>(value);
    const char *from = element.isF32() ? reinterpret_cast<char *>(&narrow)
                                       : reinterpret_cast<const char *>(&value);
    bytes.insert(bytes.end(), from, from + onnx::getElementBytes(element));
  }
  return onnx::getWeight(RankedTensorType::get(shape, element),
                         std::move(bytes));
}

/// What a normalisation with constant parameters does, or nothing.
std::optional<ChannelMap> readBatchNorm(onnx::BatchNormalizationOp op) {
  auto scale = doublesOf(constantOf(op.getScale()));
  auto bias = doublesOf(constantOf(op.getB()));
  auto mean = doublesOf(constantOf(op.getInputMean()));
  auto variance = doublesOf(constantOf(op.getInputVar()));
  if (!scale || !bias || !mean || !variance || op.getTrainingMode() ||
      op.getRunningMean() || op.getRunningVar())
    return std::nullopt;
  size_t n = scale->size();
  if (bias->size() != n || mean->size() != n || variance->size() != n)
    return std::nullopt;
  ChannelMap map;
  double epsilon = op.getEpsilon().convertToFloat();
  for (size_t i = 0; i < n; ++i) {
    double factor = (*scale)[i] / std::sqrt((*variance)[i] + epsilon);
    map.factor.push_back(factor);
    map.offset.push_back((*bias)[i] - (*mean)[i] * factor);
  }
  return map;
}

/// Where the operator before the normalisation has its channels.
struct Root {
  Operation *op;
  int64_t channelAxis; ///< Of the weights.
  int64_t channels;    ///< Per group where the channels are grouped.
  int64_t groups = 1;
};

std::optional<Root> findRoot(Operation *op) {
  if (!op || !op->hasOneUse())
    return std::nullopt;
  ElementsAttr weights =
      op->getNumOperands() > 1 ? constantOf(op->getOperand(1)) : ElementsAttr();
  if (!weights)
    return std::nullopt;
  ArrayRef<int64_t> shape = shapeOf(weights);
  if (isa<onnx::ConvOp>(op) && shape.size() > 2)
    return Root{op, 0, shape[0]};
  // The weights have the input's channels first, then an output group's.
  if (auto transposed = dyn_cast<onnx::ConvTransposeOp>(op);
      transposed && shape.size() > 2)
    return Root{op, 1, shape[1], transposed.getGroup()};
  auto gemm = dyn_cast<onnx::GemmOp>(op);
  bool isPlain =
      gemm && gemm.getBeta().convertToFloat() == 1.0f && shape.size() == 2;
  if (!isPlain)
    return std::nullopt;
  int64_t axis = gemm.getTransB() ? 0 : 1;
  return Root{op, axis, shape[axis]};
}

/// The bias of the operator, one value per channel; zeros where it has none.
std::optional<std::vector<double>> readBias(const Root &root) {
  size_t channels = root.channels * root.groups;
  SmallVector<Value> operands = operandsByPosition(root.op);
  if (operands.size() < 3 || !operands[2])
    return std::vector<double>(channels, 0.0);
  ElementsAttr bias = constantOf(operands[2]);
  auto values = doublesOf(bias);
  // Of a Gemm it may have any shape that broadcasts to the result.
  if (!values || values->size() != channels ||
      shapeOf(bias).back() != int64_t(channels))
    return std::nullopt;
  return values;
}

/// Multiplies each weight with the factor of its output channel.
std::vector<double> scaleWeights(const Root &root, std::vector<double> values,
                                 ArrayRef<int64_t> shape,
                                 ArrayRef<double> factor) {
  int64_t inner =
      ShapedType::getNumElements(shape.drop_front(root.channelAxis + 1));
  int64_t inputsPerGroup = root.groups > 1 ? shape[0] / root.groups : shape[0];
  for (size_t i = 0; i < values.size(); ++i) {
    int64_t channel = i / inner % root.channels;
    if (root.groups > 1) {
      int64_t input = i / (inner * root.channels);
      channel += input / inputsPerGroup * root.channels;
    }
    values[i] *= factor[channel];
  }
  return values;
}

class FoldBatchNorm final : public impl::FoldBatchNormPassBase<FoldBatchNorm> {
  void runOnOperation() override {
    SmallVector<onnx::BatchNormalizationOp> ops;
    getOperation().walk(
        [&](onnx::BatchNormalizationOp op) { ops.push_back(op); });
    for (onnx::BatchNormalizationOp op : ops)
      fold(op);
    refreshResultTypes(getOperation());
  }

  static void fold(onnx::BatchNormalizationOp op) {
    std::optional<Root> root = findRoot(op.getX().getDefiningOp());
    std::optional<ChannelMap> map = readBatchNorm(op);
    if (!root || !map ||
        int64_t(map->factor.size()) != root->channels * root->groups)
      return;
    // In one block: the weights are made where the operator is.
    if (root->op->getBlock() != op->getBlock())
      return;
    ElementsAttr weights = constantOf(root->op->getOperand(1));
    auto values = doublesOf(weights);
    auto bias = readBias(*root);
    if (!values || !bias ||
        (root->groups > 1 && shapeOf(weights)[0] % root->groups))
      return;
    ArrayRef<int64_t> shape = shapeOf(weights);
    std::vector<double> scaled =
        scaleWeights(*root, std::move(*values), shape, map->factor);
    for (auto [b, factor, offset] :
         llvm::zip_equal(*bias, map->factor, map->offset))
      b = b * factor + offset;
    replace(op, *root, makeWeight(shape, weights.getElementType(), scaled),
            makeWeight(int64_t(bias->size()), weights.getElementType(), *bias));
  }

  static void replace(onnx::BatchNormalizationOp op, const Root &root,
                      ElementsAttr weights, ElementsAttr bias) {
    OpBuilder builder(root.op);
    Location location = builder.getFusedLoc({root.op->getLoc(), op->getLoc()});
    OnnxBuilder b(builder, location);
    SmallVector<Value> operands = operandsByPosition(root.op);
    operands.resize(3);
    operands[1] = b.constant(weights);
    operands[2] = b.constant(bias);
    SmallVector<NamedAttribute> attributes;
    for (NamedAttribute attribute : root.op->getAttrs())
      if (attribute.getName() != "operandSegmentSizes")
        attributes.push_back(attribute);
    Value result =
        b.create(root.op->getName().stripDialect(), operands, attributes);
    op.getY().replaceAllUsesWith(result);
    op->erase();
    root.op->erase();
  }
};

} // namespace
} // namespace dycc
