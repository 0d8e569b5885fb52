#include "tools/dycc-bench/Times.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dycc::bench {

Times::Times(std::vector<double> seconds) : sorted(std::move(seconds)) {
  std::sort(sorted.begin(), sorted.end());
}

double Times::percentile(double percent) const {
  double rank = std::ceil(percent / 100 * double(sorted.size()));
  return sorted[std::clamp<size_t>(size_t(rank), 1, sorted.size()) - 1];
}

double Times::sum() const {
  return std::accumulate(sorted.begin(), sorted.end(), 0.0);
}

} // namespace dycc::bench
