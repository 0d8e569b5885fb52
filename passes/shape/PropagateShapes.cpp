// Writes what the solver finds into the types, so that all later stages read a
// shape off a type and need no analysis. Values that steer shapes and are known
// only during execution get their names here, since shapes are made of them.
#include "passes/shape/Passes.h"
#include "passes/shape/SolveFunctions.h"

#include "llvm/ADT/StringSet.h"

#define DEBUG_TYPE "dycc-propagate-shapes"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_PROPAGATESHAPESPASS
#include "passes/shape/Passes.h.inc"
namespace {

using shape::Exprs;
using shape::Solver;

class PropagateShapes final
    : public impl::PropagateShapesPassBase<PropagateShapes> {
  void runOnOperation() override {
    auto write = [&](func::FuncOp function, const Solver &solver) {
      usedSymbols.clear();
      setTypes(function, solver);
      insertReads(solver);
      declareSymbols(solver);
    };
    if (failed(shape::solveFunctions(getOperation(), write)))
      signalPassFailure();
  }

  void setType(Value value, const Solver &solver) {
    auto type = dyn_cast<TensorType>(value.getType());
    const Exprs *dims = solver.dims(value);
    if (!type || !dims)
      return;
    for (dyn::ExprAttr dim : *dims)
      dim.forEachSymbol([&](StringRef name) { usedSymbols.insert(name); });
    value.setType(dyn::getTensorType(*dims, type.getElementType()));
  }

  void setTypes(func::FuncOp function, const Solver &solver) {
    function.walk([&](Block *block) {
      for (BlockArgument argument : block->getArguments())
        setType(argument, solver);
      for (Operation &op : *block)
        for (Value result : op.getResults())
          setType(result, solver);
    });
    Block &body = function.getBody().front();
    function.setFunctionType(
        FunctionType::get(function.getContext(), body.getArgumentTypes(),
                          body.getTerminator()->getOperandTypes()));
  }

  void insertReads(const Solver &solver) {
    for (const shape::Read &read : solver.getReads()) {
      OpBuilder builder(&getContext());
      builder.setInsertionPointAfterValue(read.source);
      dyn::ReadOp::create(builder, read.source.getLoc(), read.source,
                          read.index, read.symbol);
      usedSymbols.insert(read.symbol);
    }
  }

  /// Only what the types and reads mention: the solver may have met symbols on
  /// its way that are of no use in the end.
  void declareSymbols(const Solver &solver) {
    OpBuilder builder(&getContext());
    Block *body = getOperation().getBody();
    builder.setInsertionPointToStart(body);
    for (Operation &op : *body)
      if (isa<dyn::SymbolOp>(op))
        builder.setInsertionPointAfter(&op);
    for (const shape::SymbolInfo &symbol : solver.getSymbols()) {
      if (!symbol.isNew || !usedSymbols.contains(symbol.name))
        continue;
      dyn::SymbolOp::create(builder, getOperation().getLoc(), symbol.name,
                            symbol.range.lower, symbol.range.upper,
                            symbol.multiple, symbol.execution, symbol.bound);
    }
  }

  llvm::StringSet<> usedSymbols;
};

} // namespace
} // namespace dycc
