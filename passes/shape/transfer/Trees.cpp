#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxTrees.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

/// [rows, features] -> [rows, targets].
static void transferTrees(onnx::DecisionTreesOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getX());
  if (!x)
    return;
  if (x->size() != 2)
    return solver.fail(op, "expects rows of features, a tensor of rank 2, got "
                           "rank " +
                               Twine(x->size()));
  ExprAttr rows = x->front(), given = x->back(),
           used = solver.constant(op.getFeatures());
  solver.expect(op, ExprAttr::get(ExprKind::Le, {used, given}),
                "expects the %d features that its trees ask for, got %d",
                {used, given});
  solver.setDims(op.getY(), {rows, solver.constant(op.getTargets())});
}

void shape::attachTrees(MLIRContext *context) {
  attachRules<transferTrees, transferNothing, onnx::DecisionTreesOp>(context);
}
