// Orders of random steps: of few ones against every order there is, by a
// simulation of its own; of many ones against the order given.
#include "passes/plan/OrderProblem.h"

#include <algorithm>
#include <chrono>
#include <gtest/gtest.h>
#include <numeric>
#include <random>
#include <set>

using namespace dycc::plan;

namespace {

/// Steps that read what some before them made, as operators of a model do.
class RandomProblem {
public:
  RandomProblem(uint64_t seed, unsigned count) : random(seed) {
    problem.steps.resize(count);
    while (any(3) == 0)
      addMemory(/*isThere=*/true);
    for (unsigned step = 0; step < count; ++step)
      addStep(step);
    for (OrderedMemory &one : problem.memory)
      one.stays = any(8) == 0;
  }

  OrderProblem problem;

private:
  unsigned any(unsigned count) { return random() % count; }

  unsigned addMemory(bool isThere) {
    static constexpr double kSizes[] = {0, 1, 1, 2, 4, 4, 8, 64, 100};
    problem.memory.push_back({kSizes[any(std::size(kSizes))], isThere, false});
    makers.push_back({});
    return problem.memory.size() - 1;
  }

  void addStep(unsigned number) {
    OrderedStep &step = problem.steps[number];
    std::set<unsigned> reads, after;
    for (unsigned tries = any(4); tries-- > 0 && !problem.memory.empty();)
      reads.insert(problem.memory.size() - 1 -
                   any(std::min<unsigned>(problem.memory.size(), 5)));
    for (unsigned memory : reads)
      after.insert(makers[memory].begin(), makers[memory].end());
    if (number > 0 && any(10) == 0)
      after.insert(any(number)); // As checks and random numbers do.
    if (any(6) == 0)
      step.inner = any(20);
    bool joins = !makers.empty() && !makers.back().empty() && any(8) == 0 &&
                 !reads.contains(makers.size() - 1);
    unsigned made = joins ? makers.size() - 1 : addMemory(false);
    makers[made].push_back(number);
    step.makes.push_back(made);
    for (unsigned memory : reads)
      if (!joins && any(3) == 0)
        step.over.push_back({memory, made});
    step.reads.assign(reads.begin(), reads.end());
    step.after.assign(after.begin(), after.end());
  }

  std::mt19937_64 random;
  std::vector<std::vector<unsigned>> makers;
};

bool isLegal(const OrderProblem &problem, const std::vector<unsigned> &order) {
  std::vector<bool> done(problem.steps.size());
  for (unsigned step : order) {
    for (unsigned other : problem.steps[step].after)
      if (!done[other])
        return false;
    if (done[step])
      return false;
    done[step] = true;
  }
  return order.size() == problem.steps.size();
}

/// The most bytes at a time, straight from what memory means.
double peakOf(const OrderProblem &problem, const std::vector<unsigned> &order) {
  size_t count = problem.memory.size();
  std::vector<int> first(count, 1 << 20), last(count, -1);
  std::vector<bool> isDead(count);
  for (int at = 0; at < int(order.size()); ++at) {
    const OrderedStep &step = problem.steps[order[at]];
    for (unsigned memory : step.makes) {
      first[memory] = std::min(first[memory], at);
      last[memory] = std::max(last[memory], at);
    }
    for (unsigned memory : step.reads)
      last[memory] = std::max(last[memory], at);
  }
  double peak = 0;
  for (unsigned memory = 0; memory < count; ++memory) {
    if (problem.memory[memory].isThere)
      first[memory] = -1;
    if (problem.memory[memory].stays)
      last[memory] = 1 << 20;
  }
  for (int at = 0; at < int(order.size()); ++at) {
    const OrderedStep &step = problem.steps[order[at]];
    double live = step.inner;
    for (unsigned memory = 0; memory < count; ++memory)
      if (first[memory] <= at && at <= last[memory])
        live += problem.memory[memory].bytes;
    for (auto [read, made] : step.over)
      if (last[read] == at) {
        live -=
            std::min(problem.memory[read].bytes, problem.memory[made].bytes);
        break;
      }
    peak = std::max(peak, live);
  }
  return peak;
}

class RandomOrder : public ::testing::TestWithParam<unsigned> {};

TEST_P(RandomOrder, IsTheBestOfAll) {
  for (unsigned count = 1; count <= 8; ++count) {
    OrderProblem problem = RandomProblem(GetParam(), count).problem;
    std::vector<unsigned> order(count);
    std::iota(order.begin(), order.end(), 0);
    double least = peakOf(problem, order);
    do
      if (isLegal(problem, order))
        least = std::min(least, peakOf(problem, order));
    while (std::next_permutation(order.begin(), order.end()));
    FoundOrder found = findOrder(problem);
    ASSERT_TRUE(isLegal(problem, found.order))
        << "seed " << GetParam() << ", " << count << " steps";
    ASSERT_TRUE(found.isLeast)
        << "seed " << GetParam() << ", " << count << " steps";
    ASSERT_EQ(peakOf(problem, found.order), least)
        << "seed " << GetParam() << ", " << count << " steps";
  }
}

class ManySteps : public ::testing::TestWithParam<unsigned> {};

TEST_P(ManySteps, AreNoWorseThanAsGiven) {
  for (unsigned count : {20u, 70u, 150u}) {
    OrderProblem problem = RandomProblem(GetParam(), count).problem;
    std::vector<unsigned> given(count);
    std::iota(given.begin(), given.end(), 0);
    for (FoundOrder found : {findOrder(problem), findShortestLives(problem)})
      ASSERT_TRUE(isLegal(problem, found.order)) << "seed " << GetParam();
    FoundOrder found = findOrder(problem);
    ASSERT_LE(peakOf(problem, found.order), peakOf(problem, given))
        << "seed " << GetParam() << ", " << count << " steps";
    ASSERT_EQ(found.order, findOrder(problem).order) << "seed " << GetParam();
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomOrder, ::testing::Range(1u, 101u));
INSTANTIATE_TEST_SUITE_P(Seeds, ManySteps, ::testing::Range(1u, 11u));

/// Towers of `height` steps that grow, one beside the other.
OrderProblem towers(unsigned count, unsigned height) {
  OrderProblem problem;
  for (unsigned level = 0; level < height; ++level)
    for (unsigned tower = 0; tower < count; ++tower) {
      OrderedStep step;
      step.makes = {unsigned(problem.memory.size())};
      if (level > 0) {
        step.after = {(level - 1) * count + tower};
        step.reads = {step.after[0]};
      }
      problem.memory.push_back({level + 1 < height ? 100.0 : 1.0});
      problem.memory.back().stays = level + 1 == height;
      problem.steps.push_back(step);
    }
  return problem;
}

TEST(OrderSearch, RunsOneTowerBehindTheOther) {
  OrderProblem problem = towers(3, 4);
  FoundOrder found = findOrder(problem);
  EXPECT_TRUE(found.isLeast);
  EXPECT_EQ(costOf(problem, found.order).peak, 202);
  EXPECT_EQ(found.order,
            (std::vector<unsigned>{0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11}));
}

TEST(OrderSearch, IsExactWithTwentyFiveSteps) {
  FoundOrder found = findOrder(towers(5, 5));
  EXPECT_TRUE(found.isLeast);
  EXPECT_EQ(costOf(towers(5, 5), found.order).peak, 204);
}

TEST(OrderSearch, EndsInTimeWithThousandsOfSteps) {
  OrderProblem problem = towers(40, 60);
  auto start = std::chrono::steady_clock::now();
  FoundOrder found = findOrder(problem);
  std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  EXPECT_LT(costOf(problem, found.order).peak, 300);
  EXPECT_LT(time.count(), 20);
  RecordProperty("seconds", std::to_string(time.count()));
}
} // namespace
