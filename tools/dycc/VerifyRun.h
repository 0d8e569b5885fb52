#ifndef DYCC_TOOLS_DYCC_VERIFYRUN_H
#define DYCC_TOOLS_DYCC_VERIFYRUN_H

#include "tools/dycc-bench/Points.h"
#include "tools/model-test/compare.hpp"

namespace dycc {

/// Two libraries of one model, or of one family.
struct VerifyPair {
  std::string model, reference; ///< Paths.
  std::string machine;          ///< Whose kernels of `model` run; empty: one's.
  std::string variant;          ///< Of families.
  data::Tolerance tolerance = {};
};

/// What came of one shape.
struct VerifyOutcome {
  enum State { Same, Differs, Refused } state = Same;
  int64_t values = 0; ///< That were compared and are numbers.
  double largest = 0; ///< Difference of them, where they are the same.
  std::string output; ///< That has it; empty: all are equal.
  std::string text;   ///< Why they differ, or are refused by both.
};

/// Runs both at these values of the symbols with random inputs, in a process of
/// its own: what crashes there is an outcome. The caller has one thread.
/// Integers are drawn anew from fewer values where both refuse them, since they
/// may be indices.
VerifyOutcome runBoth(const VerifyPair &pair, const bench::Point &point,
                      uint64_t seed);

} // namespace dycc

#endif // DYCC_TOOLS_DYCC_VERIFYRUN_H
