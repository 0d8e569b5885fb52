#include "passes/plan/OrderPiece.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace dycc::plan {

/// Beyond it the sets of all that comes before each step take long.
static constexpr unsigned kMostBounded = 1024;

OrderPiece::Spans OrderPiece::spansOf(const OrderProblem &problem) {
  Spans spans(problem.memory.size(), {problem.steps.size(), 0});
  for (auto [number, step] : enumerate(problem.steps))
    for (const auto *list : {&step.makes, &step.reads})
      for (unsigned index : *list) {
        spans[index].first = std::min<unsigned>(spans[index].first, number);
        spans[index].second = number;
      }
  return spans;
}

OrderPiece::OrderPiece(const OrderProblem &problem, const Spans &spans,
                       unsigned first, unsigned count)
    : steps(problem.steps.begin() + first,
            problem.steps.begin() + first + count),
      users(count) {
  // Number memory anew, as steps mention it.
  DenseMap<unsigned, unsigned> numbers;
  auto numberOf = [&](unsigned &index) {
    auto [it, isNew] = numbers.try_emplace(index, memory.size());
    if (isNew) {
      const OrderedMemory &whole = problem.memory[index];
      auto [from, to] = spans[index];
      memory.push_back({whole.bytes, whole.isThere || from < first,
                        whole.stays || to >= first + count, StepSet(words(), 0),
                        StepSet(words(), 0)});
    }
    index = it->second;
  };
  for (auto [number, step] : enumerate(steps)) {
    erase_if(step.after, [&](unsigned other) { return other < first; });
    for (unsigned &other : step.after) {
      other -= first;
      users[other].push_back(number);
    }
    for (unsigned &index : step.makes) {
      numberOf(index);
      insert(memory[index].makers, number);
      insert(memory[index].users, number);
    }
    for (unsigned &index : step.reads) {
      numberOf(index);
      insert(memory[index].users, number);
    }
    for (auto &[read, made] : step.over) {
      numberOf(read);
      numberOf(made);
    }
  }
  for (const Memory &one : memory)
    if (one.isThere)
      before += one.bytes;
}

bool OrderPiece::endsWith(const Memory &memory, ArrayRef<uint64_t> done,
                          unsigned step) const {
  if (memory.stays)
    return false;
  for (size_t word = 0; word < memory.users.size(); ++word) {
    uint64_t left = memory.users[word] & ~done[word];
    if (step / 64 == word)
      left &= ~(uint64_t(1) << step % 64);
    if (left)
      return false;
  }
  return true;
}

bool OrderPiece::isTaken(const Memory &memory, ArrayRef<uint64_t> done) const {
  if (memory.isThere)
    return true;
  for (auto [makers, ran] : zip(memory.makers, done))
    if (makers & ran)
      return true;
  return false;
}

/// What lies over an operand takes no more than it, or the larger of the two.
double OrderPiece::savedBy(ArrayRef<uint64_t> done, unsigned step) const {
  for (auto [read, made] : steps[step].over)
    if (endsWith(memory[read], done, step))
      return std::min(memory[read].bytes, memory[made].bytes);
  return 0;
}

OrderPiece::Move OrderPiece::move(ArrayRef<uint64_t> done, double live,
                                  unsigned step) const {
  double made = 0, ended = 0;
  for (unsigned index : steps[step].makes) {
    const Memory &one = memory[index];
    if (!isTaken(one, done))
      made += one.bytes;
    if (endsWith(one, done, step))
      ended += one.bytes;
  }
  for (unsigned index : steps[step].reads)
    if (!is_contained(steps[step].makes, index) &&
        endsWith(memory[index], done, step))
      ended += memory[index].bytes;
  double during = live + made + steps[step].inner - savedBy(done, step);
  return {during, live + made - ended};
}

OrderCost OrderPiece::costOf(ArrayRef<unsigned> order) const {
  OrderCost cost;
  StepSet done(words(), 0);
  double live = cost.peak = before;
  for (unsigned step : order) {
    auto [during, after] = move(done, live, step);
    if (during > cost.peak)
      cost.peakStep = step;
    cost.peak = std::max(cost.peak, during);
    cost.kept += live = after;
    insert(done, step);
  }
  return cost;
}

/// While a step runs, all is live that steps before it make and steps behind it
/// read, wherever the others are.
double OrderPiece::leastPeak() const {
  if (size() > kMostBounded)
    return 0;
  std::vector<StepSet> before(size(), StepSet(words(), 0)), behind = before;
  auto unite = [](StepSet &set, const StepSet &other) {
    for (auto [word, more] : zip(set, other))
      word |= more;
  };
  for (unsigned step = 0; step < size(); ++step)
    for (unsigned other : steps[step].after) {
      unite(before[step], before[other]);
      insert(before[step], other);
    }
  for (unsigned step = size(); step-- > 0;)
    for (unsigned other : users[step]) {
      unite(behind[step], behind[other]);
      insert(behind[step], other);
    }
  auto meets = [](const StepSet &a, const StepSet &b) {
    return any_of(zip(a, b), [](auto pair) {
      return (std::get<0>(pair) & std::get<1>(pair)) != 0;
    });
  };
  double most = 0;
  for (unsigned step = 0; step < size(); ++step) {
    double least = steps[step].inner, saved = 0;
    for (const Memory &one : memory) {
      bool isUsed = contains(one.users, step);
      bool isMade = one.isThere || meets(one.makers, before[step]);
      bool isNeeded = one.stays || meets(one.users, behind[step]);
      if (isUsed || (isMade && isNeeded))
        least += one.bytes;
    }
    for (auto [read, made] : steps[step].over)
      saved = std::max(saved, std::min(memory[read].bytes, memory[made].bytes));
    most = std::max(most, least - saved);
  }
  return most;
}

} // namespace dycc::plan
