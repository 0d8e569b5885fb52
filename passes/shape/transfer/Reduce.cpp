// Reductions. Those of small integer vectors are followed: an exporter counts
// elements by a ReduceProd of a Shape.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxReduce.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

/// The kind that joins two elements, where the reduction is followed.
static std::optional<ExprKind> joinOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<ExprKind>>(op)
      .Case([](onnx::ReduceProdOp) { return ExprKind::Mul; })
      .Case([](onnx::ReduceSumOp) { return ExprKind::Add; })
      .Case([](onnx::ReduceMinOp) { return ExprKind::Min; })
      .Case([](onnx::ReduceMaxOp) { return ExprKind::Max; })
      .Default([](Operation *) { return std::nullopt; });
}

/// The result of reducing all elements to one.
static void joinElements(Operation *op, Solver &solver) {
  const Exprs *elements = solver.elements(op->getOperand(0));
  std::optional<ExprKind> kind = joinOf(op);
  Type type = elementTypeOf(op->getResult(0));
  if (!elements || !kind || elements->empty() || !isa<IntegerType>(type))
    return;
  solver.setElements(op->getResult(0),
                     {fitType(solver, ExprAttr::get(*kind, *elements), type)});
}

/// Drops the axes, or makes them 1.
static void dropAxes(Operation *op, Solver &solver, const Exprs &dims,
                     ArrayRef<int64_t> axes, bool keep) {
  Exprs result;
  for (auto [axis, dim] : llvm::enumerate(dims)) {
    bool isReduced = llvm::is_contained(axes, int64_t(axis));
    if (!isReduced)
      result.push_back(dim);
    else if (keep)
      result.push_back(solver.constant(1));
  }
  solver.setDims(op->getResult(0), result);
}

/// The same with axes that only execution knows.
static void dropFlagged(Operation *op, Solver &solver, const Exprs &dims,
                        const Exprs &axes, bool keep) {
  Exprs flags = axisFlags(op, solver, axes, dims.size());
  if (!keep)
    return solver.setDims(
        op->getResult(0),
        unflaggedDims(solver, dims, flags, int64_t(dims.size() - axes.size())));
  Exprs result;
  for (auto [dim, flag] : llvm::zip_equal(dims, flags))
    result.push_back(
        solver.simplify(ExprAttr::ite(flag, solver.constant(1), dim)));
  solver.setDims(op->getResult(0), result);
}

template <typename OpT>
static void transferReduce(OpT op, Solver &solver) {
  const Exprs *given =
      op.getAxes() ? solver.steering(op, op.getAxes()) : nullptr;
  const Exprs *known = solver.dims(op.getData());
  if (!known || (op.getAxes() && !given))
    return;
  Exprs dims(*known);
  SmallVector<int64_t> axes;
  bool isEmpty = !given || given->empty();
  if (!isEmpty && given->size() > dims.size())
    return solver.fail(op, "expects at most " + Twine(dims.size()) +
                               " axes, got " + Twine(given->size()));
  if (!isEmpty && !areConstants(*given))
    return dropFlagged(op, solver, dims, Exprs(*given), op.getKeepdims());
  if (!isEmpty) {
    auto named = constantAxes(op, solver, op.getAxes(), dims.size());
    if (!named)
      return;
    axes = *named;
  } else if (!op.getNoopWithEmptyAxes()) {
    for (size_t axis = 0; axis != dims.size(); ++axis)
      axes.push_back(axis);
  }
  dropAxes(op, solver, dims, axes, op.getKeepdims());
  if (axes.size() == dims.size())
    joinElements(op, solver);
}

template <typename OpT>
static void transferArg(OpT op, Solver &solver) {
  const Exprs *dims = solver.dims(op.getData());
  if (!dims)
    return;
  if (auto axis = normalizeAxis(op, solver, op.getAxis(), dims->size()))
    dropAxes(op, solver, Exprs(*dims), {*axis}, op.getKeepdims());
}

template <typename... Ops>
static void attachReductions(MLIRContext *context) {
  (attachRules<transferReduce<Ops>, transferNothing, Ops>(context), ...);
}

void shape::attachReduce(MLIRContext *context) {
  attachReductions<onnx::ReduceL1Op, onnx::ReduceL2Op, onnx::ReduceLogSumOp,
                   onnx::ReduceLogSumExpOp, onnx::ReduceMaxOp,
                   onnx::ReduceMeanOp, onnx::ReduceMinOp, onnx::ReduceProdOp,
                   onnx::ReduceSumOp, onnx::ReduceSumSquareOp>(context);
  attachRules<transferArg<onnx::ArgMaxOp>, transferNothing, onnx::ArgMaxOp>(
      context);
  attachRules<transferArg<onnx::ArgMinOp>, transferNothing, onnx::ArgMinOp>(
      context);
}
