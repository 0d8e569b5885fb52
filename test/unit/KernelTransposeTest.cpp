// Transpositions, whose whole tiles are made in registers.
#include "KernelReference.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace dycc::test;

namespace {

class KernelTranspose : public KernelTest {};

/// Whole tiles, some left on either side, less than a vector, one element.
const std::pair<int64_t, int64_t> sizes[] = {{32, 48}, {131, 67}, {16, 16},
                                             {17, 15}, {3, 5},    {1, 1},
                                             {1, 40},  {64, 1},   {0, 20}};

TEST_F(KernelTranspose, RowsOfAllWidths) {
  std::vector<GroupText> texts;
  for (std::string type : {"@f32", "@f64", "@f16", "@bf16", "@i8", "@i64"})
    texts.push_back({{type + "[B, M, K]"},
                     {type + "[B, K, M]"},
                     "%r = Transpose(%0) {perm = array<i64: 0, 2, 1>} : " +
                         type + "[B, K, M]",
                     "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  for (auto [m, k] : sizes)
    for (size_t i = 0; i < kernels.size(); ++i) {
      SCOPED_TRACE(texts[i].inputs[0] + " " + std::to_string(m) + "x" +
                   std::to_string(k));
      Array x = Array::random({2, m, k}, -100, 100, 1, /*integral=*/true);
      expectNear(
          kernels[i]->run({{"B", 2}, {"M", m}, {"K", k}}, {x.values})[0],
          build({2, k, m},
                [&](const Place &at) { return x({at[0], at[2], at[1]}); }),
          0, 0);
    }
}

/// What is transposed is combined with what is not, and with itself in two
/// orders.
TEST_F(KernelTranspose, BesideOtherElements) {
  auto kernels = compileAll(
      {{{"@f32[H, W, 24]", "@f32[24, H, W]"},
        {"@f32[24, H, W]"},
        "%t = Transpose(%0) {perm = array<i64: 2, 0, 1>} : @f32[24, H, W]\n"
        "%e = Exp(%t) : @f32[24, H, W]\n%r = Mul(%e, %1) : @f32[24, H, W]",
        "%r"},
       {{"@f32[24, H, W]"},
        {"@f32[H, W, 24]"},
        "%r = Transpose(%0) {perm = array<i64: 1, 2, 0>} : @f32[H, W, 24]",
        "%r"},
       {{"@f32[H, W]", "@f32[H, W]"},
        {"@f32[W, H]"},
        "%a = Sub(%0, %1) : @f32[H, W]\n"
        "%r = Transpose(%a) {perm = array<i64: 1, 0>} : @f32[W, H]",
        "%r"}});
  ASSERT_EQ(kernels.size(), 3u);
  for (auto [h, w] : sizes) {
    SCOPED_TRACE(std::to_string(h) + "x" + std::to_string(w));
    Symbols symbols = {{"H", h}, {"W", w}};
    Array x = Array::random({h, w, 24}, -2, 2, 1);
    Array y = Array::random({24, h, w}, -2, 2, 2);
    expectNear(kernels[0]->run(symbols, {x.values, y.values})[0],
               build(y.dims,
                     [&](const Place &at) {
                       return std::exp(x({at[1], at[2], at[0]})) * y(at);
                     }),
               1e-5, 1e-6);
    expectNear(kernels[1]->run(symbols, {y.values})[0],
               build(x.dims,
                     [&](const Place &at) { return y({at[2], at[0], at[1]}); }),
               0, 0);
    Array a = Array::random({h, w}, -2, 2, 3),
          b = Array::random({h, w}, -2, 2, 4);
    expectNear(kernels[2]->run(symbols, {a.values, b.values})[0],
               build({w, h},
                     [&](const Place &at) {
                       return a({at[1], at[0]}) - b({at[1], at[0]});
                     }),
               1e-6, 1e-6);
  }
}

/// Each step uses the one before it several times; written out as a tree they
/// would not fit in memory.
TEST_F(KernelTranspose, ChainBehind) {
  std::string steps = "%s0 = Transpose(%0) {perm = array<i64: 1, 0>} : "
                      "@f32[W, H]\n";
  for (int i = 0; i < 5; ++i)
    steps += llvm::formatv("%s{0} = Elu(%s{1}) {{alpha = 5.000000e-01 : f32} : "
                           "@f32[W, H]\n",
                           i + 1, i);
  auto kernels = compileAll({{{"@f32[H, W]"}, {"@f32[W, H]"}, steps, "%s5"}});
  ASSERT_EQ(kernels.size(), 1u);
  for (auto [h, w] : sizes) {
    SCOPED_TRACE(std::to_string(h) + "x" + std::to_string(w));
    Array x = Array::random({h, w}, -2, 2, 1);
    expectNear(kernels[0]->run({{"H", h}, {"W", w}}, {x.values})[0],
               build({w, h},
                     [&](const Place &at) {
                       double y = x({at[1], at[0]});
                       for (int i = 0; i < 5; ++i)
                         y = y < 0 ? 0.5 * std::expm1(y) : y;
                       return y;
                     }),
               1e-5, 1e-6);
  }
}

} // namespace
