#ifndef DYCC_TOOLS_DYCC_BUDGETRUN_H
#define DYCC_TOOLS_DYCC_BUDGETRUN_H

#include "tools/dycc-run/HostTensor.h"

namespace dycc {

/// How far `found` is from `expected`: the largest difference of two elements,
/// of the largest element that is expected. Infinite where types, extents or
/// strings differ, and where there is no such number.
double relativeError(const run::HostTensor &found,
                     const run::HostTensor &expected);

/// What came of all samples.
struct SampleErrors {
  double largest = 0; ///< Relative error of an output.
  std::string where;  ///< Output and sample that have it.
  size_t samples = 0;
  int64_t weightBytes = 0; ///< Of the model.
};

/// Runs the library `model` on the samples at `data`, and compares with
/// `reference`, in a process of its own: where the model crashes or refuses a
/// sample its error is infinite. Throws a run::Refusal where the reference
/// does, or gives what is no number, and where there are no samples.
SampleErrors measureErrors(const std::string &model,
                           const std::string &reference,
                           const std::string &data);

} // namespace dycc

#endif // DYCC_TOOLS_DYCC_BUDGETRUN_H
