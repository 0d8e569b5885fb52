// Where an If yields one rank or another and only one of them comes through the
// rest of the function, a check says so before the run stops there.
#include "passes/shape/BranchChoices.h"
#include "passes/shape/Passes.h"
#include "passes/shape/SymbolDeclarations.h"

#include "dialects/onnx/OnnxControlFlow.h"
#include "dialects/onnx/OnnxSource.h"

#define DEBUG_TYPE "dycc-decide-branches"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_DECIDEBRANCHESPASS
#include "passes/shape/Passes.h.inc"
namespace {

using dyn::ExprAttr;

class DecideBranches final
    : public impl::DecideBranchesPassBase<DecideBranches> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isExternal())
        while (decideNext(function))
          ;
  }

  /// Settles the first If that can be. What is left is reported by the
  /// propagation, which meets it too.
  static bool decideNext(func::FuncOp function) {
    bool hasIf = false;
    function.walk([&](onnx::IfOp) { hasIf = true; });
    if (!hasIf)
      return false;
    shape::Choices none;
    shape::Solver solver(function, none);
    (void)solver.solve();
    std::optional<bool> choice = shape::onlyBranch(function, solver, none);
    if (!choice)
      return false;
    auto [op, predicate] = solver.getConflict();
    shape::SymbolDeclarations symbols(solver);
    symbols.add(predicate);
    symbols.write(function);
    settle(cast<onnx::IfOp>(op), predicate, *choice);
    return true;
  }

  static void settle(onnx::IfOp op, ExprAttr predicate, bool choice) {
    OpBuilder builder(op);
    if (!choice)
      predicate = ExprAttr::get(dyn::ExprKind::Not, {predicate});
    dyn::RequireOp::create(builder, op.getLoc(), predicate,
                           "expects the only branch whose rank the rest of "
                           "the model accepts to be taken",
                           builder.getArrayAttr({}));
    auto type = RankedTensorType::get({}, builder.getI1Type());
    auto constant = onnx::ConstantOp::create(
        builder, op.getLoc(), type, DenseElementsAttr::get(type, choice));
    op.getCondMutable().assign(constant.getOutput());
  }
};

} // namespace
} // namespace dycc
