// Normalisations as arithmetic on moments and parameters per channel.
#include "passes/normalize/Expansions.h"

#include "llvm/ADT/Sequence.h"

using namespace mlir;

namespace dycc {
namespace {

/// The squared distance to the mean, averaged over `axes`.
struct Moments {
  Value centred, deviation;
};
Moments moments(OnnxBuilder &b, Value x, Value axes, double epsilon) {
  Value mean = b.create("ReduceMean", {x, axes});
  Value centred = b.create("Sub", {x, mean});
  Value variance = b.create("ReduceMean", {b.square(centred), axes});
  Value eps = b.scalar(elementTypeOf(x), epsilon);
  return {centred, b.create("Sqrt", {b.create("Add", {variance, eps})})};
}

} // namespace

/// ONNX's function adds 1e-9 to the deviation.
Value expand(OnnxBuilder &b, onnx::MeanVarianceNormalizationOp op) {
  Value axes = b.ints(op.getAxes());
  Type given = elementTypeOf(op.getX()), type = atLeastF32(given);
  auto [centred, deviation] = moments(b, b.cast(op.getX(), type), axes, 0);
  Value eps = b.scalar(type, 1e-9);
  Value y = b.create("Div", {centred, b.create("Add", {deviation, eps})});
  return b.cast(y, given);
}

namespace {

/// LayerNormalization without its other results.
Value normalizeLayer(OnnxBuilder &b, ArrayRef<Value> operands, int64_t axis,
                     double epsilon, int64_t stashType = 1) {
  Builder &builder = b.getBuilder();
  return b.create(
      "LayerNormalization", operands,
      {b.attr("axis", axis), b.attr("stash_type", stashType),
       builder.getNamedAttr(
           "epsilon", builder.getF32FloatAttr(static_cast<float>(epsilon))),
       builder.getNamedAttr("resultSegmentSizes",
                            builder.getDenseI32ArrayAttr({1, 0, 0}))});
}

/// Normalises [N, groups, everything else] over the last axis.
Value normalizeGroups(OnnxBuilder &b, Value x, int64_t groups, double epsilon) {
  Value rows = b.create("Reshape", {x, b.ints({0, groups, -1})});
  Value one = b.scalar(elementTypeOf(x), 1);
  Value normal = normalizeLayer(b, {rows, one, Value()}, -1, epsilon);
  return b.create("Reshape", {normal, b.shape(x)}, b.attr("allowzero", 1));
}

/// `perChannel`, [C], for values of rank `rank`: [C, 1, ...]. What has one axis
/// has one channel.
Value toChannels(OnnxBuilder &b, Value perChannel, int64_t rank) {
  if (rank < 2)
    return perChannel;
  SmallVector<int64_t> shape(rank - 1, 1);
  shape[0] = -1;
  return b.create("Reshape", {perChannel, b.ints(shape)});
}

/// scale * x + bias per channel, for the rank that x has.
Value scaleChannels(OnnxBuilder &b, Value x, Value scale, Value bias,
                    int64_t rank) {
  Value scaled = b.create("Mul", {x, toChannels(b, scale, rank)});
  return b.create("Add", {scaled, toChannels(b, bias, rank)});
}

} // namespace

/// The statistics are f32 whatever the type; halves are rounded at the end.
Value expand(OnnxBuilder &b, onnx::GroupNormalizationOp op) {
  std::optional<int64_t> rank = rankOf(op.getX());
  if (!rank || *rank < 2 || op.getStashType() != 1 /*FLOAT*/)
    return {};
  Value x = b.cast(op.getX(), b.getBuilder().getF32Type());
  Value normal = normalizeGroups(b, x, op.getNumGroups(),
                                 op.getEpsilon().convertToFloat());
  Type type = elementTypeOf(op.getX()), wide = atLeastF32(type);
  Value y = scaleChannels(b, b.cast(normal, wide), b.cast(op.getScale(), wide),
                          b.cast(op.getBias(), wide), *rank);
  return b.cast(y, type);
}

namespace {

/// One value per channel, [C], each.
struct Statistics {
  Value mean, variance;
};

/// Those of `x` over all axes but the channels'.
Statistics statisticsOf(OnnxBuilder &b, Value x, int64_t rank) {
  SmallVector<int64_t> others = {0};
  for (int64_t axis = 2; axis < rank; ++axis)
    others.push_back(axis);
  Value axes = b.ints(others);
  Value mean = b.create("ReduceMean", {x, axes});
  Value centred = b.create("Sub", {x, mean});
  Value variance = b.create("ReduceMean", {b.square(centred), axes});
  auto flat = [&](Value value) {
    return b.create("Reshape", {value, b.ints(-1)});
  };
  return {flat(mean), flat(variance)};
}

/// The widest of the types, f32 at least: halves are rounded once, at the end.
Type preciseType(OnnxBuilder &b, onnx::BatchNormalizationOp op) {
  Type precise = atLeastF32(elementTypeOf(op.getX()));
  for (Value operand : op->getOperands())
    if (elementTypeOf(operand).getIntOrFloatBitWidth() >
        precise.getIntOrFloatBitWidth())
      precise = elementTypeOf(operand);
  return precise;
}

bool isUsed(Value result) { return result && !result.use_empty(); }

/// old * momentum + current * (1 - momentum) in the place of `result`.
void updateStatistic(OnnxBuilder &b, Value result, Value old, Value current,
                     double momentum) {
  if (!isUsed(result))
    return;
  Type type = elementTypeOf(current);
  Value kept = b.create("Mul", {b.cast(old, type), b.scalar(type, momentum)});
  Value added = b.create("Mul", {current, b.scalar(type, 1 - momentum)});
  b.replace(result,
            b.cast(b.create("Add", {kept, added}), elementTypeOf(result)));
}

} // namespace

/// A normalisation that no weights could take: x * factor + offset. In training
/// (x - mean) * factor + bias: the batch's own mean may be far from 0.
Value expand(OnnxBuilder &b, onnx::BatchNormalizationOp op) {
  std::optional<int64_t> rank = rankOf(op.getX());
  bool isTraining = op.getTrainingMode();
  bool asksStatistics =
      isUsed(op.getRunningMean()) || isUsed(op.getRunningVar());
  if (!rank || *rank < 1 || (asksStatistics && !isTraining))
    return {};
  Type type = preciseType(b, op);
  auto cast = [&](Value value) { return b.cast(value, type); };
  Value x = cast(op.getX()), bias = cast(op.getB());
  Statistics used{cast(op.getInputMean()), cast(op.getInputVar())};
  if (isTraining)
    used = statisticsOf(b, x, *rank);
  Value eps = b.scalar(type, op.getEpsilon().convertToFloat());
  Value deviation = b.create("Sqrt", {b.create("Add", {used.variance, eps})});
  Value factor = b.create("Div", {cast(op.getScale()), deviation});
  if (isTraining)
    x = b.create("Sub", {x, toChannels(b, used.mean, *rank)});
  else
    bias = b.create("Sub", {bias, b.create("Mul", {used.mean, factor})});
  double momentum = op.getMomentum().convertToFloat();
  updateStatistic(b, op.getRunningMean(), op.getInputMean(), used.mean,
                  momentum);
  updateStatistic(b, op.getRunningVar(), op.getInputVar(), used.variance,
                  momentum);
  return b.cast(scaleChannels(b, x, factor, bias, *rank),
                elementTypeOf(op.getY()));
}

/// Only the mean and the inverse deviation, for which the kernel has no place.
Value expand(OnnxBuilder &b, onnx::LayerNormalizationOp op) {
  Value mean = op.getMean(), inverse = op.getInvStdDev();
  std::optional<int64_t> rank = rankOf(op.getX());
  if ((!mean && !inverse) || (op.getAxis() >= 0 && !rank))
    return {};
  int64_t end = op.getAxis() < 0 ? 0 : *rank;
  Value axes = b.ints(llvm::to_vector(llvm::seq<int64_t>(op.getAxis(), end)));
  Type type = elementTypeOf(mean ? mean : inverse);
  Value x = b.cast(op.getX(), type);
  auto [centred, deviation] =
      moments(b, x, axes, op.getEpsilon().convertToFloat());
  if (mean)
    b.replace(mean, b.create("ReduceMean", {x, axes}));
  if (inverse)
    b.replace(inverse, b.create("Reciprocal", deviation));
  return normalizeLayer(b, {op.getX(), op.getScale(), op.getB()}, op.getAxis(),
                        op.getEpsilon().convertToFloat(), op.getStashType());
}

/// Where the norm is 0 ONNX gives 0.
Value expand(OnnxBuilder &b, onnx::LpNormalizationOp op) {
  Type given = elementTypeOf(op.getInput()), type = atLeastF32(given);
  Value x = b.cast(op.getInput(), type);
  Value axes = b.ints(op.getAxis());
  Value norm;
  if (op.getP() == 1) {
    norm = b.create("ReduceSum", {b.create("Abs", x), axes});
  } else {
    Value sum = b.create("ReduceSum", {b.square(x), axes});
    norm = b.create("Sqrt", sum);
  }
  Value zero = b.scalar(type, 0), one = b.scalar(type, 1);
  Value isZero = b.create("Equal", {norm, zero}, b.getBuilder().getI1Type());
  Value divisor = b.create("Where", {isZero, one, norm}, type);
  return b.cast(b.create("Div", {x, divisor}), given);
}

/// The mean of the squares of neighbouring channels is an average pool with
/// the channels as a spatial axis: x / (bias + alpha * mean)^beta.
Value expand(OnnxBuilder &b, onnx::LRNOp op) {
  std::optional<int64_t> rank = rankOf(op.getX());
  if (!rank || *rank < 2)
    return {};
  Type given = elementTypeOf(op.getX()), type = atLeastF32(given);
  Value x = b.cast(op.getX(), type);
  int64_t size = op.getSize();
  SmallVector<int64_t> kernel(*rank - 1, 1);
  SmallVector<int64_t> pads(2 * kernel.size(), 0);
  kernel.front() = size;
  pads.front() = (size - 1) / 2;
  pads[kernel.size()] = size / 2;
  Value squares = b.unsqueeze(b.square(x), 1);
  Value mean = b.create("AveragePool", squares,
                        {b.attr("kernel_shape", kernel), b.attr("pads", pads),
                         b.attr("count_include_pad", 1)});
  Value alpha = b.scalar(type, op.getAlpha().convertToDouble());
  Value bias = b.scalar(type, op.getBias().convertToDouble());
  Value beta = b.scalar(type, op.getBeta().convertToDouble());
  Value scaled = b.create("Mul", {b.squeeze(mean, 1), alpha});
  Value norm = b.create("Pow", {b.create("Add", {scaled, bias}), beta});
  return b.cast(b.create("Div", {x, norm}), given);
}

} // namespace dycc
