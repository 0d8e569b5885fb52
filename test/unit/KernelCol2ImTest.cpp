// Col2Im, column by column.
#include "KernelReference.h"

using namespace dycc::test;

namespace {

class KernelCol2Im : public KernelTest {};

constexpr int64_t stride = 2, dilation = 3, before = 1, after = 2;

/// How often a window of `block` taps fits an axis of `extent` after padding.
int64_t placesOf(int64_t extent, int64_t block) {
  return (extent + before + after - (block - 1) * dilation - 1) / stride + 1;
}

/// The image of one axis more than the blocks' rows have in a column each.
Values fold(const Array &x, int64_t channels, Place image, Place block) {
  Array sum{{x.dims[0], channels, image[0], image[1]}, {}};
  sum.values.resize(size_t(count(sum.dims)));
  int64_t columns = placesOf(image[1], block[1]);
  build(x.dims, [&](const Place &at) {
    int64_t tap = at[1] % (block[0] * block[1]);
    int64_t c = at[1] / (block[0] * block[1]);
    int64_t y = at[2] / columns * stride - before + tap / block[1] * dilation;
    int64_t z = at[2] % columns * stride - before + tap % block[1] * dilation;
    if (y >= 0 && y < image[0] && z >= 0 && z < image[1])
      sum.values[size_t(((at[0] * channels + c) * image[0] + y) * image[1] +
                        z)] += x(at);
    return 0.0;
  });
  return sum.values;
}

TEST_F(KernelCol2Im, TakesBlocksOfAnyExtents) {
  auto k = compile(
      {{"@f32[N, D, L]"},
       {"@f32[N, C, H, W]"},
       "%i = dyn.symbolic [H, W] : @i64[2]\n"
       "%b = dyn.symbolic [P, Q] : @i64[2]\n"
       "%r = Col2Im(%0, %i, %b) {strides = array<i64: 2, 2>, dilations = "
       "array<i64: 3, 3>, pads = array<i64: 1, 1, 2, 2>} : @f32[N, C, H, W]",
       "%r"});
  ASSERT_TRUE(k);
  for (Place s : {Place{2, 3, 9, 7, 2, 3}, Place{1, 1, 4, 20, 1, 2},
                  Place{1, 2, 1, 1, 1, 1}, Place{2, 2, 13, 6, 3, 1}}) {
    int64_t length = placesOf(s[2], s[4]) * placesOf(s[3], s[5]);
    Array x = Array::random({s[0], s[1] * s[4] * s[5], length}, -1, 1, 5);
    expectNear(k->run({{"N", s[0]},
                       {"C", s[1]},
                       {"H", s[2]},
                       {"W", s[3]},
                       {"P", s[4]},
                       {"Q", s[5]},
                       {"D", x.dims[1]},
                       {"L", length}},
                      {x.values})[0],
               fold(x, s[1], {s[2], s[3]}, {s[4], s[5]}), 1e-6, 1e-6);
  }
}

} // namespace
