// Convolutions of their own kinds, each against its definition.
#include "KernelHarness.h"

using namespace dycc::test;

namespace {

class KernelConvolutionKinds : public KernelTest {};

TEST_F(KernelConvolutionKinds, TransposedSpreadsEachElement) {
  constexpr int64_t channels = 6, perGroup = 5, groups = 2, k = 3, stride = 2;
  GroupText text{
      {"@f32[N, 6, H, W; channels_last<8>]", "@f32[6, 5, 3, 3]", "@f32[10]"},
      {"@f32[N, 10, 2 * H, 2 * W; channels_last<8>]"},
      "%r = ConvTranspose(%0, %1, %2) {group = 2 : i64, strides = array<i64: "
      "2, 2>, pads = array<i64: 1, 1, 1, 1>, output_padding = array<i64: 1, "
      "1>} : @f32[N, 10, 2 * H, 2 * W]",
      "%r"};
  auto kernel = compile(text);
  ASSERT_TRUE(kernel);
  for (auto [h, w] : {std::pair<int64_t, int64_t>{1, 1}, {5, 7}, {9, 4}}) {
    Values x = randomValues(channels * h * w, -1, 1, 1);
    Values weight = randomValues(channels * perGroup * k * k, -1, 1, 2);
    Values bias = randomValues(perGroup * groups, -1, 1, 3), expected;
    for (double b : bias)
      expected.insert(expected.end(), 4 * h * w, b);
    for (int64_t i = 0; i < channels; ++i)
      for (int64_t o = 0; o < perGroup; ++o)
        for (int64_t y = 0; y < h * w; ++y)
          for (int64_t t = 0; t < k * k; ++t) {
            int64_t oy = y / w * stride + t / k - 1;
            int64_t ox = y % w * stride + t % k - 1;
            int64_t out = i / (channels / groups) * perGroup + o;
            if (oy >= 0 && oy < 2 * h && ox >= 0 && ox < 2 * w)
              expected[(out * 2 * h + oy) * 2 * w + ox] +=
                  x[i * h * w + y] * weight[(i * perGroup + o) * k * k + t];
          }
    expectNear(
        kernel->run({{"N", 1}, {"H", h}, {"W", w}}, {x, weight, bias})[0],
        expected, 1e-5, 1e-5);
  }
}

TEST_F(KernelConvolutionKinds, VolumesAndDoublesRunToo) {
  auto kernel = compile({{"@f64[1, 2, D, H, W]", "@f64[3, 2, 2, 2, 2]"},
                         {"@f64[1, 3, D + 1, H - 1, W - 1]"},
                         "%c = Conv(%0, %1, _) {pads = array<i64: 1, 0, 0, 1, "
                         "0, 0>} : @f64[1, 3, D + 1, H - 1, W - 1]",
                         "%c"});
  ASSERT_TRUE(kernel);
  int64_t d = 3, h = 4, w = 9;
  Values x = randomValues(2 * d * h * w, -1, 1, 1), expected;
  Values weight = randomValues(3 * 16, -1, 1, 2);
  for (int64_t o = 0; o < 3; ++o)
    for (int64_t z = 0; z <= d; ++z)
      for (int64_t y = 0; y + 1 < h; ++y)
        for (int64_t i = 0; i + 1 < w; ++i) {
          double sum = 0;
          for (int64_t t = 0; t < 16; ++t) {
            int64_t iz = z + t / 4 % 2 - 1, iy = y + t / 2 % 2, ix = i + t % 2;
            if (iz >= 0 && iz < d)
              sum +=
                  weight[o * 16 + t] * x[((t / 8 * d + iz) * h + iy) * w + ix];
          }
          expected.push_back(sum);
        }
  expectNear(kernel->run({{"D", d}, {"H", h}, {"W", w}}, {x, weight})[0],
             expected, 1e-12, 1e-12);
}

} // namespace
