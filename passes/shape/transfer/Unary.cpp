// Operators whose result has the shape of the first operand: element-wise ones
// of one operand, activations, normalisations, scans over an axis.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxActivation.h"
#include "dialects/onnx/OnnxIndexing.h"
#include "dialects/onnx/OnnxLayout.h"
#include "dialects/onnx/OnnxNormalize.h"
#include "dialects/onnx/OnnxReduce.h"
#include "dialects/onnx/OnnxSource.h"
#include "dialects/onnx/OnnxUnary.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

static ExprAttr toF32(ExprAttr x) {
  return ExprAttr::get(ExprKind::IntToF32, {x});
}

static ExprAttr negate(ExprAttr x) {
  if (!x.isF32())
    return x.times(-1);
  return ExprAttr::get(ExprKind::F32Mul,
                       {x, ExprAttr::constantF32(x.getContext(), -1.0f)});
}

static ExprAttr absolute(ExprAttr x) {
  return ExprAttr::get(x.isF32() ? ExprKind::F32Max : ExprKind::Max,
                       {x, negate(x)});
}

/// An operation that has an effect on floats only.
static ExprAttr onF32(ExprKind kind, ExprAttr x) {
  return x.isF32() ? ExprAttr::get(kind, {x}) : x;
}

static ExprAttr convert(Operation *op, Solver &solver, ExprAttr x, Type to) {
  if (to.isF32())
    return x.isF32() ? x : toF32(x);
  if (!x.isF32() && !to.isInteger(1))
    return x;
  if (!x.isF32()) { // Not zero.
    ExprAttr zero = ExprAttr::constant(x.getContext(), 0);
    return ExprAttr::get(ExprKind::Not,
                         {ExprAttr::get(ExprKind::Eq, {x, zero})});
  }
  return to.isInteger(1) ? ExprAttr::unknown(x.getContext())
                         : solver.truncate(op, x);
}

/// The operator on one element, or Unknown.
static ExprAttr apply(Operation *op, Solver &solver, ExprAttr x) {
  Type to = elementTypeOf(op->getResult(0));
  return llvm::TypeSwitch<Operation *, ExprAttr>(op)
      .Case<onnx::IdentityOp, onnx::DropoutOp>([&](auto) { return x; })
      .Case<onnx::CastOp, onnx::CastLikeOp>(
          [&](auto) { return convert(op, solver, x, to); })
      .Case([&](onnx::NegOp) { return negate(x); })
      .Case([&](onnx::AbsOp) { return absolute(x); })
      .Case([&](onnx::FloorOp) { return onF32(ExprKind::F32Floor, x); })
      .Case([&](onnx::CeilOp) { return onF32(ExprKind::F32Ceil, x); })
      .Case([&](onnx::RoundOp) { return onF32(ExprKind::F32Round, x); })
      .Case([&](onnx::SqrtOp) { return onF32(ExprKind::F32Sqrt, x); })
      .Case([&](onnx::NotOp) { return ExprAttr::get(ExprKind::Not, {x}); })
      .Default([&](Operation *other) {
        return ExprAttr::unknown(other->getContext());
      });
}

static void transferUnary(Operation *op, Solver &solver) {
  if (const Exprs *dims = solver.dims(op->getOperand(0)))
    for (Value result : op->getResults()) // Dropout has a mask, too.
      solver.setDims(result, *dims);
  const Exprs *elements = solver.elements(op->getOperand(0));
  Type type = elementTypeOf(op->getResult(0));
  if (!elements || !hasSymbolicElements(type))
    return;
  Exprs result;
  for (ExprAttr element : *elements)
    result.push_back(element.isUnknown()
                         ? element
                         : fitType(solver, apply(op, solver, element), type));
  solver.setElements(op->getResult(0), result);
}

/// Clip keeps the values of integers followed: min(max(x, low), high).
static void transferClip(onnx::ClipOp op, Solver &solver) {
  transferCopy(op, solver);
  for (Value bound : {op.getMin(), op.getMax()}) {
    const Exprs *dims = bound ? solver.dims(bound) : nullptr;
    if (dims && dims->size() > 1)
      return solver.fail(op, "expects bounds of rank 1 at most, got " +
                                 Twine(dims->size()));
    expectOneElement(op, solver, bound, "a bound");
  }
  const Exprs *x = solver.elements(op.getInput());
  if (!x || !hasSymbolicElements(elementTypeOf(op.getOutput())))
    return;
  Exprs result(*x);
  for (auto [bound, integer, f32] :
       {std::tuple{op.getMin(), ExprKind::Max, ExprKind::F32Max},
        std::tuple{op.getMax(), ExprKind::Min, ExprKind::F32Min}}) {
    if (!bound)
      continue;
    if (!solver.elements(bound))
      return;
    ExprAttr limit = firstElement(solver, bound);
    for (ExprAttr &element : result)
      if (!element.isUnknown() && !limit.isUnknown())
        element =
            ExprAttr::get(element.isF32() ? f32 : integer, {element, limit});
      else
        element = solver.unknown();
  }
  solver.setElements(op.getOutput(), result);
}

/// The extents of operand 0 where it has two axes or more, else null.
static const Exprs *expectTwoAxes(Operation *op, Solver &solver) {
  const Exprs *x = solver.dims(op->getOperand(0));
  if (!x || x->size() >= 2)
    return x;
  solver.fail(op, "expects an input of rank 2 or more, got rank " +
                      Twine(x->size()));
  return nullptr;
}

/// Of matrices, as many as there are.
static void transferTrilu(Operation *op, Solver &solver) {
  if (expectTwoAxes(op, solver))
    transferCopy(op, solver);
}

/// A length for each sequence.
static void transferReverseSequence(onnx::ReverseSequenceOp op,
                                    Solver &solver) {
  const Exprs *x = expectTwoAxes(op, solver);
  if (!x)
    return;
  transferCopy(op, solver);
  const Exprs *lengths = solver.dims(op.getSequenceLens());
  if (lengths && lengths->size() != 1)
    return solver.fail(op, "expects lengths of rank 1, got rank " +
                               Twine(lengths->size()));
  if (lengths)
    solver.unify(op, ExprAttr(lengths->front()),
                 (*solver.dims(op.getInput()))[op.getBatchAxis()],
                 "a length for each sequence");
}

/// The axis may be data: it is read, and checked.
static void transferScan(Operation *op, Solver &solver) {
  transferCopy(op, solver);
  const Exprs *x = solver.dims(op->getOperand(0));
  const Exprs *axis = solver.steering(op, op->getOperand(1));
  if (x && axis)
    axisFlags(op, solver, Exprs(*axis), x->size());
}

/// The channels of X; operands behind it are vectors of so many elements.
static ExprAttr expectChannels(Operation *op, Solver &solver, const Exprs &x) {
  ExprAttr channels = x.size() > 1 ? x[1] : solver.constant(1);
  for (Value parameter : op->getOperands().drop_front()) {
    const Exprs *dims = solver.dims(parameter);
    if (dims && dims->size() == 1)
      channels = solver.unify(op, channels, dims->front(), "equal channels");
    else if (dims)
      solver.fail(op, "expects a parameter for each channel, of rank 1, got "
                      "rank " +
                          Twine(dims->size()));
  }
  return channels;
}

/// With statistics of each channel, or of groups of them.
static void transferChannels(Operation *op, Solver &solver) {
  const Exprs *x = expectTwoAxes(op, solver);
  if (!x)
    return;
  transferCopy(op, solver);
  expectChannels(op, solver, Exprs(*solver.dims(op->getOperand(0))));
}

/// Scale and bias broadcast to X.
static void expectBroadcasts(Operation *op, Solver &solver, const Exprs &x) {
  for (Value parameter : op->getOperands().drop_front())
    if (const Exprs *dims = solver.dims(parameter))
      solver.broadcast(op, x, Exprs(*dims));
}

static void transferRmsNormalization(onnx::RMSNormalizationOp op,
                                     Solver &solver) {
  transferCopy(op, solver);
  if (const Exprs *x = solver.dims(op->getOperand(0)))
    expectBroadcasts(op, solver, Exprs(*x));
}

/// X is copied; further results are vectors of channels.
static void transferBatchNormalization(onnx::BatchNormalizationOp op,
                                       Solver &solver) {
  const Exprs *x = solver.dims(op.getX());
  if (!x)
    return;
  if (x->empty())
    return solver.fail(op, "expects an input of rank 1 or more, got 0");
  solver.setDims(op->getResult(0), *x);
  ExprAttr channels = expectChannels(op, solver, *x);
  for (Value result : op->getResults().drop_front())
    solver.setDims(result, {channels});
}

/// Y is X; mean and inverse deviation keep the axes before `axis`.
static void transferLayerNormalization(onnx::LayerNormalizationOp op,
                                       Solver &solver) {
  const Exprs *x = solver.dims(op.getX());
  if (!x)
    return;
  auto axis = normalizeAxis(op, solver, op.getAxis(), x->size());
  if (!axis)
    return;
  solver.setDims(op->getResult(0), *x);
  Exprs reduced(*x);
  expectBroadcasts(op, solver, reduced);
  std::fill(reduced.begin() + *axis, reduced.end(), solver.constant(1));
  for (Value result : op->getResults().drop_front())
    solver.setDims(result, reduced);
}

void shape::attachUnary(MLIRContext *context) {
  attachRules<transferUnary, transferCopyBack, onnx::AbsOp, onnx::CastOp,
              onnx::CastLikeOp, onnx::CeilOp, onnx::DropoutOp, onnx::FloorOp,
              onnx::IdentityOp, onnx::NegOp, onnx::NotOp, onnx::RoundOp,
              onnx::SqrtOp>(context);
  attachRules<transferCopy, transferCopyBack, onnx::AcosOp, onnx::AcoshOp,
              onnx::AsinOp, onnx::AsinhOp, onnx::AtanOp, onnx::AtanhOp,
              onnx::BitwiseNotOp, onnx::CosOp, onnx::CoshOp, onnx::ErfOp,
              onnx::ExpOp, onnx::IsInfOp, onnx::IsNaNOp, onnx::LogOp,
              onnx::ReciprocalOp, onnx::SignOp, onnx::SinOp, onnx::SinhOp,
              onnx::TanOp, onnx::BitCastOp>(context);
  attachRules<transferCopy, transferCopyBack, onnx::CeluOp, onnx::EluOp,
              onnx::GeluOp, onnx::HardSigmoidOp, onnx::HardSwishOp,
              onnx::LeakyReluOp, onnx::MishOp, onnx::ReluOp, onnx::SeluOp,
              onnx::ShrinkOp, onnx::SigmoidOp, onnx::SoftplusOp,
              onnx::SoftsignOp, onnx::SwishOp, onnx::TanhOp,
              onnx::ThresholdedReluOp>(context);
  attachRules<transferCopy, transferCopyBack, onnx::HardmaxOp, onnx::LRNOp,
              onnx::LogSoftmaxOp, onnx::SoftmaxOp, onnx::LpNormalizationOp,
              onnx::MeanVarianceNormalizationOp, onnx::BernoulliOp,
              onnx::RandomNormalLikeOp, onnx::RandomUniformLikeOp>(context);
  attachRules<transferTrilu, transferCopyBack, onnx::TriluOp>(context);
  attachRules<transferScan, transferCopyBack, onnx::CumSumOp, onnx::CumProdOp>(
      context);
  attachRules<transferClip, transferCopyBack, onnx::ClipOp>(context);
  attachRules<transferBatchNormalization, transferCopyBack,
              onnx::BatchNormalizationOp>(context);
  attachRules<transferLayerNormalization, transferCopyBack,
              onnx::LayerNormalizationOp>(context);
  attachRules<transferRmsNormalization, transferCopyBack,
              onnx::RMSNormalizationOp>(context);
  attachRules<transferChannels, transferCopyBack, onnx::GroupNormalizationOp,
              onnx::InstanceNormalizationOp>(context);
  attachRules<transferReverseSequence, transferCopyBack,
              onnx::ReverseSequenceOp>(context);
}
