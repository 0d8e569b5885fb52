// Tensors for slow and readable references.
#ifndef DYCC_TEST_UNIT_KERNELREFERENCE_H
#define DYCC_TEST_UNIT_KERNELREFERENCE_H

#include "KernelHarness.h"
#include <numeric>

namespace dycc::test {

/// Extents, or an index.
using Place = std::vector<int64_t>;

inline int64_t count(const Place &dims) {
  return std::accumulate(dims.begin(), dims.end(), int64_t{1},
                         std::multiplies<>());
}

/// A tensor of the reference.
struct Array {
  Place dims;
  Values values;

  static Array numbered(Place dims) {
    Values values(count(dims));
    std::iota(values.begin(), values.end(), 1.0);
    return {std::move(dims), std::move(values)};
  }
  static Array random(Place dims, double lower, double upper, unsigned seed,
                      bool integral = false) {
    Values values = randomValues(static_cast<size_t>(count(dims)), lower, upper,
                                 seed, integral);
    return {std::move(dims), std::move(values)};
  }
  double operator()(const Place &at) const {
    int64_t flat = 0;
    for (size_t axis = 0; axis < dims.size(); ++axis)
      flat = flat * dims[axis] + at[axis];
    return values.at(flat);
  }
};

/// The elements of a tensor of shape `dims`, by their index.
template <typename Element>
Values build(const Place &dims, Element element) {
  Values result;
  Place at(dims.size());
  for (int64_t i = 0; i < count(dims); ++i) {
    int64_t rest = i;
    for (size_t axis = dims.size(); axis-- > 0; rest /= dims[axis])
      at[axis] = rest % dims[axis];
    result.push_back(element(at));
  }
  return result;
}

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_KERNELREFERENCE_H
