// If: its results are those of both branches.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxControlFlow.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

/// `a` or `b` by `predicate`, which may be null or Unknown; null where that is
/// no expression over what is known outside of the branches.
static ExprAttr joinExprs(Solver &solver, Block *block, ExprAttr predicate,
                          ExprAttr a, ExprAttr b) {
  if (!solver.isVisible(a, block) || !solver.isVisible(b, block))
    return {};
  if (a == b || solver.isEqual(a, b))
    return a;
  if (!predicate || predicate.isUnknown())
    return {};
  return solver.simplify(ExprAttr::ite(predicate, a, b));
}

/// At least both, or Unknown.
static ExprAttr boundOfBoth(Solver &solver, ExprAttr a, ExprAttr b) {
  ExprAttr x = solver.upperBound(a), y = solver.upperBound(b);
  return x && y ? ExprAttr::max(x, y) : solver.unknown();
}

static void joinResult(onnx::IfOp op, Solver &solver, ExprAttr predicate,
                       Value result, Value then, Value otherwise) {
  if (!isa<TensorType>(result.getType()))
    return setHeldRank(solver, result, {then, otherwise});
  const Exprs *a = solver.dims(then), *b = solver.dims(otherwise);
  if (!a || !b)
    return;
  if (a->size() != b->size())
    return solver.addConflict({op, 0}, predicate,
                              "expects branches that yield one rank, got " +
                                  Twine(a->size()) + " and " +
                                  Twine(b->size()));
  Exprs dims;
  for (auto [axis, pair] : llvm::enumerate(llvm::zip_equal(*a, *b))) {
    auto [x, y] = pair;
    ExprAttr dim = joinExprs(solver, op->getBlock(), predicate, x, y);
    if (!dim)
      dim = solver.defineDim(result, axis, boundOfBoth(solver, x, y));
    dims.push_back(dim);
  }
  solver.setDims(result, dims);
  const Exprs *p = solver.elements(then), *q = solver.elements(otherwise);
  if (!p || !q || p->size() != q->size())
    return;
  Exprs elements;
  for (auto [x, y] : llvm::zip_equal(*p, *q)) {
    ExprAttr element = joinExprs(solver, op->getBlock(), predicate, x, y);
    elements.push_back(element ? element : solver.unknown());
  }
  solver.setElements(result, elements);
}

/// With a constant condition the results are those of one branch.
static void takeBranch(onnx::IfOp op, Solver &solver, Block &branch) {
  for (auto [result, value] : llvm::zip_equal(
           op->getResults(), branch.getTerminator()->getOperands())) {
    if (const Exprs *dims = solver.dims(value))
      solver.setDims(result, *dims);
    if (const Exprs *elements = solver.elements(value))
      solver.setElements(result, *elements);
  }
}

static void transferIf(onnx::IfOp op, Solver &solver) {
  expectOneElement(op, solver, op.getCond(), "a condition");
  ExprAttr predicate;
  if (const Exprs *condition = solver.elements(op.getCond());
      condition && !condition->empty())
    predicate = condition->front();
  if (std::optional<bool> choice = solver.choose({op, 0}, predicate))
    predicate = solver.constant(*choice);
  Block &then = op.getThenBranch().front();
  Block &otherwise = op.getElseBranch().front();
  if (predicate && predicate.isConstant()) {
    Block &taken = predicate.isConstant(0) ? otherwise : then;
    solver.solveBlock(taken);
    return takeBranch(op, solver, taken);
  }
  solver.solveBlock(then);
  solver.solveBlock(otherwise);
  for (auto [index, result] : llvm::enumerate(op->getResults()))
    joinResult(op, solver, predicate, result,
               then.getTerminator()->getOperand(index),
               otherwise.getTerminator()->getOperand(index));
}

void shape::attachIf(MLIRContext *context) {
  attachRules<transferIf, transferNothing, onnx::IfOp>(context);
}
