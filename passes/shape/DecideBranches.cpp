// Where a value has one rank or another and only one of them comes through the
// rest of the function, a check says so before the run stops there.
#include "passes/shape/Passes.h"
#include "passes/shape/RankChoices.h"
#include "passes/shape/SymbolDeclarations.h"

#include "dialects/onnx/OnnxControlFlow.h"
#include "dialects/onnx/OnnxLayout.h"
#include "dialects/onnx/OnnxSource.h"

#define DEBUG_TYPE "dycc-decide-branches"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_DECIDEBRANCHESPASS
#include "passes/shape/Passes.h.inc"
namespace {

using dyn::ExprAttr;
using shape::Decision;
using shape::Exprs;

class DecideBranches final
    : public impl::DecideBranchesPassBase<DecideBranches> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      SmallVector<Operation *> open = findOpen(function);
      if (!open.empty())
        decide(function, open);
    }
  }

  static SmallVector<Operation *> findOpen(func::FuncOp function) {
    SmallVector<Operation *> open;
    function.walk([&](Operation *op) {
      auto squeeze = dyn_cast<onnx::SqueezeOp>(op);
      if (isa<onnx::IfOp>(op) || (squeeze && !squeeze.getAxes()))
        open.push_back(op);
    });
    return open;
  }

  /// Settles what can be. What is left is reported by the propagation, which
  /// meets it too.
  static void decide(func::FuncOp function, ArrayRef<Operation *> open) {
    shape::Decided decided = shape::decideRanks(function);
    const shape::Solver &solver = *decided.solver;
    shape::SymbolDeclarations symbols(solver);
    for (Operation *op : open) {
      if (auto squeeze = dyn_cast<onnx::SqueezeOp>(op))
        settle(squeeze, solver, symbols);
      else
        settle(cast<onnx::IfOp>(op), solver, symbols);
    }
    auto isUsed = [&](const shape::Read &read) {
      return symbols.uses(read.symbol);
    };
    if (llvm::any_of(solver.getReads(), isUsed))
      symbols.insertReads();
    symbols.write(function);
  }

  static bool isOpen(const Decision &decision) {
    return decision.predicate && !decision.predicate.isConstant();
  }

  static void settle(onnx::IfOp op, const shape::Solver &solver,
                     shape::SymbolDeclarations &symbols) {
    std::optional<Decision> decision = solver.decisionOf({op, 0});
    if (!decision || !isOpen(*decision))
      return;
    OpBuilder builder(op);
    require(builder, op, *decision, symbols,
            "expects the only branch whose rank the rest of the model accepts "
            "to be taken",
            {});
    auto type = RankedTensorType::get({}, builder.getI1Type());
    auto constant = onnx::ConstantOp::create(
        builder, op.getLoc(), type,
        DenseElementsAttr::get(type, decision->choice));
    op.getCondMutable().assign(constant.getOutput());
  }

  /// `predicate` holds as it was chosen.
  static void require(OpBuilder &builder, Operation *op,
                      const Decision &decision,
                      shape::SymbolDeclarations &symbols, const Twine &message,
                      ArrayRef<ExprAttr> values) {
    ExprAttr predicate = decision.predicate;
    if (!decision.choice)
      predicate = ExprAttr::get(dyn::ExprKind::Not, {predicate});
    symbols.add(predicate);
    symbols.add(values);
    SmallVector<Attribute> shown(values.begin(), values.end());
    dyn::RequireOp::create(builder, op->getLoc(), predicate, message.str(),
                           builder.getArrayAttr(shown));
  }

  /// Says which axes go. That they are 1 is checked as of any Squeeze.
  static void settle(onnx::SqueezeOp op, const shape::Solver &solver,
                     shape::SymbolDeclarations &symbols) {
    const Exprs *dims = solver.dims(op.getData());
    SmallVector<Decision> decisions;
    for (unsigned axis = 0; dims && axis != dims->size(); ++axis)
      if (auto decision = solver.decisionOf({op, axis}))
        decisions.push_back(*decision);
    if (!dims || decisions.size() != dims->size() ||
        llvm::none_of(decisions, isOpen))
      return;
    OpBuilder builder(op);
    SmallVector<int64_t> axes;
    for (auto [axis, decision] : llvm::enumerate(decisions)) {
      if (decision.choice)
        axes.push_back(axis);
      else if (isOpen(decision))
        require(builder, op, decision, symbols,
                "expects an extent other than 1 at axis " + Twine(axis) +
                    ", without which the rest of the model cannot be, got %d",
                (*dims)[axis]);
    }
    setAxes(builder, op, axes);
  }

  static void setAxes(OpBuilder &builder, onnx::SqueezeOp op,
                      ArrayRef<int64_t> axes) {
    if (axes.empty()) {
      op.getSqueezed().replaceAllUsesWith(op.getData());
      op.erase();
      return;
    }
    auto type =
        RankedTensorType::get(int64_t(axes.size()), builder.getI64Type());
    auto constant = onnx::ConstantOp::create(
        builder, op.getLoc(), type, DenseElementsAttr::get(type, axes));
    op.getAxesMutable().assign(constant.getOutput());
  }
};

} // namespace
} // namespace dycc
