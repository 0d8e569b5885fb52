#ifndef DYCC_TOOLS_DYCC_RUN_COMPARE_H
#define DYCC_TOOLS_DYCC_RUN_COMPARE_H

#include "tools/dycc-run/HostTensor.h"

namespace dycc::run {

/// How far floats may deviate: |found - expected| <= atol + rtol * |expected|.
/// Integers and bools are compared exactly.
struct Tolerance {
  double rtol = 1e-3;
  /// Without one: 1e-4 times the largest finite |expected|.
  std::optional<double> atol;
};

/// What a comparison came to.
struct Comparison {
  bool matches;
  std::string text; ///< The worst deviation, or why they cannot be compared.
};

/// NaN matches NaN, an infinity only itself.
Comparison compare(const HostTensor &found, const HostTensor &expected,
                   const Tolerance &tolerance);

} // namespace dycc::run

#endif // DYCC_TOOLS_DYCC_RUN_COMPARE_H
