// The search for nodes that stay f32, in a world where each node has an error.
#include "compiler/tune/PrecisionSearch.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace dycc::tune;
using llvm::BitVector;

namespace {

/// What one search is asked and how it went.
struct World {
  std::vector<double> errors; ///< Of each node in 16 bits, which add up.
  double budget = 0.01;
  std::vector<BitVector> asked = {};

  PrecisionChoice search() {
    auto found = PrecisionSearch(unsigned(errors.size()), budget,
                                 [&](const BitVector &rounded) {
                                   asked.push_back(rounded);
                                   return std::optional(errorOf(rounded));
                                 })
                     .run();
    EXPECT_TRUE(found.has_value());
    return found.value_or(PrecisionChoice{});
  }
  double errorOf(const BitVector &rounded) const {
    double sum = 0;
    for (unsigned node : rounded.set_bits())
      sum += errors[node];
    return sum;
  }
};

std::vector<unsigned> kept(const PrecisionChoice &choice) {
  std::vector<unsigned> nodes;
  BitVector others = choice.rounded;
  others.flip();
  for (unsigned node : others.set_bits())
    nodes.push_back(node);
  return nodes;
}

TEST(TunePrecision, LeavesAllWhereTheBudgetIsMet) {
  World world{std::vector<double>(10, 0.0009)};
  PrecisionChoice choice = world.search();
  EXPECT_TRUE(choice.rounded.all());
  EXPECT_EQ(choice.trials, 1u);
  EXPECT_NEAR(choice.error, 0.009, 1e-12);
}

TEST(TunePrecision, FindsTheOneNodeThatBreaks) {
  World world{std::vector<double>(300, 1e-6)};
  world.errors[217] = HUGE_VAL;
  PrecisionChoice choice = world.search();
  EXPECT_EQ(kept(choice), std::vector<unsigned>{217});
  EXPECT_EQ(choice.before, HUGE_VAL);
  EXPECT_NEAR(choice.error, 299e-6, 1e-12);
  // Two for each of nine halvings, all at first, and the choice.
  EXPECT_LE(choice.trials, 20u);
  EXPECT_EQ(choice.trials, world.asked.size());
}

TEST(TunePrecision, FindsPlacesThatBreak) {
  World world{std::vector<double>(64, 1e-6)};
  world.errors[3] = world.errors[40] = world.errors[41] = HUGE_VAL;
  EXPECT_EQ(kept(world.search()), (std::vector<unsigned>{3, 40, 41}));
}

/// No node breaks the budget alone: those with the smallest errors stay.
TEST(TunePrecision, ChoosesAmongErrorsThatAddUp) {
  World world{{0.002, 0.004, 0.003, 0.004}};
  PrecisionChoice choice = world.search();
  EXPECT_EQ(kept(choice), std::vector<unsigned>{3});
  EXPECT_NEAR(choice.error, 0.009, 1e-12);
}

/// Four nodes for 0.0048 come before one for 0.004.
TEST(TunePrecision, PrefersManyNodes) {
  World world{{0.004, 0.004, 0.004, 0.004, 0.0012, 0.0012, 0.0012, 0.0012}};
  PrecisionChoice choice = world.search();
  EXPECT_EQ(kept(choice), (std::vector<unsigned>{1, 2, 3}));
  EXPECT_NEAR(choice.error, 0.0088, 1e-12);
}

/// 128 nodes break: there is an end to trials all the same, and what the
/// search gives up meets the budget.
TEST(TunePrecision, EndsWhereMuchBreaks) {
  World world{std::vector<double>(256, 1e-6)};
  for (size_t node = 0; node < 256; node += 2)
    world.errors[node] = 1;
  PrecisionChoice choice = world.search();
  EXPECT_LE(choice.trials, 4u * 8 + 8 + 8);
  EXPECT_LE(choice.error, world.budget);
  EXPECT_NEAR(choice.error, world.errorOf(choice.rounded), 1e-12);
}

TEST(TunePrecision, AllInF32MeetsAnyBudget) {
  World world{{1, 1, 1}, /*budget=*/0};
  PrecisionChoice choice = world.search();
  EXPECT_TRUE(choice.rounded.none());
  EXPECT_EQ(choice.error, 0);
}

TEST(TunePrecision, EndsWhereAnErrorIsNotMeasured) {
  for (unsigned last : {1, 2, 4}) {
    unsigned count = 0;
    auto errorOf = [&](const BitVector &rounded) -> std::optional<double> {
      return ++count == last ? std::nullopt
                             : std::optional(rounded.test(0) + 0.);
    };
    EXPECT_FALSE(PrecisionSearch(2, 0.01, errorOf).run());
  }
}

TEST(TunePrecision, AModelMayHaveNothingToRound) {
  EXPECT_EQ(World{{}}.search().trials, 0u);
}

} // namespace
