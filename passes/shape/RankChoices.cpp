// Each choice is tried on the whole function: if only one of them comes
// through, the other would stop the run in any case.
#include "passes/shape/RankChoices.h"

using namespace mlir;

namespace dycc::shape {

/// Solutions for one choice, so that many choices in a row end; a choice that
/// is not through with all others by then may come through.
constexpr int kMaxTrials = 32;

static bool isDecidable(const Solver &solver) {
  const auto &conflict = solver.getConflict();
  return conflict && conflict->second && !conflict->second.isUnknown();
}

/// Whether a run comes through with `choices` and some of those that are met
/// with them.
static bool comesThrough(func::FuncOp function, const Choices &choices,
                         int &trials) {
  if (trials-- == 0)
    return true;
  Solver solver(function, choices);
  if (failed(solver.solve()))
    return false;
  if (!isDecidable(solver))
    return true;
  for (bool choice : {true, false}) {
    Choices more(choices);
    more[solver.getConflict()->first] = choice;
    if (trials <= 0 || comesThrough(function, more, trials))
      return true;
  }
  return false;
}

/// The only choice at `place` with which a run comes through.
static std::optional<bool> onlyChoice(func::FuncOp function, RankChoice place,
                                      Choices choices) {
  auto runs = [&](bool choice) {
    int trials = kMaxTrials;
    choices[place] = choice;
    return comesThrough(function, choices, trials);
  };
  bool isPossible = runs(true), isAvoidable = runs(false);
  return isPossible == isAvoidable ? std::nullopt : std::optional(isPossible);
}

Decided decideRanks(func::FuncOp function) {
  Choices choices;
  for (;;) {
    auto solver = std::make_unique<Solver>(function, choices);
    bool isSolved = succeeded(solver->solve());
    std::optional<bool> next;
    if (isDecidable(*solver))
      next = onlyChoice(function, solver->getConflict()->first, choices);
    if (!next)
      return {std::move(solver), isSolved};
    choices[solver->getConflict()->first] = *next;
  }
}

} // namespace dycc::shape
