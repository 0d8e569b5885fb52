#include "compiler/tune/PrecisionSearch.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>

using llvm::BitVector;

namespace dycc::tune {

/// Of the budget: a run with a smaller error is not halved.
constexpr double kShare = 0.5;
/// Trials of halves, for each halving of all nodes and beside that: two places
/// that break are found among any number of nodes.
constexpr unsigned kTrialsPerHalving = 4, kMoreTrials = 8;

std::optional<double> PrecisionSearch::measure(const BitVector &rounded) {
  ++choice.trials;
  return errorOf(rounded);
}

BitVector PrecisionSearch::nodesOf(size_t count) const {
  BitVector found(nodes);
  for (const Run &run : llvm::ArrayRef(runs).take_front(count))
    found.set(run.begin, run.end);
  return found;
}

bool PrecisionSearch::halve() {
  unsigned most = kTrialsPerHalving * llvm::Log2_32_Ceil(nodes) + kMoreTrials;
  while (choice.trials + 2 <= most) {
    // Of equal ones the first: what is behind it may be fine without it.
    Run *worst = nullptr;
    for (Run &run : runs)
      if (run.end - run.begin > 1 && run.error > kShare * budget &&
          (!worst || run.error > worst->error))
        worst = &run;
    if (!worst)
      return true;
    unsigned middle = worst->begin + (worst->end - worst->begin) / 2;
    Run halves[] = {{worst->begin, middle, 0}, {middle, worst->end, 0}};
    for (Run &half : halves) {
      BitVector alone(nodes);
      alone.set(half.begin, half.end);
      std::optional<double> error = measure(alone);
      if (!error)
        return false;
      half.error = *error;
    }
    *worst = halves[0];
    runs.insert(runs.begin() + (worst - runs.data()) + 1, halves[1]);
  }
  return true;
}

/// What a run takes of the budget for each of its nodes: roundings are
/// independent, so that squares of errors add up.
double PrecisionSearch::priceOf(const Run &run) const {
  return run.error <= budget ? run.error * run.error / (run.end - run.begin)
                             : HUGE_VAL;
}

/// Halves the number of runs that may meet the budget: none does, as f32.
bool PrecisionSearch::choose() {
  llvm::stable_sort(runs, [&](const Run &a, const Run &b) {
    return priceOf(a) < priceOf(b);
  });
  auto isWithin = [&](const Run &run) { return run.error <= budget; };
  size_t good = 0, bad = llvm::count_if(runs, isWithin) + 1;
  choice.rounded = nodesOf(0);
  // All that are within it alone come first: mostly they are together, too.
  for (size_t count = bad - 1; good + 1 < bad; count = (good + bad) / 2) {
    std::optional<double> error = measure(nodesOf(count));
    if (!error)
      return false;
    if (*error <= budget) {
      good = count;
      choice.rounded = nodesOf(count);
      choice.error = *error;
    } else {
      bad = count;
    }
  }
  return true;
}

std::optional<PrecisionChoice> PrecisionSearch::run() {
  BitVector all(nodes, true);
  choice = {BitVector(nodes), 0, 0, 0};
  if (nodes == 0)
    return choice;
  std::optional<double> before = measure(all);
  if (!before)
    return std::nullopt;
  choice.before = *before;
  if (*before <= budget) {
    choice.rounded = all;
    choice.error = *before;
    return choice;
  }
  runs = {{0, nodes, *before}};
  if (!halve() || !choose())
    return std::nullopt;
  return choice;
}

} // namespace dycc::tune
