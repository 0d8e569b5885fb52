// The solver, on all functions of a module.
#ifndef DYCC_PASSES_SHAPE_SOLVEFUNCTIONS_H
#define DYCC_PASSES_SHAPE_SOLVEFUNCTIONS_H

#include "passes/shape/Solver.h"

namespace dycc::shape {

/// Solves one function after the other and gives each to `use` at once: what
/// `use` changes in a function may not reach another. Fails with the solver,
/// which has emitted the error.
mlir::LogicalResult solveFunctions(
    mlir::ModuleOp module,
    llvm::function_ref<void(mlir::func::FuncOp, const Solver &)> use);

} // namespace dycc::shape

#endif // DYCC_PASSES_SHAPE_SOLVEFUNCTIONS_H
