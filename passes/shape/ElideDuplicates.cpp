// MLIR's own elimination of common subexpressions takes an operation for dead
// whose results nobody reads. Running it may still define an extent that
// expressions hold, as in "how many are not zero": such an operation has a use
// while the elimination runs.
#include "passes/shape/Passes.h"
#include "passes/shape/SymbolicValue.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/CSE.h"

#define DEBUG_TYPE "dycc-elide-duplicates"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_ELIDEDUPLICATESPASS
#include "passes/shape/Passes.h.inc"
namespace {

class ElideDuplicates final
    : public impl::ElideDuplicatesPassBase<ElideDuplicates> {
  void runOnOperation() override {
    SmallVector<Operation *> uses = addUses(getOperation());
    IRRewriter rewriter(&getContext());
    eliminateCommonSubExpressions(rewriter, getAnalysis<DominanceInfo>(),
                                  getOperation());
    for (Operation *use : uses)
      use->erase();
  }

  /// Calls of no operator, which the elimination leaves alone.
  static SmallVector<Operation *> addUses(func::FuncOp function) {
    SmallVector<Operation *> needed, uses;
    function.walk([&](Operation *op) {
      if (isOpTriviallyDead(op) && shape::definesUsedSymbol(op))
        needed.push_back(op);
    });
    for (Operation *op : needed) {
      OpBuilder builder(op->getContext());
      builder.setInsertionPointAfter(op);
      uses.push_back(dyn::RuntimeOp::create(
          builder, op->getLoc(), TypeRange(), "none", op->getResults(),
          builder.getArrayAttr({}), builder.getArrayAttr({})));
    }
    return uses;
  }
};

} // namespace
} // namespace dycc
