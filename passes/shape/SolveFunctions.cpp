#include "passes/shape/SolveFunctions.h"

namespace dycc::shape {

mlir::LogicalResult solveFunctions(
    mlir::ModuleOp module,
    llvm::function_ref<void(mlir::func::FuncOp, const Solver &)> use) {
  for (auto function : module.getOps<mlir::func::FuncOp>()) {
    if (function.isExternal())
      continue;
    Solver solver(function);
    if (mlir::failed(solver.solve()))
      return mlir::failure();
    use(function, solver);
  }
  return mlir::success();
}

} // namespace dycc::shape
