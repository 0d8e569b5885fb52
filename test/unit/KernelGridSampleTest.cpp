// GridSample, against the formulas of ONNX in double.
#include "KernelReference.h"

#include <cmath>

using namespace dycc::test;

namespace {

double reflect(double p, double low, double high) {
  double range = high - low;
  if (range <= 0)
    return low;
  while (p < low || p > high)
    p = p < low ? 2 * low - p : 2 * high - p;
  return p;
}

/// The attributes of one GridSample.
struct Sampler {
  std::string mode, padding;
  bool align;

  double low() const { return align ? 0 : -0.5; }
  double high(int64_t n) const {
    return static_cast<double>(n) - (align ? 1 : 0.5);
  }
  double position(double g, int64_t n) const {
    double extent = static_cast<double>(n);
    double p = align ? (g + 1) / 2 * (extent - 1) : ((g + 1) * extent - 1) / 2;
    if (mode == "nearest")
      p = std::nearbyint(p);
    return padding == "reflection" ? reflect(p, low(), high(n)) : p;
  }
  double pixel(const Array &x, const Place &at) const {
    Place place = at;
    for (size_t axis = 2; axis < at.size(); ++axis) {
      int64_t n = x.dims[axis];
      bool outside = at[axis] < 0 || at[axis] >= n;
      if (outside && padding == "zeros")
        return 0;
      double p = static_cast<double>(at[axis]);
      if (outside && padding == "reflection")
        p = reflect(p, low(), high(n));
      place[axis] = std::clamp<int64_t>(static_cast<int64_t>(p), 0, n - 1);
    }
    return x(place);
  }
  double weight(double d) const {
    d = std::abs(d);
    if (mode == "nearest")
      return d == 0;
    if (mode == "linear")
      return d < 1 ? 1 - d : 0;
    const double a = -0.75;
    if (d <= 1)
      return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  }
  double sample(const Array &x, Place at, const Values &position) const {
    if (at.size() == x.dims.size())
      return pixel(x, at);
    double p = position[at.size() - 2], total = 0;
    int64_t below = static_cast<int64_t>(std::floor(p));
    at.push_back(0);
    for (int64_t i = below - 1; i <= below + 2; ++i)
      if (double w = weight(p - static_cast<double>(i)); w != 0) {
        at.back() = i;
        total += w * sample(x, at, position);
      }
    return total;
  }
};

class KernelGridSample : public KernelTest {};

TEST_F(KernelGridSample, FollowsItsModes) {
  std::vector<Sampler> samplers;
  for (const char *mode : {"nearest", "linear", "cubic"})
    for (const char *padding : {"zeros", "border", "reflection"})
      for (bool align : {false, true})
        samplers.push_back({mode, padding, align});
  std::vector<GroupText> texts;
  for (const Sampler &s : samplers)
    texts.push_back({{"@f32[N, C, H, W]", "@f32[N, P, Q, 2]"},
                     {"@f32[N, C, P, Q]"},
                     "%r = GridSample(%0, %1) {mode = \"" + s.mode +
                         "\", padding_mode = \"" + s.padding +
                         "\", align_corners = " + (s.align ? "1" : "0") +
                         " : i64} : @f32[N, C, P, Q]",
                     "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), samplers.size());
  for (Place d : {Place{2, 3, 5, 4, 3, 7}, Place{1, 1, 1, 1, 1, 3},
                  Place{1, 2, 3, 8, 0, 4}, Place{1, 2, 7, 2, 5, 17}}) {
    Array x = Array::random({d[0], d[1], d[2], d[3]}, -1, 1, 1);
    Array grid = Array::random({d[0], d[4], d[5], 2}, -1.9, 1.9, 2);
    for (size_t i = 0; i < samplers.size(); ++i) {
      SCOPED_TRACE(texts[i].body);
      Values expected = build({d[0], d[1], d[4], d[5]}, [&](const Place &at) {
        Values position;
        for (int64_t axis : {0, 1})
          position.push_back(samplers[i].position(
              grid({at[0], at[2], at[3], 1 - axis}), d[2 + axis]));
        return samplers[i].sample(x, {at[0], at[1]}, position);
      });
      expectNear(kernels[i]->run({{"N", d[0]},
                                  {"C", d[1]},
                                  {"H", d[2]},
                                  {"W", d[3]},
                                  {"P", d[4]},
                                  {"Q", d[5]}},
                                 {x.values, grid.values})[0],
                 expected, 1e-5, 2e-5);
    }
  }
}

// In f64 as far from the first pixel as f32 has no fractions of an eighth.
TEST_F(KernelGridSample, CountsPixelsWhereMarked) {
  auto k = compile({{"@f64[1, C, W]", "@f64[1, Q, 1]"},
                    {"@f64[1, C, Q]"},
                    "%r = GridSample(%0, %1) {onnx.pixel_positions} : "
                    "@f64[1, C, Q]",
                    "%r"});
  ASSERT_TRUE(k);
  const int64_t width = 1 << 21;
  const double far = width - 2, near = 0x1p-20;
  Values x(width, 1.0);
  x[width - 1] = 9;
  Values grid = {-2, -1, -0.25, 0, far + 0.0625, far + near, width};
  Values result = k->run({{"C", 1}, {"W", width}, {"Q", 7}}, {x, grid})[0];
  expectNear(result, {0, 0, 0.75, 1, 1.5, 1 + 8 * near, 0}, 1e-10, 0);
}

TEST_F(KernelGridSample, StaysInsideForAnyGrid) {
  auto k = compile({{"@f32[1, 1, H, W]", "@f32[1, 1, Q, 2]"},
                    {"@f32[1, 1, 1, Q]"},
                    "%r = GridSample(%0, %1) : @f32[1, 1, 1, Q]",
                    "%r"});
  ASSERT_TRUE(k);
  Values far = {1e30, -1e30, -1e30, 1e30, NAN, 0, INFINITY, -INFINITY};
  Values result =
      k->run({{"H", 3}, {"W", 5}, {"Q", 4}}, {Values(15, 1.0), far})[0];
  EXPECT_EQ(result[0], 0);
  EXPECT_EQ(result[1], 0);
}

TEST_F(KernelGridSample, RefusesUnknownModes) {
  auto error = [&](const char *attributes) {
    return compileError({{"@f32[1, 1, H, W]", "@f32[1, 1, Q, 2]"},
                         {"@f32[1, 1, 1, Q]"},
                         std::string("%r = GridSample(%0, %1) ") + attributes +
                             " : @f32[1, 1, 1, Q]",
                         "%r"});
  };
  EXPECT_NE(error("{mode = \"other\"}")
                .find("expects mode nearest, linear or cubic, got 'other'"),
            std::string::npos);
  EXPECT_NE(error("{padding_mode = \"other\"}")
                .find("expects padding_mode zeros, border or reflection, got "
                      "'other'"),
            std::string::npos);
}

} // namespace
