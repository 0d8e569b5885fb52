// Only operators that are no more than a shorthand: what a kernel does better
// as a whole (Softmax, LayerNormalization, Gelu, ...) stays.
#include "passes/normalize/Passes.h"

#include "dialects/onnx/OnnxActivation.h"
#include "dialects/onnx/OnnxReduce.h"
#include "dialects/onnx/OnnxUnary.h"
#include "passes/normalize/Expansions.h"
#include "passes/normalize/OnnxBuilder.h"
#include "llvm/ADT/TypeSwitch.h"

#define DEBUG_TYPE "dycc-expand-functions"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_EXPANDFUNCTIONSPASS
#include "passes/normalize/Passes.h.inc"
namespace {

/// An expansion gives the value that takes the place of result 0, or null where
/// the op stays.
Value expand(OnnxBuilder &b, onnx::IdentityOp op) { return op.getInput(); }

/// `x` itself, without training; the mask is all ones then.
Value expand(OnnxBuilder &b, onnx::DropoutOp op) {
  ElementsAttr training = constantOf(op.getTrainingMode());
  bool isOff = !op.getTrainingMode();
  if (training)
    isOff = !training.getValues<bool>()[0];
  if (!isOff)
    return expandTraining(b, op);
  if (Value mask = op.getMask(); mask && !mask.use_empty())
    b.replace(mask,
              b.filled(b.getBuilder().getI1Type(), 1, b.shape(op.getData())));
  return op.getData();
}

Value expand(OnnxBuilder &b, onnx::CastLikeOp op) {
  return b.cast(op.getInput(), elementTypeOf(op.getTargetType()),
                roundingOf(op));
}

/// The reduction `name` with the operands and attributes of `op`.
template <typename Op>
Value reduce(OnnxBuilder &b, StringRef name, Op op, Value data) {
  return b.create(name, {data, op.getAxes()},
                  {b.attr("keepdims", op.getKeepdims()),
                   b.attr("noop_with_empty_axes", op.getNoopWithEmptyAxes())});
}

Value expand(OnnxBuilder &b, onnx::ReduceL1Op op) {
  return reduce(b, "ReduceSum", op, b.create("Abs", op.getData()));
}

Value expand(OnnxBuilder &b, onnx::ReduceSumSquareOp op) {
  return reduce(b, "ReduceSum", op, b.square(op.getData()));
}

/// Square roots are of floats only; the other types ONNX allows stay.
Value expand(OnnxBuilder &b, onnx::ReduceL2Op op) {
  if (!isa<FloatType>(elementTypeOf(op.getData())))
    return {};
  Value sum = reduce(b, "ReduceSum", op, b.square(op.getData()));
  return b.create("Sqrt", sum);
}

Value expand(OnnxBuilder &b, onnx::ReduceLogSumOp op) {
  if (!isa<FloatType>(elementTypeOf(op.getData())))
    return {};
  return b.create("Log", reduce(b, "ReduceSum", op, op.getData()));
}

/// max + log(sum(exp(x - max))), with a finite shift where the maximum is none.
Value expand(OnnxBuilder &b, onnx::ReduceLogSumExpOp op) {
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

/// The runtime has it for f32 and f64.
Value expand(OnnxBuilder &b, onnx::DetOp op) {
  Type type = elementTypeOf(op.getX());
  if (type.getIntOrFloatBitWidth() >= 32)
    return {};
  Value x = b.cast(op.getX(), b.getBuilder().getF32Type());
  return b.cast(b.create("Det", x), type);
}

Value expandOp(OnnxBuilder &b, Operation *op) {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<onnx::IdentityOp, onnx::DropoutOp, onnx::CastLikeOp, onnx::CastOp,
            onnx::ReduceL1Op, onnx::ReduceL2Op, onnx::ReduceSumSquareOp,
            onnx::ReduceLogSumOp, onnx::ReduceLogSumExpOp,
            onnx::MeanVarianceNormalizationOp, onnx::GroupNormalizationOp,
            onnx::BatchNormalizationOp, onnx::LpNormalizationOp, onnx::LRNOp,
            onnx::LayerNormalizationOp, onnx::AttentionOp, onnx::ConvOp,
            onnx::ConvTransposeOp, onnx::DeformConvOp, onnx::DetOp,
            onnx::EinsumOp, onnx::NegativeLogLikelihoodLossOp,
            onnx::SoftmaxCrossEntropyLossOp, onnx::QuantizeLinearOp,
            onnx::DequantizeLinearOp, onnx::DynamicQuantizeLinearOp,
            onnx::MatMulIntegerOp, onnx::QLinearMatMulOp, onnx::ConvIntegerOp,
            onnx::QLinearConvOp, onnx::RangeOp, onnx::OneHotOp,
            onnx::RotaryEmbeddingOp, onnx::CausalConvWithStateOp,
            onnx::LinearAttentionOp, onnx::SwiGLUOp, onnx::TensorScatterOp,
            onnx::CenterCropPadOp, onnx::AffineGridOp, onnx::DFTOp,
            onnx::STFTOp, onnx::HannWindowOp, onnx::HammingWindowOp,
            onnx::BlackmanWindowOp, onnx::MelWeightMatrixOp,
            onnx::RandomUniformOp, onnx::RandomUniformLikeOp,
            onnx::RandomNormalOp, onnx::RandomNormalLikeOp, onnx::BernoulliOp,
            onnx::MultinomialOp>([&](auto typed) { return expand(b, typed); })
      .Default([](Operation *) { return Value(); });
}

/// Whether a value has the element type of the result that it replaces.
bool hasTypeOf(std::pair<Value, Value> replacement) {
  auto [result, value] = replacement;
  return !isa<TensorType>(result.getType()) ||
         elementTypeOf(result) == elementTypeOf(value);
}

/// Whether all of what `op` becomes has operands and results of types that it
/// takes. Schemas leave types open that the meaning of an operator does not:
/// those of two operands that meet in one sum.
bool doesFit(Operation *op, ArrayRef<Operation *> made,
             ArrayRef<std::pair<Value, Value>> replacements) {
  // An operator that stays is refused in words of its own.
  ScopedDiagnosticHandler quiet(op->getContext(),
                                [](Diagnostic &) { return success(); });
  return llvm::all_of(replacements, hasTypeOf) &&
         llvm::all_of(made, [](Operation *part) {
           return succeeded(part->getName().verifyInvariants(part));
         });
}

class ExpandFunctions final
    : public impl::ExpandFunctionsPassBase<ExpandFunctions> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops)
      expandWhole(op);
    refreshResultTypes(getOperation());
  }

  /// All of it or nothing.
  static void expandWhole(Operation *op) {
    Operation *before = op->getPrevNode();
    OpBuilder builder(op);
    OnnxBuilder b(builder, op->getLoc());
    Value value = expandOp(b, op);
    if (value)
      b.replace(op->getResult(0), value);
    SmallVector<Operation *> made;
    for (Operation *last = op->getPrevNode(); last != before;
         last = last->getPrevNode())
      made.push_back(last);
    if (!value || !doesFit(op, made, b.getReplacements())) {
      for (Operation *part : made)
        part->erase();
      return;
    }
    for (auto [result, replacement] : b.getReplacements())
      replaceValue(result, replacement);
    op->erase();
  }
};

} // namespace
} // namespace dycc
