// A shape is only as true as what it relies on: two inputs of equal extents, a
// count that divides. Such a fact is checked as soon as its symbols are known,
// not at the node: whatever relies on it may be computed before.
#include "passes/shape/Passes.h"
#include "passes/shape/SolveFunctions.h"
#include "passes/shape/SymbolDeclarations.h"

#define DEBUG_TYPE "dycc-insert-shape-checks"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_INSERTSHAPECHECKSPASS
#include "passes/shape/Passes.h.inc"
namespace {

using shape::Requirement;

class InsertShapeChecks final
    : public impl::InsertShapeChecksPassBase<InsertShapeChecks> {
  void runOnOperation() override {
    auto check = [&](func::FuncOp function, const shape::Solver &solver) {
      shape::SymbolDeclarations symbols(solver);
      for (const Requirement &requirement : solver.getRequirements())
        symbols.add(requirement.allExprs());
      symbols.write(function);
      shape::Definers definers = shape::findDefiners(function);
      lastAtStart.clear();
      for (const Requirement &requirement : solver.getRequirements())
        insert(requirement, definers);
    };
    if (failed(getAnalysis<shape::Solutions>().forEach(check)))
      return signalPassFailure();
    markAnalysesPreserved<shape::Solutions>();
  }

  void insert(const Requirement &requirement, const shape::Definers &definers) {
    OpBuilder builder(&getContext());
    Block *block = requirement.op->getBlock();
    Operation *after =
        shape::findLastDefiner(block, requirement.allExprs(), definers);
    Operation *&last = after ? lastAfter[after] : lastAtStart[block];
    if (last)
      builder.setInsertionPointAfter(last);
    else if (after)
      builder.setInsertionPointAfter(after);
    else
      builder.setInsertionPointToStart(block);
    last = dyn::RequireOp::create(
        builder, requirement.op->getLoc(), requirement.condition,
        requirement.message,
        builder.getArrayAttr(SmallVector<Attribute>(requirement.values.begin(),
                                                    requirement.values.end())));
  }

  /// The check that the next one at the same place comes after.
  llvm::DenseMap<Block *, Operation *> lastAtStart;
  llvm::DenseMap<Operation *, Operation *> lastAfter;
};

} // namespace
} // namespace dycc
