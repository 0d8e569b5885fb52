// A value has one rank at compile time. Where an If could yield two, each is
// tried on the whole function: if only one of them comes through, the other
// would stop the run in any case, and a check says so before it does.
#include "passes/shape/Passes.h"
#include "passes/shape/Solver.h"

#include "dialects/onnx/OnnxControlFlow.h"
#include "dialects/onnx/OnnxSource.h"

#define DEBUG_TYPE "dycc-decide-branches"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_DECIDEBRANCHESPASS
#include "passes/shape/Passes.h.inc"
namespace {

using dyn::ExprAttr;
using Choices = llvm::DenseMap<Operation *, bool>;

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
    Choices choices;
    shape::Solver solver(function, choices);
    (void)solver.solve();
    auto [op, predicate] = solver.getConflict();
    if (!op || !predicate || predicate.isUnknown())
      return false;
    bool thenRuns = tryBranch(function, op, true);
    bool elseRuns = tryBranch(function, op, false);
    if (thenRuns == elseRuns)
      return false;
    settle(cast<onnx::IfOp>(op), predicate, thenRuns);
    return true;
  }

  static bool tryBranch(func::FuncOp function, Operation *op, bool choice) {
    Choices choices;
    choices[op] = choice;
    return succeeded(shape::Solver(function, choices).solve());
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
