#include "compiler/tune/PriceFit.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dycc::tune {
namespace {

/// Least squares of the ratios, with weights and bounds at 0. Amounts are in
/// units of their largest share, so that all have about the same size.
class PriceFit {
public:
  explicit PriceFit(llvm::ArrayRef<PriceSample> samples)
      : samples(samples), size(samples.front().counts.size()), units(size, 0),
        prices(size, 0), weights(samples.size(), 1) {
    for (const PriceSample &sample : samples)
      for (size_t i = 0; i < size; ++i)
        units[i] = std::max(units[i], sample.counts[i] / sample.time);
    for (double &unit : units)
      unit = unit > 0 ? 1 / unit : 0;
  }

  std::vector<double> run() {
    constexpr int kRounds = 12;
    for (int round = 0; round < kRounds; ++round) {
      solve();
      reweigh();
    }
    std::vector<double> result;
    for (size_t i = 0; i < size; ++i)
      result.push_back(prices[i] * units[i]);
    return result;
  }

private:
  double share(const PriceSample &sample, size_t i) const {
    return sample.counts[i] * units[i] / sample.time;
  }

  /// Coordinate by coordinate: convex, so that it ends at the minimum.
  void solve() {
    std::vector<double> gram(size * size, 0), right(size, 0);
    for (auto [sample, weight] : llvm::zip_equal(samples, weights))
      for (size_t i = 0; i < size; ++i) {
        double mine = share(sample, i) * weight;
        right[i] += mine;
        for (size_t k = 0; k < size; ++k)
          gram[i * size + k] += mine * share(sample, k);
      }
    constexpr int kSweeps = 20000;
    constexpr double kStill = 1e-10;
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      double moved = 0;
      for (size_t i = 0; i < size; ++i)
        moved = std::max(moved, step(i, gram, right));
      if (moved < kStill)
        return;
    }
  }

  double step(size_t i, llvm::ArrayRef<double> gram,
              llvm::ArrayRef<double> right) {
    double own = gram[i * size + i];
    if (own <= 0)
      return 0;
    double rest = right[i];
    for (size_t k = 0; k < size; ++k)
      if (k != i)
        rest -= gram[i * size + k] * prices[k];
    double next = std::max(0.0, rest / own);
    return std::abs(std::exchange(prices[i], next) - next);
  }

  /// Samples that are far off count as by their distance, not its square.
  void reweigh() {
    constexpr double kNear = 0.05;
    for (auto [sample, weight] : llvm::zip_equal(samples, weights)) {
      double sum = 0;
      for (size_t i = 0; i < size; ++i)
        sum += share(sample, i) * prices[i];
      weight = kNear / std::max(kNear, std::abs(sum - 1));
    }
  }

  llvm::ArrayRef<PriceSample> samples;
  size_t size;
  std::vector<double> units, prices, weights;
};

/// The places of values in their order; equal ones share the middle one.
std::vector<double> ranksOf(llvm::ArrayRef<double> values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](size_t a, size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (size_t first = 0, end; first < order.size(); first = end) {
    end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]])
      ++end;
    for (size_t i = first; i < end; ++i)
      ranks[order[i]] = double(first + end - 1) / 2;
  }
  return ranks;
}

double correlation(llvm::ArrayRef<double> a, llvm::ArrayRef<double> b) {
  double n = double(a.size()), sumA = 0, sumB = 0;
  for (auto [x, y] : llvm::zip_equal(a, b)) {
    sumA += x;
    sumB += y;
  }
  double both = 0, ofA = 0, ofB = 0;
  for (auto [x, y] : llvm::zip_equal(a, b)) {
    both += (x - sumA / n) * (y - sumB / n);
    ofA += (x - sumA / n) * (x - sumA / n);
    ofB += (y - sumB / n) * (y - sumB / n);
  }
  return ofA > 0 && ofB > 0 ? both / std::sqrt(ofA * ofB) : 1;
}

/// The least value that `percent` of all do not exceed.
double percentile(std::vector<double> values, double percent) {
  llvm::sort(values);
  auto rank = size_t(std::ceil(percent / 100 * double(values.size())));
  return values[std::clamp<size_t>(rank, 1, values.size()) - 1];
}

} // namespace

std::vector<double> fitPrices(llvm::ArrayRef<PriceSample> samples) {
  return samples.empty() ? std::vector<double>() : PriceFit(samples).run();
}

Accuracy accuracyOf(llvm::ArrayRef<TimePair> times) {
  Accuracy accuracy;
  accuracy.count = times.size();
  if (times.empty())
    return accuracy;
  std::vector<double> predicted, measured, errors, distances;
  for (auto [mine, real] : times) {
    predicted.push_back(mine);
    measured.push_back(real);
    errors.push_back(mine / real - 1);
    distances.push_back(std::abs(errors.back()));
  }
  accuracy.median = percentile(distances, 50);
  accuracy.p90 = percentile(distances, 90);
  accuracy.bias = percentile(errors, 50);
  accuracy.rank = correlation(ranksOf(predicted), ranksOf(measured));
  return accuracy;
}

} // namespace dycc::tune
