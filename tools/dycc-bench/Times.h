#ifndef DYCC_TOOLS_DYCC_BENCH_TIMES_H
#define DYCC_TOOLS_DYCC_BENCH_TIMES_H

#include <cstddef>
#include <vector>

namespace dycc::bench {

/// Times of equal calls, in seconds.
class Times {
public:
  /// At least one.
  explicit Times(std::vector<double> seconds);

  double least() const { return sorted.front(); }
  /// The smallest time that `percent` of all do not pass (nearest rank).
  double percentile(double percent) const;
  double sum() const;
  std::size_t count() const { return sorted.size(); }

private:
  std::vector<double> sorted;
};

} // namespace dycc::bench

#endif // DYCC_TOOLS_DYCC_BENCH_TIMES_H
