// What amounts of work take, found from what launches took.
#ifndef DYCC_COMPILER_TUNE_PRICEFIT_H
#define DYCC_COMPILER_TUNE_PRICEFIT_H

#include "llvm/ADT/ArrayRef.h"
#include <vector>

namespace dycc::tune {

/// A launch that was measured.
struct PriceSample {
  std::vector<double> counts; ///< Of each amount.
  double time;                ///< More than 0.
};

/// A price of each amount, none below 0, so that the times that follow differ
/// least from those of `samples`: in ratios, with those that differ most
/// counting less, since something else ran meanwhile. Every sample has as many
/// counts.
std::vector<double> fitPrices(llvm::ArrayRef<PriceSample> samples);

/// How predicted times compare with measured ones.
struct Accuracy {
  size_t count = 0;
  double median = 0, p90 = 0; ///< Of |predicted / measured - 1|.
  double bias = 0;            ///< The median of predicted / measured - 1.
  /// Spearman's: 1 where both have the same order.
  double rank = 0;
};

/// A predicted and a measured time.
using TimePair = std::pair<double, double>;

Accuracy accuracyOf(llvm::ArrayRef<TimePair> times);

} // namespace dycc::tune

#endif // DYCC_COMPILER_TUNE_PRICEFIT_H
