// Losses over class numbers: the class's log probability is gathered, weighted
// by its class and added up.
#include "passes/normalize/Expansions.h"

using namespace mlir;

namespace dycc {
namespace {

/// What both losses share, from log probabilities [N, C, d...] and class
/// numbers [N, d...].
struct Loss {
  Value logProbabilities, classes, weights;
  std::optional<int64_t> ignored;
  StringRef reduction;
};

Value expandLoss(OnnxBuilder &b, const Loss &loss) {
  Type type = elementTypeOf(loss.logProbabilities);
  Type boolean = b.getBuilder().getI1Type();
  Value classes = loss.classes, isIgnored, zero = b.scalar(type, 0);
  if (loss.ignored) {
    Type integer = elementTypeOf(classes);
    Value number = b.scalar(integer, static_cast<double>(*loss.ignored));
    isIgnored = b.create("Equal", {classes, number}, boolean);
    // It may be no class at all.
    classes =
        b.create("Where", {isIgnored, b.scalar(integer, 0), classes}, integer);
  }
  Value chosen = b.create("GatherElements",
                          {loss.logProbabilities, b.unsqueeze(classes, 1)},
                          b.attr("axis", 1));
  Value losses = b.create("Neg", b.squeeze(chosen, 1));
  Value factor;
  if (loss.weights)
    factor = b.create("Gather", {loss.weights, classes});
  else if (isIgnored)
    factor = b.scalar(type, 1);
  if (isIgnored)
    factor = b.create("Where", {isIgnored, zero, factor}, type);
  if (factor)
    losses = b.create("Mul", {losses, factor});
  if (loss.reduction == "none")
    return losses;
  if (loss.reduction == "mean" && !factor)
    return b.create("ReduceMean", losses, b.attr("keepdims", 0));
  Value sum = b.create("ReduceSum", losses, b.attr("keepdims", 0));
  if (loss.reduction == "sum")
    return sum;
  Value total = b.create("ReduceSum", factor, b.attr("keepdims", 0));
  return b.create("Div", {sum, total});
}

} // namespace

Value expand(OnnxBuilder &b, onnx::NegativeLogLikelihoodLossOp op) {
  return expandLoss(b, {op.getInput(), op.getTarget(), op.getWeight(),
                        op.getIgnoreIndex(), op.getReduction()});
}

Value expand(OnnxBuilder &b, onnx::SoftmaxCrossEntropyLossOp op) {
  Value logarithms = b.create("LogSoftmax", op.getScores(), b.attr("axis", 1));
  if (Value asked = op.getLogProb())
    b.replace(asked, logarithms);
  return expandLoss(b, {logarithms, op.getLabels(), op.getWeights(),
                        op.getIgnoreIndex(), op.getReduction()});
}

} // namespace dycc
