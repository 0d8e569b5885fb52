// Sums of elements of 16 bits: what they read is converted once, into copies in
// f32 where many read it, and rounded where it is stored alone.
#include "KernelConvolutionCase.h"

using namespace dycc::test;

namespace {

using KernelHalf = KernelConvolution;

const char *elements[] = {"f16", "bf16"};

struct Size {
  int64_t b, m, n, k;
};

/// A batch of (M, K) or, `transposed`, one (K, M), times (K, N), which one
/// matrix may be for all of the batch.
Values product(const Values &a, const Values &b, Size s, bool transposed,
               bool isShared) {
  Values result;
  for (int64_t i = 0; i < s.b; ++i)
    for (int64_t row = 0; row < s.m; ++row)
      for (int64_t column = 0; column < s.n; ++column) {
        double sum = 0;
        for (int64_t j = 0; j < s.k; ++j)
          sum += a[transposed ? j * s.m + row : (i * s.m + row) * s.k + j] *
                 b[((isShared ? 0 : i) * s.k + j) * s.n + column];
        result.push_back(sum);
      }
  return result;
}

/// The sums as f32: a cast that shares their kernel reads what is not rounded.
GroupText asFloats(std::vector<std::string> inputs, const std::string &op,
                   const std::string &element, const std::string &dims) {
  return {std::move(inputs),
          {"@f32[" + dims + "]"},
          "%c = " + op + " : @" + element + "[" + dims +
              "]\n%r = Cast(%c) {to = 1 : i64} : @f32[" + dims + "]",
          "%r"};
}

std::string panels(int vectors) {
  unsigned lanes = dycc::codegen::TargetInfo::host().lanes(4);
  return "; panels<" + std::to_string(vectors * lanes) + ">]";
}

// Beside few rows and odd depths: more rows than a strip has, and panels that
// are shared out to threads.
const Size sizes[] = {{1, 1, 1, 1},    {1, 7, 5, 3},      {1, 13, 33, 17},
                      {1, 64, 48, 40}, {1, 3, 67, 5},     {1, 0, 8, 8},
                      {1, 5, 9, 0},    {1, 1, 300, 70},   {1, 29, 600, 70},
                      {1, 950, 40, 9}, {1, 1700, 350, 33}};

TEST_F(KernelHalf, ProductsOfPackedWeightsFollowTheDefinition) {
  std::vector<GroupText> texts;
  for (std::string element : elements) {
    std::string left = "@" + element + "[M, K]",
                right = "@" + element + "[K, N";
    texts.push_back(
        asFloats({left, right + panels(2)}, "MatMul(%0, %1)", element, "M, N"));
    texts.push_back(
        asFloats({left, right + panels(3)}, "MatMul(%0, %1)", element, "M, N"));
  }
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  for (auto &kernel : kernels)
    for (Size s : sizes) {
      SCOPED_TRACE(std::to_string(s.m) + " " + std::to_string(s.n));
      Values a = eighths(s.m * s.k, 1), b = eighths(s.k * s.n, 2);
      expectNear(kernel->run({{"M", s.m}, {"N", s.n}, {"K", s.k}}, {a, b})[0],
                 product(a, b, s, false, true), 1e-6, 1e-5);
    }
}

// 640 columns are panels enough to be shared out to threads.
TEST_F(KernelHalf, ProductsOfConstantExtentsFollowTheDefinition) {
  std::vector<GroupText> texts;
  for (std::string element : elements) {
    texts.push_back(asFloats(
        {"@" + element + "[M, 72]", "@" + element + "[72, 640" + panels(2)},
        "MatMul(%0, %1)", element, "M, 640"));
    texts.push_back(
        asFloats({"@" + element + "[72, M]", "@" + element + "[72, 640]"},
                 "Gemm(%0, %1, _) {transA = 1 : i64}", element, "M, 640"));
  }
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  for (size_t i = 0; i < kernels.size(); ++i)
    for (int64_t m : {1, 2, 14, 31, 128}) {
      SCOPED_TRACE(m);
      Size s{1, m, 640, 72};
      Values a = eighths(s.m * s.k, 1), b = eighths(s.k * s.n, 2);
      expectNear(kernels[i]->run({{"M", m}}, {a, b})[0],
                 product(a, b, s, i % 2 == 1, true), 1e-6, 1e-5);
    }
}

TEST_F(KernelHalf, ProductsOfBatchesFollowTheDefinition) {
  std::vector<GroupText> texts;
  for (std::string element : elements)
    texts.push_back(
        asFloats({"@" + element + "[B, M, K]", "@" + element + "[B, K, N]"},
                 "MatMul(%0, %1)", element, "B, M, N"));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  for (auto &kernel : kernels)
    for (Size s : {Size{3, 1, 5, 3}, {2, 17, 130, 33}, {3, 40, 7, 1}}) {
      Values a = eighths(s.b * s.m * s.k, 1), b = eighths(s.b * s.k * s.n, 2);
      expectNear(kernel->run({{"B", s.b}, {"M", s.m}, {"N", s.n}, {"K", s.k}},
                             {a, b})[0],
                 product(a, b, s, false, false), 1e-6, 1e-5);
    }
}

const Case convolutions[] = {
    {.name = "3x3", .channels = 32, .filters = 32, .residual = true},
    {.name = "odd channels", .channels = 5, .filters = 25},
    {.name = "1x1",
     .channels = 16,
     .filters = 48,
     .kernel = {1, 1},
     .pads = noPads},
    {.name = "1x1 with many channels",
     .channels = 512,
     .filters = 160,
     .kernel = {1, 1},
     .pads = noPads},
    {.name = "without padding, in strides",
     .channels = 8,
     .filters = 16,
     .kernel = {3, 2},
     .pads = noPads,
     .strides = {2, 2}},
    {.name = "1-D without padding",
     .channels = 8,
     .filters = 16,
     .kernel = {3},
     .pads = {0, 0},
     .strides = {1},
     .dilations = {1}},
    {.name = "grouped", .channels = 32, .filters = 64, .group = 2},
};

TEST_F(KernelHalf, ConvolutionsFollowTheDefinition) {
  std::vector<Case> cases;
  for (const char *element : elements)
    for (Case c : convolutions) {
      c.element = element;
      c.name += std::string(" of ") + element;
      cases.push_back(c);
    }
  checkAll<Case>(
      cases, {{1, 7, 7}, {2, 13, 17}, {1, 5, 46}, {0, 8, 8}, {3, 3, 3}}, check);
}

} // namespace
