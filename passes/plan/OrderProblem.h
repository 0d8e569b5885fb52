// Which of the orders of some steps takes least memory, as a question of its
// own: no IR, bytes are numbers.
#ifndef DYCC_PASSES_PLAN_ORDERPROBLEM_H
#define DYCC_PASSES_PLAN_ORDERPROBLEM_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <vector>

namespace dycc::plan {

/// Memory that steps share: it is taken by the first step that makes it, and
/// given back behind the last one that makes or reads it.
struct OrderedMemory {
  double bytes = 0;
  bool isThere = false; ///< Before the first step.
  bool stays = false;   ///< Behind the last one.
};

struct OrderedStep {
  /// Steps that have to come before. Numbers are those of the order given, in
  /// which they do.
  llvm::SmallVector<unsigned, 4> after;
  llvm::SmallVector<unsigned, 4> makes, reads; ///< Memory, each once.
  double inner = 0; ///< Bytes that it takes beside that while it runs.
  /// What it reads, and what it may make in that memory where it is the last
  /// to read it. The first such pair counts.
  llvm::SmallVector<std::pair<unsigned, unsigned>, 1> over;
};

struct OrderProblem {
  std::vector<OrderedStep> steps;
  std::vector<OrderedMemory> memory;
};

/// What an order takes: the most bytes at a time, then the time that values
/// are kept: bytes that are live, added up over the steps. A consumer soon
/// behind its producer makes this small.
struct OrderCost {
  double peak = 0, kept = 0;
  unsigned peakStep = 0;

  bool operator<(const OrderCost &other) const {
    return peak != other.peak ? peak < other.peak : kept < other.kept;
  }
};

OrderCost costOf(const OrderProblem &problem, llvm::ArrayRef<unsigned> order);

struct FoundOrder {
  std::vector<unsigned> order;
  /// No order has a lower peak; else no such proof was found in time.
  bool isLeast = true;
};

/// The order with the least peak, and among those that it meets the one that
/// keeps values for the shortest time; never worse than the order given.
/// Exact for pieces of some 25 steps between steps that all others depend on
/// or are needed for; of larger ones it follows the most promising beginnings,
/// as many as some hundred thousand moves allow.
FoundOrder findOrder(const OrderProblem &problem);
/// The order that keeps values for the shortest time, whatever the peak.
FoundOrder findShortestLives(const OrderProblem &problem);

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_ORDERPROBLEM_H
