// Ifs that yield one rank or another, and Squeezes that leave one or another: a
// value has one rank at compile time.
#ifndef DYCC_PASSES_SHAPE_RANKCHOICES_H
#define DYCC_PASSES_SHAPE_RANKCHOICES_H

#include "passes/shape/Solver.h"

namespace dycc::shape {

/// The solver that has run with all choices that are the only ones with which a
/// run comes through.
struct Decided {
  std::unique_ptr<Solver> solver;
  bool isSolved; ///< Else it has met an error, which it does not report.
};

/// Tries ranks one after the other, until one is met of which both come
/// through, or none, or that only execution knows.
Decided decideRanks(mlir::func::FuncOp function);

} // namespace dycc::shape

#endif // DYCC_PASSES_SHAPE_RANKCHOICES_H
