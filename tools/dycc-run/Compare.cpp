#include "tools/dycc-run/Compare.h"

namespace dycc::run {

std::string indexOf(const HostTensor &tensor, int64_t i) {
  std::vector<int64_t> index(tensor.shape.size());
  for (size_t d = index.size(); d-- > 0; i /= tensor.shape[d])
    index[d] = i % tensor.shape[d];
  return fmt::format("[{}]", fmt::join(index, ", "));
}

data::Deviation deviationOf(const HostTensor &found, const HostTensor &expected,
                            const data::Tolerance &tolerance) {
  if (!found.isString())
    return data::deviationOf(found.elements(), expected.elements(), tolerance);
  data::Deviation result;
  for (int64_t i = 0; i < found.count(); ++i)
    if (found.strings[i] != expected.strings[i]) {
      ++result.beyond;
      result.by = 1;
      if (result.wrong < 0)
        result.wrong = result.worst = i;
    }
  return result;
}

Comparison compare(const HostTensor &found, const HostTensor &expected,
                   const data::Tolerance &tolerance) {
  if (!data::isSame(found.type, expected.type) || found.shape != expected.shape)
    return {false, fmt::format("is {}, expects {}", found.describe(),
                               expected.describe())};
  auto [beyond, worst, by, wrong] = deviationOf(found, expected, tolerance);
  if (worst < 0)
    return {true, fmt::format("{} elements equal", found.count())};
  return {beyond == 0,
          fmt::format("{} of {} elements beyond the tolerance, worst "
                      "deviation {:.3g} at {}: {}, expects {}",
                      beyond, found.count(), by, indexOf(found, worst),
                      found.text(worst, 9), expected.text(worst, 9))};
}

} // namespace dycc::run
