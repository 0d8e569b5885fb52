// Only operators that are no more than a shorthand: what a kernel does better
// as a whole (Softmax, LayerNormalization, Gelu, ...) stays.
#include "passes/normalize/Passes.h"

#include "dialects/onnx/OnnxActivation.h"
#include "dialects/onnx/OnnxNormalize.h"
#include "dialects/onnx/OnnxReduce.h"
#include "dialects/onnx/OnnxUnary.h"
#include "dialects/onnx/WeightStore.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "passes/normalize/ConstantEval.h"
#include "passes/normalize/Expansions.h"
#include "passes/normalize/OnnxBuilder.h"
#include "passes/normalize/Ranks.h"
#include "llvm/ADT/TypeSwitch.h"

#define DEBUG_TYPE "dycc-expand-functions"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_EXPANDFUNCTIONSPASS
#include "passes/normalize/Passes.h.inc"
namespace {

/// An expansion gives the value that takes the place of result 0, or null where
/// the op stays.
Value expand(OnnxBuilder &b, onnx::IdentityOp op, const Ranks &) {
  return op.getInput();
}

/// `x` itself, without training; the mask is all ones then.
Value expand(OnnxBuilder &b, onnx::DropoutOp op, const Ranks &) {
  ElementsAttr training = constantOf(op.getTrainingMode());
  bool isOff = !op.getTrainingMode();
  if (training)
    isOff = !training.getValues<bool>()[0];
  if (!isOff)
    return {};
  if (Value mask = op.getMask(); mask && !mask.use_empty())
    mask.replaceAllUsesWith(
        b.filled(b.getBuilder().getI1Type(), 1, b.shape(op.getData())));
  return op.getData();
}

Value expand(OnnxBuilder &b, onnx::CastLikeOp op, const Ranks &) {
  return b.cast(op.getInput(), elementTypeOf(op.getTargetType()));
}

/// The reduction `name` with the operands and attributes of `op`.
template <typename Op>
Value reduce(OnnxBuilder &b, StringRef name, Op op, Value data) {
  return b.create(name, {data, op.getAxes()},
                  {b.attr("keepdims", op.getKeepdims()),
                   b.attr("noop_with_empty_axes", op.getNoopWithEmptyAxes())});
}

Value expand(OnnxBuilder &b, onnx::ReduceL1Op op, const Ranks &) {
  return reduce(b, "ReduceSum", op, b.create("Abs", op.getData()));
}

Value square(OnnxBuilder &b, Value x) { return b.create("Mul", {x, x}); }

Value expand(OnnxBuilder &b, onnx::ReduceSumSquareOp op, const Ranks &) {
  return reduce(b, "ReduceSum", op, square(b, op.getData()));
}

/// Square roots are of floats only; the other types ONNX allows stay.
Value expand(OnnxBuilder &b, onnx::ReduceL2Op op, const Ranks &) {
  if (!isa<FloatType>(elementTypeOf(op.getData())))
    return {};
  Value sum = reduce(b, "ReduceSum", op, square(b, op.getData()));
  return b.create("Sqrt", sum);
}

Value expand(OnnxBuilder &b, onnx::ReduceLogSumOp op, const Ranks &) {
  if (!isa<FloatType>(elementTypeOf(op.getData())))
    return {};
  return b.create("Log", reduce(b, "ReduceSum", op, op.getData()));
}

/// The squared distance to the mean, averaged over `axes`.
struct Moments {
  Value centred, deviation;
};
Moments moments(OnnxBuilder &b, Value x, Value axes, double epsilon) {
  Value mean = b.create("ReduceMean", {x, axes});
  Value centred = b.create("Sub", {x, mean});
  Value variance = b.create("ReduceMean", {square(b, centred), axes});
  Value eps = b.scalar(elementTypeOf(x), epsilon);
  return {centred, b.create("Sqrt", {b.create("Add", {variance, eps})})};
}

/// ONNX's function adds 1e-9 to the deviation.
Value expand(OnnxBuilder &b, onnx::MeanVarianceNormalizationOp op,
             const Ranks &) {
  Value axes = b.ints(op.getAxes());
  auto [centred, deviation] = moments(b, op.getX(), axes, 0);
  Value eps = b.scalar(elementTypeOf(op.getX()), 1e-9);
  return b.create("Div", {centred, b.create("Add", {deviation, eps})});
}

/// Normalises [N, groups, everything else] over the last axis.
Value normalizeGroups(OnnxBuilder &b, Value x, int64_t groups, double epsilon) {
  Value rows = b.create("Reshape", {x, b.ints({0, groups, -1})});
  auto [centred, deviation] = moments(b, rows, b.ints(2), epsilon);
  Value normal = b.create("Div", {centred, deviation});
  return b.create("Reshape", {normal, b.shape(x)}, b.attr("allowzero", 1));
}

/// `perChannel`, [C], for values of rank `rank`: [C, 1, ...].
Value toChannels(OnnxBuilder &b, Value perChannel, int64_t rank) {
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

std::optional<int64_t> rankOf(Value value, const Ranks &ranks) {
  auto found = ranks.find(value);
  return found == ranks.end() || found->second < 2
             ? std::nullopt
             : std::optional(found->second);
}

Value expand(OnnxBuilder &b, onnx::InstanceNormalizationOp op,
             const Ranks &ranks) {
  std::optional<int64_t> rank = rankOf(op.getInput(), ranks);
  if (!rank)
    return {};
  Value normal = normalizeGroups(b, op.getInput(), /*groups=*/0,
                                 op.getEpsilon().convertToFloat());
  return scaleChannels(b, normal, op.getScale(), op.getB(), *rank);
}

Value expand(OnnxBuilder &b, onnx::GroupNormalizationOp op,
             const Ranks &ranks) {
  std::optional<int64_t> rank = rankOf(op.getX(), ranks);
  // In f32 the first stage needs no other precision.
  bool isPlain = elementTypeOf(op.getX()).isF32() && op.getStashType() == 1;
  if (!rank || !isPlain)
    return {};
  Value normal = normalizeGroups(b, op.getX(), op.getNumGroups(),
                                 op.getEpsilon().convertToFloat());
  return scaleChannels(b, normal, op.getScale(), op.getBias(), *rank);
}

/// A normalisation that no weights could take: x * factor + offset.
Value expand(OnnxBuilder &b, onnx::BatchNormalizationOp op,
             const Ranks &ranks) {
  std::optional<int64_t> rank = rankOf(op.getX(), ranks);
  if (!rank || op.getTrainingMode() || op.getRunningMean() ||
      op.getRunningVar())
    return {};
  Type type = elementTypeOf(op.getX());
  if (elementTypeOf(op.getInputVar()) != type)
    return {};
  Value eps = b.scalar(type, op.getEpsilon().convertToFloat());
  Value deviation =
      b.create("Sqrt", {b.create("Add", {op.getInputVar(), eps})});
  Value factor = b.create("Div", {op.getScale(), deviation});
  Value shift = b.create("Mul", {op.getInputMean(), factor});
  Value offset = b.create("Sub", {op.getB(), shift});
  return scaleChannels(b, op.getX(), factor, offset, *rank);
}

/// Only the mean and the inverse deviation, for which the kernel has no place.
Value expand(OnnxBuilder &b, onnx::LayerNormalizationOp op,
             const Ranks &ranks) {
  Value mean = op.getMean(), inverse = op.getInvStdDev();
  auto rank = ranks.find(op.getX());
  if ((!mean && !inverse) || (op.getAxis() >= 0 && rank == ranks.end()))
    return {};
  int64_t end = op.getAxis() < 0 ? 0 : rank->second;
  Value axes = b.ints(llvm::to_vector(llvm::seq<int64_t>(op.getAxis(), end)));
  Type type = elementTypeOf(mean ? mean : inverse);
  Value x = b.cast(op.getX(), type);
  auto [centred, deviation] =
      moments(b, x, axes, op.getEpsilon().convertToFloat());
  if (mean)
    mean.replaceAllUsesWith(b.create("ReduceMean", {x, axes}));
  if (inverse)
    inverse.replaceAllUsesWith(b.create("Reciprocal", deviation));
  Builder &builder = b.getBuilder();
  return b.create(
      "LayerNormalization", {op.getX(), op.getScale(), op.getB()},
      {b.attr("axis", op.getAxis()), b.attr("stash_type", op.getStashType()),
       builder.getNamedAttr("epsilon", builder.getF32FloatAttr(
                                           op.getEpsilon().convertToFloat())),
       builder.getNamedAttr("resultSegmentSizes",
                            builder.getDenseI32ArrayAttr({1, 0, 0}))});
}

/// Where the norm is 0 ONNX gives 0.
Value expand(OnnxBuilder &b, onnx::LpNormalizationOp op, const Ranks &) {
  Type type = elementTypeOf(op.getInput());
  Value axes = b.ints(op.getAxis());
  Value norm;
  if (op.getP() == 1) {
    norm = b.create("ReduceSum", {b.create("Abs", op.getInput()), axes});
  } else {
    Value sum = b.create("ReduceSum", {square(b, op.getInput()), axes});
    norm = b.create("Sqrt", sum);
  }
  Value zero = b.scalar(type, 0), one = b.scalar(type, 1);
  Value isZero = b.create("Equal", {norm, zero}, b.getBuilder().getI1Type());
  Value divisor = b.create("Where", {isZero, one, norm}, type);
  return b.create("Div", {op.getInput(), divisor});
}

/// max + log(sum(exp(x - max))), with a finite shift where the maximum is none.
Value expand(OnnxBuilder &b, onnx::ReduceLogSumExpOp op, const Ranks &) {
  Type type = elementTypeOf(op.getData());
  if (!isa<FloatType>(type) || op.getNoopWithEmptyAxes())
    return {};
  Type boolean = b.getBuilder().getI1Type();
  Value max = b.create("ReduceMax", {op.getData(), op.getAxes()},
                       b.attr("keepdims", 1));
  Value isInfinite = b.create("IsInf", max, boolean);
  Value shift = b.create("Where", {isInfinite, b.scalar(type, 0), max}, type);
  Value powers = b.create("Exp", {b.create("Sub", {op.getData(), shift})});
  Value sums = reduce(b, "ReduceSum", op, powers);
  if (!op.getKeepdims())
    shift = b.create("Squeeze", {shift, op.getAxes()});
  return b.create("Add", {b.create("Log", sums), shift});
}

/// The mean of the squares of neighbouring channels is an average pool with
/// the channels as a spatial axis: x / (bias + alpha * mean)^beta.
Value expand(OnnxBuilder &b, onnx::LRNOp op, const Ranks &ranks) {
  auto rank = ranks.find(op.getX());
  if (rank == ranks.end() || rank->second < 3)
    return {};
  Type type = elementTypeOf(op.getX());
  int64_t size = op.getSize();
  SmallVector<int64_t> kernel(rank->second - 1, 1);
  SmallVector<int64_t> pads(2 * kernel.size(), 0);
  kernel.front() = size;
  pads.front() = (size - 1) / 2;
  pads[kernel.size()] = size / 2;
  Value squares = b.unsqueeze(square(b, op.getX()), 1);
  Value mean = b.create("AveragePool", squares,
                        {b.attr("kernel_shape", kernel), b.attr("pads", pads),
                         b.attr("count_include_pad", 1)});
  Value alpha = b.scalar(type, op.getAlpha().convertToDouble());
  Value bias = b.scalar(type, op.getBias().convertToDouble());
  Value beta = b.scalar(type, op.getBeta().convertToDouble());
  Value scaled = b.create("Mul", {b.squeeze(mean, 1), alpha});
  Value norm = b.create("Pow", {b.create("Add", {scaled, bias}), beta});
  return b.create("Div", {op.getX(), norm});
}

Value expandOp(OnnxBuilder &b, Operation *op, const Ranks &ranks) {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<onnx::IdentityOp, onnx::DropoutOp, onnx::CastLikeOp,
            onnx::ReduceL1Op, onnx::ReduceL2Op, onnx::ReduceSumSquareOp,
            onnx::ReduceLogSumOp, onnx::ReduceLogSumExpOp,
            onnx::MeanVarianceNormalizationOp, onnx::InstanceNormalizationOp,
            onnx::GroupNormalizationOp, onnx::BatchNormalizationOp,
            onnx::LpNormalizationOp, onnx::LRNOp, onnx::LayerNormalizationOp,
            onnx::AttentionOp, onnx::EinsumOp,
            onnx::NegativeLogLikelihoodLossOp, onnx::SoftmaxCrossEntropyLossOp,
            onnx::QuantizeLinearOp, onnx::DequantizeLinearOp,
            onnx::DynamicQuantizeLinearOp, onnx::MatMulIntegerOp, onnx::RangeOp,
            onnx::OneHotOp>([&](auto typed) { return expand(b, typed, ranks); })
      .Default([](Operation *) { return Value(); });
}

class ExpandFunctions final
    : public impl::ExpandFunctionsPassBase<ExpandFunctions> {
  void runOnOperation() override {
    Ranks ranks = inferRanks(getOperation());
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops) {
      OpBuilder builder(op);
      OnnxBuilder b(builder, op->getLoc());
      Value value = expandOp(b, op, ranks);
      if (!value)
        continue;
      // What later expansions know of the result.
      if (auto found = ranks.find(op->getResult(0)); found != ranks.end())
        ranks.try_emplace(value, found->second);
      op->getResult(0).replaceAllUsesWith(value);
      op->erase();
    }
    refreshResultTypes(getOperation());
  }
};

} // namespace
} // namespace dycc
