// Writes what the solver finds into the types, so that all later stages read a
// shape off a type and need no analysis. Values that steer shapes and are known
// only during execution get their names here, since shapes are made of them.
#include "passes/shape/Passes.h"
#include "passes/shape/SolveFunctions.h"
#include "passes/shape/SymbolDeclarations.h"

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
      shape::SymbolDeclarations symbols(solver);
      setTypes(function, solver, symbols);
      symbols.insertReads();
      symbols.write(function);
    };
    if (failed(getAnalysis<shape::Solutions>().forEach(write)))
      return signalPassFailure();
    markAnalysesPreserved<shape::Solutions>();
  }

  using Symbols = shape::SymbolDeclarations;

  void setType(Value value, const Solver &solver, Symbols &symbols) {
    auto type = dyn_cast<TensorType>(value.getType());
    const Exprs *dims = solver.dims(value);
    if (!type || !dims)
      return;
    symbols.add(*dims);
    value.setType(dyn::getTensorType(*dims, type.getElementType()));
  }

  void setTypes(func::FuncOp function, const Solver &solver, Symbols &symbols) {
    function.walk([&](Block *block) {
      for (BlockArgument argument : block->getArguments())
        setType(argument, solver, symbols);
      for (Operation &op : *block)
        for (Value result : op.getResults())
          setType(result, solver, symbols);
    });
    Block &body = function.getBody().front();
    function.setFunctionType(
        FunctionType::get(function.getContext(), body.getArgumentTypes(),
                          body.getTerminator()->getOperandTypes()));
  }
};

} // namespace
} // namespace dycc
