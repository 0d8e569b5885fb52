// Operators are expanded before shapes are found for good: the expansions make
// constants that weights take over, and shape arithmetic. Those that depend on
// a rank read it off a type, so the solver runs twice, the first time for no
// more than the ranks. (Symbolic extents would not survive: what is made anew
// has none, and execution symbols would lose their definitions.)
#include "dialects/onnx/Containers.h"
#include "passes/shape/Passes.h"
#include "passes/shape/RankChoices.h"
#include "passes/shape/SymbolicValue.h"

#define DEBUG_TYPE "dycc-propagate-ranks"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_PROPAGATERANKSPASS
#include "passes/shape/Passes.h.inc"
namespace {

using shape::Exprs;
using shape::Solver;

class PropagateRanks final
    : public impl::PropagateRanksPassBase<PropagateRanks> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isExternal() && !hasAllRanks(function)) {
        // What a dead op relies on nobody will check.
        shape::eraseDeadOps(function.getBody());
        propagate(function);
      }
  }

  static bool hasAllRanks(func::FuncOp function) {
    WalkResult result = function.walk([](Block *block) {
      auto hasNone = [](Value value) {
        return isa<UnrankedTensorType>(value.getType());
      };
      for (Operation &op : *block)
        if (llvm::any_of(op.getResults(), hasNone))
          return WalkResult::interrupt();
      return llvm::any_of(block->getArguments(), hasNone)
                 ? WalkResult::interrupt()
                 : WalkResult::advance();
    });
    return !result.wasInterrupted();
  }

  /// A value with two ranks is taken to have the one that the rest of the
  /// function accepts: `dycc-decide-branches` will settle it.
  static void propagate(func::FuncOp function) {
    shape::Decided decided = shape::decideRanks(function);
    setTypes(function, *decided.solver, decided.isSolved);
  }

  static void setTypes(func::FuncOp function, const Solver &solver,
                       bool isSolved) {
    Block &body = function.getBody().front();
    function.walk([&](Block *block) {
      if (block != &body)
        for (BlockArgument argument : block->getArguments())
          setType(argument, solver, isSolved);
      for (Operation &op : *block)
        for (Value result : op.getResults())
          setType(result, solver, isSolved);
    });
    function.setFunctionType(
        FunctionType::get(function.getContext(), body.getArgumentTypes(),
                          body.getTerminator()->getOperandTypes()));
  }

  /// Where the solver was stopped by an error its extents need not hold, a rank
  /// does.
  static void setType(Value value, const Solver &solver, bool isSolved) {
    const Exprs *dims = solver.dims(value);
    if (TensorType held = onnx::heldTensor(value.getType());
        held && !held.hasRank() && dims) {
      SmallVector<int64_t> any(dims->size(), ShapedType::kDynamic);
      auto tensor = RankedTensorType::get(any, held.getElementType());
      return value.setType(onnx::withHeldTensor(value.getType(), tensor));
    }
    auto type = dyn_cast<UnrankedTensorType>(value.getType());
    if (!type || !dims)
      return;
    SmallVector<int64_t> shape(dims->size(), ShapedType::kDynamic);
    for (auto [extent, dim] : llvm::zip_equal(shape, *dims))
      if (isSolved && dim.isConstant() && dim.getValue() >= 0)
        extent = dim.getValue();
    value.setType(RankedTensorType::get(shape, type.getElementType()));
  }
};

} // namespace
} // namespace dycc
