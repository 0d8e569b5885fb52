#include "passes/shape/SolveFunctions.h"

using namespace mlir;

namespace dycc::shape {

LogicalResult
Solutions::forEach(llvm::function_ref<void(func::FuncOp, const Solver &)> use) {
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isExternal())
      continue;
    std::unique_ptr<Solver> &solver = solvers[function];
    if (!solver) {
      auto fresh = std::make_unique<Solver>(function);
      if (failed(fresh->solve()))
        return failure();
      solver = std::move(fresh);
    }
    use(function, *solver);
  }
  return success();
}

} // namespace dycc::shape
