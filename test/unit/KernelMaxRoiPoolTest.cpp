// MaxRoiPool, pixel by pixel.
#include "KernelReference.h"

#include <cmath>

using namespace dycc::test;

namespace {

class KernelMaxRoiPool : public KernelTest {};

constexpr double scale = 0.5;

/// The pixels that cell `cell` of `cells` covers of a side from `begin` to
/// `end`, in an axis of `extent`.
std::pair<int64_t, int64_t> covered(double begin, double end, int64_t cell,
                                    int64_t cells, int64_t extent) {
  auto first = static_cast<int64_t>(std::round(begin * scale)),
       last = static_cast<int64_t>(std::round(end * scale));
  double each = static_cast<double>(std::max<int64_t>(last - first + 1, 1)) /
                static_cast<double>(cells);
  auto edge = [&](double offset) {
    return std::clamp<int64_t>(first + static_cast<int64_t>(offset), 0, extent);
  };
  return {edge(std::floor(static_cast<double>(cell) * each)),
          edge(std::ceil(static_cast<double>(cell + 1) * each))};
}

double largest(const Array &x, const Array &regions, const Place &at) {
  auto number = [&](int64_t column) { return regions({at[0], column}); };
  auto [top, bottom] = covered(number(2), number(4), at[2], 3, x.dims[2]);
  auto [left, right] = covered(number(1), number(3), at[3], 2, x.dims[3]);
  double most = -INFINITY;
  for (int64_t row = top; row < bottom; ++row)
    for (int64_t column = left; column < right; ++column)
      most = std::max(most,
                      x({static_cast<int64_t>(number(0)), at[1], row, column}));
  return std::isinf(most) ? 0 : most;
}

TEST_F(KernelMaxRoiPool, TakesTheLargestOfEachCell) {
  for (const char *layout : {"", "; channels_last<8>"}) {
    std::string layouts(layout);
    auto k = compile({{"@f32[N, 5, H, W" + layouts + "]", "@f32[R, 5]"},
                      {"@f32[R, 5, 3, 2" + layouts + "]"},
                      "%r = MaxRoiPool(%0, %1) {pooled_shape = array<i64: 3, "
                      "2>, spatial_scale = 0.5 : f32} : @f32[R, 5, 3, 2]",
                      "%r"});
    ASSERT_TRUE(k);
    // Inside, across the edges, beyond them, of one pixel, turned around;
    // halves.
    Array regions{{6, 5},
                  {0, 2, 3, 15, 12, 1, -7, -4, 9, 40, 1, 60, 60, 90, 70,
                   0, 4, 4, 4,  4,  1, 12, 9,  3, 2,  0, -1, 1,  37, 21}};
    for (Place size : {Place{9, 17}, Place{1, 1}, Place{11, 4}, Place{0, 3}}) {
      Array x = Array::random({2, 5, size[0], size[1]}, -2, -1, 4);
      Values expected = build({6, 5, 3, 2}, [&](const Place &at) {
        return largest(x, regions, at);
      });
      expectNear(k->run({{"N", 2}, {"H", size[0]}, {"W", size[1]}, {"R", 6}},
                        {x.values, regions.values})[0],
                 expected, 0, 0);
    }
  }
}

TEST_F(KernelMaxRoiPool, StaysInsideForAnyRegion) {
  auto k = compile({{"@f32[N, 1, 2, 2]", "@f32[R, 5]"},
                    {"@f32[R, 1, 1, 1]"},
                    "%r = MaxRoiPool(%0, %1) {pooled_shape = array<i64: 1, 1>} "
                    ": @f32[R, 1, 1, 1]",
                    "%r"});
  ASSERT_TRUE(k);
  Values regions = {1e30, 0,    0,   9, 9, -5,  -1e30,    -1e30,     1e30, 1e30,
                    0,    1e30, 1e9, 0, 0, NAN, INFINITY, -INFINITY, NAN,  0};
  Values result = k->run({{"N", 1}, {"R", 4}}, {{1, 2, 3, 4}, regions})[0];
  EXPECT_EQ(result[0], 4);
  EXPECT_EQ(result[1], 4);
  EXPECT_EQ(result[2], 0);
}

} // namespace
