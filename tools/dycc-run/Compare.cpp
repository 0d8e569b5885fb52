#include "tools/dycc-run/Compare.h"

namespace dycc::run {

std::string indexOf(const HostTensor &tensor, int64_t i) {
  std::vector<int64_t> index(tensor.shape.size());
  for (size_t d = index.size(); d-- > 0; i /= tensor.shape[d])
    index[d] = i % tensor.shape[d];
  return fmt::format("[{}]", fmt::join(index, ", "));
}

Comparison compare(const HostTensor &found, const HostTensor &expected,
                   const data::Tolerance &tolerance) {
  if (!data::isSame(found.type, expected.type) || found.shape != expected.shape)
    return {false, fmt::format("is {}, expects {}", found.describe(),
                               expected.describe())};
  auto [beyond, worst, by, wrong] =
      data::deviationOf(found.elements(), expected.elements(), tolerance);
  if (worst < 0)
    return {true, fmt::format("{} elements equal", found.count())};
  return {beyond == 0,
          fmt::format("{} of {} elements beyond the tolerance, worst "
                      "deviation {:.3g} at {}: {:.9g}, expects {:.9g}",
                      beyond, found.count(), by, indexOf(found, worst),
                      found.at(worst), expected.at(worst))};
}

} // namespace dycc::run
