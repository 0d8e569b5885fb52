#include "KernelHarness.h"

#include <cstdio>

using namespace dycc::test;

namespace {

class KernelConvolution : public KernelTest {};

TEST_F(KernelConvolution, Speed) {
  auto k = compile({{"@f32[N, 32, H, W; channels_last<8>]",
                     "@f32[32, 32, 3, 3; panels<16>]", "@f32[32]"},
                    {"@f32[N, 32, H, W; channels_last<8>]"},
                    "%c = Conv(%0, %1, %2) {pads = array<i64: 1, 1, 1, 1>} "
                    ": @f32[N, 32, H, W]\n"
                    "%r = Relu(%c) : @f32[N, 32, H, W]",
                    "%r"});
  ASSERT_TRUE(k);
  for (auto [h, w] : {std::pair{270, 480}, {271, 477}, {16, 17}}) {
    double t = k->time({{"N", 1}, {"H", h}, {"W", w}}, 10);
    printf("conv %d %d: %.3f ms %.1f GF\n", h, w, t * 1e3,
           2.0 * h * w * 32 * 288 / t * 1e-9);
  }
}

} // namespace
