#include "tools/dycc-run/Compare.h"

#include <cmath>
#include <cstring>

namespace dycc::run {
namespace {

bool isFloat(DLDataType type) {
  return type.code == kDLFloat || type.code == kDLBfloat;
}

double largest(const HostTensor &tensor) {
  double result = 0;
  for (int64_t i = 0, n = tensor.count(); i < n; ++i)
    if (double value = std::abs(tensor.at(i)); std::isfinite(value))
      result = std::max(result, value);
  return result;
}

/// The deviation of element i; infinite where it cannot be measured.
double deviation(const HostTensor &found, const HostTensor &expected,
                 int64_t i) {
  size_t size = found.type.bits / 8;
  if (memcmp(&found.bytes[i * size], &expected.bytes[i * size], size) == 0)
    return 0;
  double a = found.at(i), b = expected.at(i);
  if (!isFloat(found.type)) // 0 for integers that differ beyond 2^53.
    return std::max(1.0, std::abs(a - b));
  if (a == b || (std::isnan(a) && std::isnan(b)))
    return 0;
  double difference = std::abs(a - b);
  return std::isfinite(difference) ? difference : HUGE_VAL;
}

std::string indexOf(const HostTensor &tensor, int64_t i) {
  std::vector<int64_t> index(tensor.shape.size());
  for (size_t d = index.size(); d-- > 0; i /= tensor.shape[d])
    index[d] = i % tensor.shape[d];
  return fmt::format("[{}]", fmt::join(index, ", "));
}

} // namespace

Comparison compare(const HostTensor &found, const HostTensor &expected,
                   const Tolerance &tolerance) {
  if (!isSame(found.type, expected.type) || found.shape != expected.shape)
    return {false, fmt::format("is {}, expects {}", found.describe(),
                               expected.describe())};
  bool floats = isFloat(found.type);
  double rtol = floats ? tolerance.rtol : 0;
  double atol = floats ? tolerance.atol.value_or(1e-4 * largest(expected)) : 0;
  int64_t worst = -1, beyond = 0, count = found.count();
  double worstBy = 0;
  for (int64_t i = 0; i < count; ++i) {
    double by = deviation(found, expected, i);
    double allowed = atol + rtol * std::abs(expected.at(i));
    beyond += by > allowed || by == HUGE_VAL;
    if (by > worstBy) {
      worstBy = by;
      worst = i;
    }
  }
  if (worst < 0)
    return {true, fmt::format("{} elements equal", count)};
  return {beyond == 0,
          fmt::format("{} of {} elements beyond the tolerance, worst "
                      "deviation {:.3g} at {}: {:.9g}, expects {:.9g}",
                      beyond, count, worstBy, indexOf(found, worst),
                      found.at(worst), expected.at(worst))};
}

} // namespace dycc::run
