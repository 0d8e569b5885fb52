#ifndef DYCC_TOOLS_DYCC_BUDGET_H
#define DYCC_TOOLS_DYCC_BUDGET_H

#include "compiler/driver/Compile.h"
#include "tools/dycc/Console.h"

namespace dycc {

/// What storage in 16 bits may cost.
struct BudgetOptions {
  std::optional<double> maxError; ///< Relative; nothing: it is not measured.
  std::string data;               ///< Samples to measure it on.
};

/// Finds nodes of the model that have to stay f32 for the largest relative
/// error over the samples to stay within the budget, by compiling and running
/// it on this machine with some of its nodes in 16 bits: `options.found`, which
/// is written to `options.foundFile` too. Says what it found.
CompileStatus meetBudget(CompileOptions &options, const BudgetOptions &budget,
                         Console &console);

} // namespace dycc

#endif // DYCC_TOOLS_DYCC_BUDGET_H
