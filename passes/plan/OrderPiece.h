// A piece of an OrderProblem with its steps as bits of a set.
#ifndef DYCC_PASSES_PLAN_ORDERPIECE_H
#define DYCC_PASSES_PLAN_ORDERPIECE_H

#include "passes/plan/OrderProblem.h"

namespace dycc::plan {

/// Steps, one bit each.
using StepSet = llvm::SmallVector<uint64_t, 2>;

inline void insert(llvm::MutableArrayRef<uint64_t> set, unsigned step) {
  set[step / 64] |= uint64_t(1) << step % 64;
}
inline bool contains(llvm::ArrayRef<uint64_t> set, unsigned step) {
  return set[step / 64] >> step % 64 & 1;
}

/// Steps of a problem that follow each other in the order given, once those
/// before them are done.
class OrderPiece {
public:
  /// Of each memory of a problem the first and the last step that makes or
  /// reads it.
  using Spans = std::vector<std::pair<unsigned, unsigned>>;
  static Spans spansOf(const OrderProblem &problem);

  OrderPiece(const OrderProblem &problem, const Spans &spans, unsigned first,
             unsigned count);

  unsigned size() const { return steps.size(); }
  size_t words() const { return (steps.size() + 63) / 64; }
  /// The bytes that are live before the first step and matter here.
  double liveBefore() const { return before; }
  /// Steps that a step needs, and that need it.
  llvm::ArrayRef<unsigned> needsOf(unsigned step) const {
    return steps[step].after;
  }
  llvm::ArrayRef<unsigned> usersOf(unsigned step) const { return users[step]; }

  struct Move {
    double during; ///< Bytes that are live while the step runs,
    double after;  ///< and behind it.
  };
  /// `step` once those of `done` are, with `live` bytes.
  Move move(llvm::ArrayRef<uint64_t> done, double live, unsigned step) const;

  OrderCost costOf(llvm::ArrayRef<unsigned> order) const;

  /// No order of the piece takes fewer bytes. Of a very large one it is not
  /// computed: 0.
  double leastPeak() const;

private:
  struct Memory {
    double bytes = 0;
    bool isThere = false, stays = false;
    StepSet makers, users; ///< `users`: both makers and readers.
  };
  bool endsWith(const Memory &memory, llvm::ArrayRef<uint64_t> done,
                unsigned step) const;
  bool isTaken(const Memory &memory, llvm::ArrayRef<uint64_t> done) const;
  double savedBy(llvm::ArrayRef<uint64_t> done, unsigned step) const;

  std::vector<OrderedStep> steps;
  std::vector<llvm::SmallVector<unsigned, 4>> users;
  std::vector<Memory> memory;
  double before = 0;
};

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_ORDERPIECE_H
