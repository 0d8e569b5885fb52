// The solver, on all functions of a module.
#ifndef DYCC_PASSES_SHAPE_SOLVEFUNCTIONS_H
#define DYCC_PASSES_SHAPE_SOLVEFUNCTIONS_H

#include "passes/shape/Solver.h"

namespace dycc::shape {

/// What the solver finds, for all passes that neither take nor replace what it
/// speaks of: they preserve this analysis, and each function is solved once.
class Solutions {
public:
  explicit Solutions(mlir::Operation *module)
      : module(mlir::cast<mlir::ModuleOp>(module)) {}

  /// Gives each function to `use` as soon as it is solved: what `use` declares
  /// may not be declared for the next one again. Fails with the solver, which
  /// has emitted the error.
  mlir::LogicalResult
  forEach(llvm::function_ref<void(mlir::func::FuncOp, const Solver &)> use);

private:
  mlir::ModuleOp module;
  llvm::DenseMap<mlir::Operation *, std::unique_ptr<Solver>> solvers;
};

} // namespace dycc::shape

#endif // DYCC_PASSES_SHAPE_SOLVEFUNCTIONS_H
