// Quantisation and losses.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxNormalize.h"
#include "dialects/onnx/OnnxQuantize.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

/// The quantised tensor, and a scale and a zero point for all of it.
static void transferDynamicQuantize(onnx::DynamicQuantizeLinearOp op,
                                    Solver &solver) {
  transferCopy(op, solver);
  for (Value result : op->getResults().drop_front())
    solver.setDims(result, {});
}

/// A scalar, or one loss per label.
template <typename OpT>
static void transferLoss(OpT op, Solver &solver) {
  const Exprs *scores = solver.dims(op->getOperand(0));
  const Exprs *labels = solver.dims(op->getOperand(1));
  if (!scores || !labels)
    return;
  solver.setDims(op->getResult(0),
                 op.getReduction() == "none" ? *labels : Exprs());
  for (Value result : op->getResults().drop_front())
    solver.setDims(result, *scores);
}

void shape::attachQuantize(MLIRContext *context) {
  attachRules<transferCopy, transferCopyBack, onnx::QuantizeLinearOp,
              onnx::DequantizeLinearOp>(context);
  attachRules<transferDynamicQuantize, transferCopyBack,
              onnx::DynamicQuantizeLinearOp>(context);
  attachRules<transferLoss<onnx::NegativeLogLikelihoodLossOp>, transferNothing,
              onnx::NegativeLogLikelihoodLossOp>(context);
  attachRules<transferLoss<onnx::SoftmaxCrossEntropyLossOp>, transferNothing,
              onnx::SoftmaxCrossEntropyLossOp>(context);
}
