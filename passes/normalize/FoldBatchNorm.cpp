// Computed in f64 and rounded once per weight, so that the folded weights are
// as good as the given ones.
#include "passes/normalize/Passes.h"

#include "dialects/onnx/OnnxLinear.h"
#include "dialects/onnx/OnnxNary.h"
#include "dialects/onnx/OnnxNormalize.h"
#include "dialects/onnx/WeightStore.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "passes/normalize/ConstantEval.h"
#include "passes/normalize/OnnxBuilder.h"
#include <cmath>
#include <cstring>

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
  std::vector<char> bytes(values.size() * onnx::getElementBytes(element));
  if (element.isF32())
    for (auto [i, value] : llvm::enumerate(values)) {
      auto narrow = static_cast<float>(value);
      std::memcpy(&bytes[i * sizeof(narrow)], &narrow, sizeof(narrow));
    }
  else
    std::memcpy(bytes.data(), values.data(), bytes.size());
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

/// The operator that takes the map over: a product with weights, or another
/// normalisation.
struct Root {
  Operation *op;
  int64_t channelAxis; ///< Of the weights.
  int64_t channels;    ///< Per group where the channels are grouped.
  int64_t groups = 1;

  int64_t numChannels() const { return channels * groups; }
};

std::optional<Root> findRoot(Operation *op) {
  if (!op || op->getNumOperands() < 2 || !op->getResult(0).hasOneUse())
    return std::nullopt;
  ElementsAttr weights = constantOf(op->getOperand(1));
  if (!weights)
    return std::nullopt;
  ArrayRef<int64_t> shape = shapeOf(weights);
  if (isa<onnx::ConvOp>(op) && shape.size() > 2)
    return Root{op, 0, shape[0]};
  // The weights have the input's channels first, then an output group's.
  if (auto transposed = dyn_cast<onnx::ConvTransposeOp>(op);
      transposed && shape.size() > 2 && shape[0] % transposed.getGroup() == 0)
    return Root{op, 1, shape[1], transposed.getGroup()};
  if (auto norm = dyn_cast<onnx::BatchNormalizationOp>(op);
      norm && shape.size() == 1 && !norm.getTrainingMode() &&
      norm->getNumResults() == 1)
    return Root{op, 0, shape[0]};
  auto gemm = dyn_cast<onnx::GemmOp>(op);
  bool isPlain =
      gemm && gemm.getBeta().convertToFloat() == 1.0f && shape.size() == 2;
  if (!isPlain)
    return std::nullopt;
  int64_t axis = gemm.getTransB() ? 0 : 1;
  return Root{op, axis, shape[axis]};
}

/// The values of `constant`, one per channel of a tensor of rank `rank` that it
/// is broadcast to; nothing where it varies along another axis.
std::optional<std::vector<double>> perChannel(ElementsAttr constant,
                                              int64_t channels, int64_t rank) {
  auto values = doublesOf(constant);
  if (!values)
    return std::nullopt;
  ArrayRef<int64_t> shape = shapeOf(constant);
  if (int64_t(shape.size()) > rank)
    return std::nullopt;
  if (values->size() == 1)
    return std::vector<double>(channels, values->front());
  // Counted from the right, channels are at rank - 1.
  bool matches = int64_t(shape.size()) >= rank - 1 &&
                 int64_t(values->size()) == channels &&
                 shape[shape.size() - (rank - 1)] == channels;
  return matches ? values : std::nullopt;
}

/// What the sum, difference, product or quotient with a constant does.
std::optional<ChannelMap> readArithmetic(Operation *op, unsigned side,
                                         int64_t channels, int64_t rank) {
  bool isMul = isa<onnx::MulOp>(op), isDiv = isa<onnx::DivOp>(op);
  bool isAdd = isa<onnx::AddOp>(op), isSub = isa<onnx::SubOp>(op);
  if ((!isMul && !isAdd && !isDiv && !isSub) || ((isDiv || isSub) && side))
    return std::nullopt;
  auto values =
      perChannel(constantOf(op->getOperand(1 - side)), channels, rank);
  if (!values)
    return std::nullopt;
  ChannelMap map{std::vector<double>(channels, 1.0),
                 std::vector<double>(channels, 0.0)};
  for (int64_t i = 0; i < channels; ++i) {
    double value = (*values)[i];
    if (isMul || isDiv)
      map.factor[i] = isMul ? value : 1 / value;
    else
      map.offset[i] = isAdd ? value : -value;
  }
  return map;
}

/// The bias of the operator, one value per channel; zeros where it has none.
std::optional<std::vector<double>> readBias(const Root &root) {
  size_t channels = root.numChannels();
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
  size_t inner =
      ShapedType::getNumElements(shape.drop_front(root.channelAxis + 1));
  int64_t inputsPerGroup = root.groups > 1 ? shape[0] / root.groups : shape[0];
  int64_t row = 0; // Elements of one channel that lie together.
  for (size_t i = 0; i < values.size(); i += inner, ++row) {
    int64_t channel = row % root.channels;
    if (root.groups > 1)
      channel += row / root.channels / inputsPerGroup * root.channels;
    for (size_t k = i; k < i + inner; ++k)
      values[k] *= factor[channel];
  }
  return values;
}

/// The affine functions that follow a root, as one.
struct Chain {
  ChannelMap map;
  SmallVector<Operation *> ops; ///< In order; each is the only use before it.
};

class FoldBatchNorm final : public impl::FoldBatchNormPassBase<FoldBatchNorm> {
  void runOnOperation() override {
    SmallVector<Operation *> roots;
    getOperation().walk([&](Operation *op) {
      if (isa<onnx::ConvOp, onnx::ConvTransposeOp, onnx::GemmOp,
              onnx::BatchNormalizationOp>(op))
        roots.push_back(op);
    });
    llvm::DenseSet<Operation *> erased;
    for (Operation *op : roots) {
      if (erased.contains(op))
        continue;
      std::optional<Root> root = findRoot(op);
      Chain chain = root ? collect(*root) : Chain();
      if (chain.ops.empty() || !apply(*root, chain))
        continue;
      // Users first.
      for (Operation *old : llvm::reverse(chain.ops)) {
        erased.insert(old);
        old->erase();
      }
      op->erase();
    }
    refreshResultTypes(getOperation());
  }

  /// What `op` does with its operand `side`, a value with the root's shape.
  static std::optional<ChannelMap> readMap(Operation *op, unsigned side,
                                           const Root &root) {
    if (auto norm = dyn_cast<onnx::BatchNormalizationOp>(op))
      return side == 0 ? readBatchNorm(norm) : std::nullopt;
    std::optional<int64_t> rank = rankOf(root.op->getResult(0));
    if (!rank || *rank < 2)
      return std::nullopt;
    return readArithmetic(op, side, root.numChannels(), *rank);
  }

  /// Follows the only uses. One new weight is made for all: a step each would
  /// leave its weights behind in the store.
  Chain collect(const Root &root) {
    size_t channels = root.numChannels();
    Chain chain{{std::vector<double>(channels, 1.0),
                 std::vector<double>(channels, 0.0)},
                {}};
    Operation *last = root.op;
    while (last->getResult(0).hasOneUse()) {
      OpOperand &use = *last->getResult(0).use_begin();
      Operation *op = use.getOwner();
      // In one block: a branch that does not run must not cost anything.
      if (op->getBlock() != root.op->getBlock() || use.getOperandNumber() > 1)
        break;
      auto map = readMap(op, use.getOperandNumber(), root);
      if (!map || map->factor.size() != channels)
        break;
      for (size_t i = 0; i < channels; ++i) {
        chain.map.factor[i] *= map->factor[i];
        chain.map.offset[i] =
            chain.map.offset[i] * map->factor[i] + map->offset[i];
      }
      chain.ops.push_back(op);
      last = op;
    }
    return chain;
  }

  /// Creates the root anew, with the chain in its weights.
  bool apply(const Root &root, const Chain &chain) {
    ElementsAttr weights = constantOf(root.op->getOperand(1));
    auto values = doublesOf(weights);
    auto bias = readBias(root);
    if (!values || !bias)
      return false;
    ArrayRef<int64_t> shape = shapeOf(weights);
    std::vector<double> scaled =
        scaleWeights(root, std::move(*values), shape, chain.map.factor);
    for (auto [b, factor, offset] :
         llvm::zip_equal(*bias, chain.map.factor, chain.map.offset))
      b = b * factor + offset;

    OpBuilder builder(root.op);
    SmallVector<Location> locations = {root.op->getLoc()};
    for (Operation *op : chain.ops)
      locations.push_back(op->getLoc());
    OnnxBuilder b(builder, builder.getFusedLoc(locations));
    SmallVector<Value> operands = operandsByPosition(root.op);
    operands.resize(std::max<size_t>(operands.size(), 3));
    Type element = weights.getElementType();
    operands[1] = b.constant(makeWeight(shape, element, scaled));
    operands[2] = b.constant(makeWeight(int64_t(bias->size()), element, *bias));
    SmallVector<NamedAttribute> attributes;
    for (NamedAttribute attribute : root.op->getAttrs())
      if (attribute.getName() != "operandSegmentSizes")
        attributes.push_back(attribute);
    Value result =
        b.create(root.op->getName().stripDialect(), operands, attributes);
    replaceValue(chain.ops.back()->getResult(0), result);
    return true;
  }
};

} // namespace
} // namespace dycc
