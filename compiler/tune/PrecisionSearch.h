// Which nodes of a model lose too much in 16 bits: a search by measurement that
// knows neither models nor compilers.
#ifndef DYCC_COMPILER_TUNE_PRECISIONSEARCH_H
#define DYCC_COMPILER_TUNE_PRECISIONSEARCH_H

#include "llvm/ADT/BitVector.h"

#include <functional>
#include <optional>
#include <vector>

namespace dycc::tune {

/// How the search ended.
struct PrecisionChoice {
  llvm::BitVector rounded; ///< Nodes in 16 bits; the others stay f32.
  double before = 0;       ///< The error where all are in 16 bits.
  double error = 0;        ///< That of the choice: 0 where all stay f32.
  unsigned trials = 0;     ///< That were measured.
};

/// A search for nodes that may be in 16 bits together without an error beyond
/// `budget`. Nodes are numbers, in the order in which a model computes them.
///
/// Runs of nodes are measured alone in 16 bits, with all others f32, and the
/// one with the largest error is halved, down to runs that take up half of the
/// budget at most, or to single nodes. A place that breaks costs two trials for
/// each halving; there is an end to trials, behind which runs stay as they
/// are. Then as many runs as meet the budget together are in 16 bits, those
/// with the smallest errors first.
class PrecisionSearch {
public:
  /// The error of the model with these nodes in 16 bits, infinite where it has
  /// none; nothing ends the search.
  using ErrorOf =
      std::function<std::optional<double>(const llvm::BitVector &rounded)>;

  PrecisionSearch(unsigned nodes, double budget, ErrorOf errorOf)
      : nodes(nodes), budget(budget), errorOf(std::move(errorOf)) {}

  /// Nothing where an error could not be measured.
  std::optional<PrecisionChoice> run();

private:
  /// Nodes that follow each other, and the error of these alone.
  struct Run {
    unsigned begin, end;
    double error;
  };

  bool halve();
  bool choose();
  double priceOf(const Run &run) const;
  /// Of these runs the first `count` ones.
  llvm::BitVector nodesOf(size_t count) const;
  std::optional<double> measure(const llvm::BitVector &rounded);

  const unsigned nodes;
  const double budget;
  const ErrorOf errorOf;
  std::vector<Run> runs;
  PrecisionChoice choice;
};

} // namespace dycc::tune

#endif // DYCC_COMPILER_TUNE_PRECISIONSEARCH_H
