#ifndef DYCC_TOOLS_DYCC_RUN_COMPARE_H
#define DYCC_TOOLS_DYCC_RUN_COMPARE_H

#include "tools/dycc-run/HostTensor.h"
#include "tools/model-test/compare.hpp"

namespace dycc::run {

/// What a comparison came to.
struct Comparison {
  bool matches;
  std::string text; ///< The worst deviation, or why they cannot be compared.
};

/// How far a tensor is from another one of its type and extents, by the rule of
/// tools/model-test/compare.hpp; strings that differ are beyond any tolerance.
data::Deviation deviationOf(const HostTensor &found, const HostTensor &expected,
                            const data::Tolerance &tolerance);

Comparison compare(const HostTensor &found, const HostTensor &expected,
                   const data::Tolerance &tolerance);

/// Of element `i` in row-major order, "[1, 2]".
std::string indexOf(const HostTensor &tensor, int64_t i);

} // namespace dycc::run

#endif // DYCC_TOOLS_DYCC_RUN_COMPARE_H
