// How the indices of a parallel loop are shared out.
#include "runtime/src/Share.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <numeric>
#include <random>
#include <thread>
#include <vector>

namespace dycc::test {
namespace {

using rt::Share;

TEST(RuntimeShare, IsTakenFromBothEnds) {
  Share share;
  share.set(3, 7);
  EXPECT_EQ(share.takeFirst(), 3);
  EXPECT_EQ(share.takeLast(), 6);
  EXPECT_EQ(share.takeLast(), 5);
  EXPECT_EQ(share.takeFirst(), 4);
  EXPECT_EQ(share.takeFirst(), -1);
  EXPECT_EQ(share.takeLast(), -1);
  share.set(UINT32_MAX - 1, UINT32_MAX);
  EXPECT_EQ(share.takeLast(), int64_t(UINT32_MAX) - 1);
  EXPECT_EQ(share.takeLast(), -1);
}

TEST(RuntimeShare, GivesEachIndexToOneThread) {
  constexpr uint32_t count = 100000;
  Share share;
  share.set(0, count);
  std::vector<std::vector<int64_t>> taken(4);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < taken.size(); ++i)
    threads.emplace_back([&, i] {
      for (int64_t index;
           (index = i % 2 ? share.takeLast() : share.takeFirst()) >= 0;)
        taken[i].push_back(index);
    });
  std::vector<int64_t> all;
  for (size_t i = 0; i < taken.size(); ++i) {
    threads[i].join();
    all.insert(all.end(), taken[i].begin(), taken[i].end());
  }
  std::sort(all.begin(), all.end());
  ASSERT_EQ(all.size(), count);
  for (uint32_t i = 0; i < count; ++i)
    ASSERT_EQ(all[i], i);
}

/// When the last of `threads` is done with tasks of these costs, each thread
/// taking its next one once it has done the one before.
double timeOf(const std::vector<double> &costs, uint32_t threads) {
  std::vector<Share> shares(threads);
  std::vector<double> free(threads, 0);
  auto at = [&](uint32_t i) -> Share & { return shares[i]; };
  rt::shareOut(at, threads, costs.size());
  for (double end = 0;;) {
    auto thread =
        uint32_t(std::min_element(free.begin(), free.end()) - free.begin());
    int64_t index = rt::takeNext(at, threads, thread);
    if (index < 0)
      return std::max(end, *std::max_element(free.begin(), free.end()));
    end = free[thread] += costs[size_t(index)];
  }
}

TEST(RuntimeShare, BalancesWorkOfAnyCost) {
  constexpr unsigned seed = 7;
  std::mt19937 random(seed);
  for (uint32_t threads : {2u, 4u, 8u})
    for (size_t count : {1, 5, 40, 1000}) {
      SCOPED_TRACE(testing::Message() << threads << " threads, " << count
                                      << " tasks, seed " << seed);
      std::vector<double> costs(count);
      for (double &cost : costs)
        cost = std::uniform_real_distribution<>(0.1, 3)(random);
      // A few dear ones at the end, as the rows of an image's last strip.
      costs.back() = 10;
      double sum = std::accumulate(costs.begin(), costs.end(), 0.0);
      double most = *std::max_element(costs.begin(), costs.end());
      EXPECT_LE(timeOf(costs, threads), sum / threads + most);
    }
}

} // namespace
} // namespace dycc::test
