#include "dialects/dyn/Rows.h"

#include "dialects/dyn/Layout.h"

using namespace mlir;

namespace dycc::dyn {

static constexpr StringLiteral kFirstRow = "dyn.first_row";

void setFirstRow(LoopOp loop, ExprAttr first) {
  loop->setDiscardableAttr(kFirstRow, first);
}

ExprAttr getFirstRow(LoopOp loop) {
  return llvm::cast_if_present<ExprAttr>(loop->getDiscardableAttr(kFirstRow));
}

OpResult rowsOf(Value value) {
  for (OpOperand &use : value.getUses()) {
    auto loop = dyn_cast<LoopOp>(use.getOwner()->getParentOp());
    if (loop && isa<YieldOp>(use.getOwner()) && use.getOperandNumber() > 0 &&
        getFirstRow(loop))
      return loop->getResult(use.getOperandNumber() - 1);
  }
  return {};
}

ExprAttr elementsPerRow(Type type) {
  Layout layout(type);
  if (layout.dims().empty() || layout.dims().back().axis != 0 ||
      layout.dims().back().part != MemoryDim::Part::Whole)
    return {};
  return layout.strides().back();
}

ExprAttr elementsBeforeRows(OpResult result) {
  return ExprAttr::mul(getFirstRow(cast<LoopOp>(result.getOwner())),
                       elementsPerRow(result.getType()));
}

LogicalResult verifyRows(LoopOp loop) {
  Operation *yield = loop.getBody().front().getTerminator();
  if (!loop.getInitial().empty() || loop.getTests())
    return loop.emitOpError(
        "by rows expects no carried values and no condition");
  for (auto [result, value] :
       llvm::zip(loop.getResults(), yield->getOperands().drop_front())) {
    Operation *op = value.getDefiningOp();
    if (!isa_and_nonnull<GroupOp, LaunchOp>(op) || op->getParentOp() != loop ||
        llvm::count(yield->getOperands(), value) != 1)
      return loop.emitOpError(
          "by rows expects each value to come from a kernel of its body, once");
    if (getDims(value.getType()).drop_front() !=
            getDims(result.getType()).drop_front() ||
        getLayout(value.getType()) != getLayout(result.getType()) ||
        !elementsPerRow(result.getType()))
      return loop.emitOpError("by rows expects rows of ")
             << result.getType() << ", got " << value.getType();
  }
  return success();
}

} // namespace dycc::dyn
