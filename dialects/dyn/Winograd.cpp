#include "dialects/dyn/Winograd.h"

#include <array>
#include <cstring>

namespace dycc::dyn {
namespace {

// clang-format off
constexpr double kFilter2[] = {
    1.0,  0.0, 0.0,
    0.5,  0.5, 0.5,
    0.5, -0.5, 0.5,
    0.0,  0.0, 1.0};
constexpr double kImage2[] = {
    1,  0, -1,  0,
    0,  1,  1,  0,
    0, -1,  1,  0,
    0,  1,  0, -1};
constexpr double kResult2[] = {
    1, 1,  1,  0,
    0, 1, -1, -1};

// F(4 x 4) at points 0, a, -a, b, -b and infinity.
constexpr double a = 5. / 8, a2 = a * a, a3 = a * a2;
constexpr double b = 13. / 8, b2 = b * b, b3 = b * b2;
constexpr double fa = 1 / (2 * a2 * (a2 - b2)), fb = 1 / (2 * b2 * (b2 - a2));
constexpr double kFilter4[] = {
    1 / (a2 * b2),       0,       0,
    fa,             a * fa, a2 * fa,
    fa,            -a * fa, a2 * fa,
    fb,             b * fb, b2 * fb,
    fb,            -b * fb, b2 * fb,
    0,                   0,       1};
constexpr double kImage4[] = {
    a2 * b2,       0, -a2 - b2,        0, 1, 0,
          0, -a * b2,      -b2,        a, 1, 0,
          0,  a * b2,      -b2,       -a, 1, 0,
          0, -b * a2,      -a2,        b, 1, 0,
          0,  b * a2,      -a2,       -b, 1, 0,
          0, a2 * b2,        0, -a2 - b2, 0, 1};
constexpr double kResult4[] = {
    1,  1,   1,  1,   1, 0,
    0,  a,  -a,  b,  -b, 0,
    0, a2,  a2, b2,  b2, 0,
    0, a3, -a3, b3, -b3, 1};
// clang-format on

constexpr Winograd kTransforms[] = {{2, kFilter2, kImage2, kResult2},
                                    {4, kFilter4, kImage4, kResult4}};

} // namespace

/// The sum of `taps` at one place along y and one along x, whose rows of G are
/// `y` and `x`.
static double atPlace(llvm::ArrayRef<float> taps, llvm::ArrayRef<double> y,
                      llvm::ArrayRef<double> x) {
  double sum = 0;
  for (size_t i = 0; i < taps.size(); ++i)
    sum += taps[i] * y[i / Winograd::kTaps] * x[i % Winograd::kTaps];
  return sum;
}

std::vector<char> Winograd::transformed(llvm::ArrayRef<char> taps) const {
  std::array<float, kTaps * kTaps> filter;
  size_t count = taps.size() / sizeof(filter);
  auto each = static_cast<size_t>(places());
  std::vector<char> result(count * each * each * sizeof(float));
  char *to = result.data();
  for (size_t number = 0; number < count; ++number) {
    std::memcpy(filter.data(), taps.data() + number * sizeof(filter),
                sizeof(filter));
    for (size_t place = 0; place < each * each; ++place) {
      auto rowOf = [&](size_t i) {
        return this->filter.slice(i * kTaps, kTaps);
      };
      auto value = static_cast<float>(
          atPlace(filter, rowOf(place / each), rowOf(place % each)));
      std::memcpy(to, &value, sizeof(float));
      to += sizeof(float);
    }
  }
  return result;
}

Winograd::Tap Winograd::tapAt(int64_t position) const {
  int64_t last = places() - 1;
  if (position == 0)
    return {0, 0, 1 / filter[0], 0};
  if (position == kTaps - 1)
    return {last, last, 1 / filter.back(), 0};
  return {1, 2, 1 / (2 * filter[kTaps + 1]), -1};
}

const Winograd *Winograd::find(int64_t outputs) {
  for (const Winograd &transform : kTransforms)
    if (transform.outputs == outputs)
      return &transform;
  return nullptr;
}

} // namespace dycc::dyn
