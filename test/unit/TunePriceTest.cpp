// Prices of work that follow from measured times, and how well they predict.
#include "compiler/tune/PriceFit.h"

#include <gtest/gtest.h>

using namespace dycc::tune;

namespace {

/// Launches of 3 and 0.5 an amount, of 40 each, in several proportions.
std::vector<PriceSample> exactSamples() {
  std::vector<PriceSample> samples;
  for (double first : {1, 10, 100, 3000})
    for (double second : {2, 50, 700, 9000})
      samples.push_back({{first, second, 1}, 3 * first + 0.5 * second + 40});
  return samples;
}

TEST(TunePrices, AreFoundWhereTimesAreTheirSum) {
  std::vector<double> prices = fitPrices(exactSamples());
  ASSERT_EQ(prices.size(), 3U);
  EXPECT_NEAR(prices[0], 3, 1e-3);
  EXPECT_NEAR(prices[1], 0.5, 1e-3);
  EXPECT_NEAR(prices[2], 40, 1e-2);
}

TEST(TunePrices, HardlyMoveForTimesThatAreFarOff) {
  std::vector<PriceSample> samples = exactSamples();
  samples[5].time *= 8;
  samples[9].time *= 3;
  std::vector<double> prices = fitPrices(samples);
  EXPECT_NEAR(prices[0], 3, 0.1);
  EXPECT_NEAR(prices[1], 0.5, 0.02);
}

TEST(TunePrices, AreNotBelowZero) {
  // More of the second amount would take less time.
  std::vector<double> prices =
      fitPrices({{{10, 1}, 20}, {{10, 5}, 18}, {{20, 9}, 37}});
  EXPECT_NEAR(prices[0], 1.9, 0.1);
  EXPECT_EQ(prices[1], 0);
}

TEST(TunePrices, OfWhatNoSampleHasAreZero) {
  std::vector<double> prices = fitPrices({{{2, 0}, 6}, {{4, 0}, 12}});
  EXPECT_NEAR(prices[0], 3, 1e-9);
  EXPECT_EQ(prices[1], 0);
  EXPECT_TRUE(fitPrices({}).empty());
}

TEST(TuneAccuracy, SaysErrorsInRatiosAndTheOrder) {
  std::vector<TimePair> times;
  for (int i = 1; i <= 10; ++i)
    times.push_back({i * 1.1, double(i)});
  times.back().first = 20;
  Accuracy accuracy = accuracyOf(times);
  EXPECT_EQ(accuracy.count, 10U);
  EXPECT_NEAR(accuracy.median, 0.1, 1e-9);
  EXPECT_NEAR(accuracy.p90, 0.1, 1e-9);
  EXPECT_NEAR(accuracy.bias, 0.1, 1e-9);
  EXPECT_NEAR(accuracy.rank, 1, 1e-9);
}

TEST(TuneAccuracy, IsMinusOneInTheOtherOrderAndOfEqualTimesTheMiddle) {
  EXPECT_NEAR(accuracyOf({{3.0, 1.0}, {2.0, 2.0}, {1.0, 3.0}}).rank, -1, 1e-9);
  // Ranks 0.5, 0.5, 2 beside 0, 1, 2.
  EXPECT_NEAR(accuracyOf({{5.0, 1.0}, {5.0, 2.0}, {6.0, 3.0}}).rank, 0.866,
              1e-3);
  EXPECT_EQ(accuracyOf({}).count, 0U);
}

} // namespace
