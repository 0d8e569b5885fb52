// Ifs that yield one rank or another: a value has one at compile time.
#ifndef DYCC_PASSES_SHAPE_BRANCHCHOICES_H
#define DYCC_PASSES_SHAPE_BRANCHCHOICES_H

#include "passes/shape/Solver.h"

namespace dycc::shape {

/// The branches that are taken to run.
using Choices = llvm::DenseMap<mlir::Operation *, bool>;

/// The only branch of the If in conflict with which a run comes through;
/// nothing where there is no such If, only execution knows its condition, or
/// both branches, or none, do. `solver` has solved `function` with the choices
/// `made`.
std::optional<bool> onlyBranch(mlir::func::FuncOp function,
                               const Solver &solver, const Choices &made);

} // namespace dycc::shape

#endif // DYCC_PASSES_SHAPE_BRANCHCHOICES_H
