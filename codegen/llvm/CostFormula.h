#ifndef DYCC_CODEGEN_LLVM_COSTFORMULA_H
#define DYCC_CODEGEN_LLVM_COSTFORMULA_H

#include "dialects/dyn/Bounds.h"
#include "dialects/dyn/DynOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace dycc::codegen {

/// What a run is thought to take, in nanoseconds of one thread: the costs of
/// its launches, of an If the dearer branch, of a loop its body times its trips
/// (once where they have no bound). Over input symbols: execution symbols enter
/// at their bounds. On one of the machines that there are versions for.
class CostFormula {
public:
  CostFormula(mlir::func::FuncOp main, const dyn::ExecutionBounds &bounds,
              unsigned machine);

  /// In any kind of numbers: `numbers` has the type Value and the functions
  /// number(ExprAttr), add(), mul() and max().
  template <typename Numbers>
  auto evaluate(Numbers &&numbers) {
    return ofBlock(numbers, main.front());
  }
  /// Of one launch; 0 where nothing bounds it.
  dyn::ExprAttr ofLaunch(dyn::LaunchOp launch);

private:
  /// Trips of a loop; 1 where nothing bounds them.
  dyn::ExprAttr tripsOf(dyn::LoopOp loop);

  template <typename Numbers>
  auto ofBlock(Numbers &numbers, mlir::Block &block) ->
      typename std::decay_t<Numbers>::Value {
    auto total = numbers.number(dyn::ExprAttr::constant(main.getContext(), 0));
    for (mlir::Operation &op : block) {
      if (auto launch = llvm::dyn_cast<dyn::LaunchOp>(op))
        total = numbers.add(total, numbers.number(ofLaunch(launch)));
      if (auto branch = llvm::dyn_cast<dyn::IfOp>(op))
        total = numbers.add(
            total,
            numbers.max(ofBlock(numbers, branch.getThenRegion().front()),
                        ofBlock(numbers, branch.getElseRegion().front())));
      if (auto loop = llvm::dyn_cast<dyn::LoopOp>(op))
        total = numbers.add(
            total, numbers.mul(ofBlock(numbers, loop.getBody().front()),
                               numbers.number(tripsOf(loop))));
    }
    return total;
  }

  mlir::func::FuncOp main;
  const dyn::ExecutionBounds &bounds;
  unsigned machine;
  mlir::SymbolTable symbols;
};

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_LLVM_COSTFORMULA_H
