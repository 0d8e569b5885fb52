// Each branch is tried on the whole function: if only one of them comes
// through, the other would stop the run in any case.
#include "passes/shape/BranchChoices.h"

using namespace mlir;

namespace dycc::shape {

std::optional<bool> onlyBranch(func::FuncOp function, const Solver &solver,
                               const Choices &made) {
  auto [op, predicate] = solver.getConflict();
  if (!op || !predicate || predicate.isUnknown())
    return std::nullopt;
  auto runs = [&, op = op](bool choice) {
    Choices choices(made);
    choices[op] = choice;
    return succeeded(Solver(function, choices).solve());
  };
  bool thenRuns = runs(true), elseRuns = runs(false);
  return thenRuns == elseRuns ? std::nullopt : std::optional(thenRuns);
}

} // namespace dycc::shape
