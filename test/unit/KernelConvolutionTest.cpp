#include "KernelHarness.h"

#include <cstdio>
#include <cstdlib>

using namespace dycc::test;

namespace {

/// One convolution: how its tensors lie and how the window moves.
struct Case {
  const char *name;
  int64_t channels, filters, group;
  std::vector<int64_t> kernel, strides, dilations, pads;
  std::string inputLayout, weightLayout, outputLayout;
  bool bias = true, residual = false;
};

std::string join(const std::vector<int64_t> &values) {
  std::string text;
  for (int64_t value : values)
    text += (text.empty() ? "" : ", ") + std::to_string(value);
  return text;
}

/// Output extents as expressions over H and W.
std::vector<std::string> outputDims(const Case &c) {
  std::vector<std::string> dims;
  const char *names[] = {"H", "W"};
  size_t rank = c.kernel.size();
  for (size_t i = 0; i < rank; ++i) {
    int64_t reach = (c.kernel[i] - 1) * c.dilations[i] + 1;
    int64_t total = c.pads[i] + c.pads[i + rank] - reach;
    dims.push_back("(" + std::string(names[i + 2 - rank]) +
                   (total < 0 ? " - " : " + ") +
                   std::to_string(std::abs(total)) + ") floordiv " +
                   std::to_string(c.strides[i]) + " + 1");
  }
  return dims;
}

GroupText groupOf(const Case &c) {
  std::string input = c.kernel.size() == 1 ? "W" : "H, W", output;
  for (const std::string &dim : outputDims(c))
    output += (output.empty() ? "" : ", ") + dim;
  auto layout = [](const std::string &text) {
    return text.empty() ? "]" : "; " + text + "]";
  };
  std::string channels = std::to_string(c.channels);
  std::string filters = std::to_string(c.filters);
  std::string weight = "@f32[" + filters + ", " +
                       std::to_string(c.channels / c.group) + ", " +
                       join(c.kernel);
  std::string result = "@f32[N, " + filters + ", " + output;
  GroupText text;
  text.inputs = {"@f32[N, " + channels + ", " + input + layout(c.inputLayout),
                 weight + layout(c.weightLayout)};
  text.results = {result + layout(c.outputLayout)};
  if (c.bias)
    text.inputs.push_back("@f32[" + filters + "]");
  text.body = "%c = Conv(%0, %1, " + std::string(c.bias ? "%2" : "_") +
              ") {group = " + std::to_string(c.group) +
              " : i64, strides = array<i64: " + join(c.strides) +
              ">, dilations = array<i64: " + join(c.dilations) +
              ">, pads = array<i64: " + join(c.pads) + ">} : " + result + "]\n";
  text.yield = "%c";
  if (c.residual) {
    text.inputs.push_back(result + layout(c.outputLayout));
    text.body +=
        "%a = Add(%c, %3) : " + result + "]\n%r = Relu(%a) : " + result + "]\n";
    text.yield = "%r";
  }
  return text;
}

/// The sum of products by definition, in double.
Values reference(const Case &c, int64_t n, int64_t h, int64_t w,
                 const std::vector<Values> &in, std::vector<int64_t> &extents) {
  // A missing first spatial axis is one of extent 1.
  auto at = [&](const std::vector<int64_t> &v, size_t i, int64_t absent) {
    return c.kernel.size() == 2 ? v[i] : i == 1 ? v[0] : absent;
  };
  size_t r = c.kernel.size();
  std::vector<int64_t> begin(c.pads.begin(), c.pads.begin() + r);
  std::vector<int64_t> end(c.pads.begin() + r, c.pads.end());
  int64_t kh = at(c.kernel, 0, 1), kw = at(c.kernel, 1, 1);
  int64_t sh = at(c.strides, 0, 1), sw = at(c.strides, 1, 1);
  int64_t dh = at(c.dilations, 0, 1), dw = at(c.dilations, 1, 1);
  int64_t ph = at(begin, 0, 0), pw = at(begin, 1, 0);
  if (r == 1)
    h = 1;
  int64_t oh = (h + ph + at(end, 0, 0) - (kh - 1) * dh - 1) / sh + 1;
  int64_t ow = (w + pw + at(end, 1, 0) - (kw - 1) * dw - 1) / sw + 1;
  int64_t per = c.channels / c.group, outPer = c.filters / c.group;
  Values result;
  for (int64_t b = 0; b < n; ++b)
    for (int64_t o = 0; o < c.filters; ++o)
      for (int64_t y = 0; y < oh; ++y)
        for (int64_t x = 0; x < ow; ++x) {
          double sum = c.bias ? in[2][o] : 0;
          for (int64_t i = 0; i < per; ++i)
            for (int64_t ky = 0; ky < kh; ++ky)
              for (int64_t kx = 0; kx < kw; ++kx) {
                int64_t iy = y * sh + ky * dh - ph, ix = x * sw + kx * dw - pw;
                if (iy < 0 || iy >= h || ix < 0 || ix >= w)
                  continue;
                int64_t ch = o / outPer * per + i;
                sum += in[0][((b * c.channels + ch) * h + iy) * w + ix] *
                       in[1][((o * per + i) * kh + ky) * kw + kx];
              }
          if (c.residual)
            sum = std::max(sum + in.back()[result.size()], 0.0);
          result.push_back(sum);
        }
  extents = {n, c.filters, oh, ow};
  return result;
}

const std::string image = "channels_last<8>", packed = "panels<16>";
const Case cases[] = {
    {"3x3",
     32,
     32,
     1,
     {3, 3},
     {1, 1},
     {1, 1},
     {1, 1, 1, 1},
     image,
     packed,
     image,
     true,
     true},
    {"1x1",
     16,
     48,
     1,
     {1, 1},
     {1, 1},
     {1, 1},
     {0, 0, 0, 0},
     image,
     packed,
     image},
    {"1x1 with a sum behind it",
     24,
     20,
     2,
     {1, 1},
     {1, 1},
     {1, 1},
     {0, 0, 0, 0},
     image,
     packed,
     image,
     true,
     true},
    {"1x1 from plain to plain",
     7,
     40,
     1,
     {1, 1},
     {1, 1},
     {1, 1},
     {0, 0, 0, 0},
     "",
     packed,
     ""},
    {"1x1 with many channels",
     512,
     160,
     1,
     {1, 1},
     {1, 1},
     {1, 1},
     {0, 0, 0, 0},
     image,
     packed,
     image},
    {"1x1 in strides",
     8,
     16,
     1,
     {1, 1},
     {2, 2},
     {1, 1},
     {0, 0, 0, 0},
     image,
     packed,
     image},
    {"odd channels",
     5,
     25,
     1,
     {3, 3},
     {1, 1},
     {1, 1},
     {1, 1, 1, 1},
     image,
     packed,
     image},
    {"first layer",
     3,
     16,
     1,
     {7, 7},
     {2, 2},
     {1, 1},
     {3, 3, 3, 3},
     "",
     packed,
     image,
     false},
    {"last layer",
     16,
     3,
     1,
     {3, 3},
     {1, 1},
     {1, 1},
     {1, 1, 1, 1},
     image,
     packed,
     "",
     true,
     true},
    {"plain weights",
     4,
     20,
     1,
     {3, 2},
     {1, 2},
     {1, 1},
     {0, 1, 2, 0},
     "",
     "",
     ""},
    {"dilated",
     8,
     16,
     1,
     {3, 3},
     {1, 1},
     {2, 3},
     {2, 3, 2, 3},
     image,
     packed,
     image},
    {"grouped",
     32,
     64,
     2,
     {3, 3},
     {1, 1},
     {1, 1},
     {1, 1, 1, 1},
     image,
     packed,
     image},
    {"small groups",
     12,
     24,
     3,
     {3, 3},
     {1, 1},
     {1, 1},
     {1, 1, 1, 1},
     image,
     packed,
     image},
    {"depthwise",
     48,
     48,
     48,
     {3, 3},
     {1, 1},
     {1, 1},
     {1, 1, 1, 1},
     image,
     packed,
     image},
    {"odd depthwise",
     10,
     10,
     10,
     {5, 5},
     {2, 2},
     {1, 1},
     {2, 2, 2, 2},
     image,
     packed,
     image},
    {"many channels",
     256,
     64,
     1,
     {3, 3},
     {1, 1},
     {1, 1},
     {1, 1, 1, 1},
     image,
     packed,
     image},
    {"1-D", 6, 16, 1, {3}, {1}, {1}, {1, 1}, "", packed, ""},
};

class KernelConvolution : public KernelTest {};

TEST_F(KernelConvolution, FollowsTheDefinition) {
  std::vector<GroupText> texts;
  for (const Case &c : cases)
    texts.push_back(groupOf(c));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), std::size(cases));
  struct Size {
    int64_t n, h, w;
  };
  for (auto [kernel, c] : llvm::zip(kernels, cases))
    for (Size size : {Size{1, 7, 7}, {2, 13, 17}, {1, 37, 11}, {0, 8, 8}}) {
      SCOPED_TRACE(std::string(c.name) + " " + std::to_string(size.w));
      int64_t pixels = c.kernel.size() == 1 ? size.w : size.h * size.w;
      int64_t taps =
          c.kernel.size() == 1 ? c.kernel[0] : c.kernel[0] * c.kernel[1];
      std::vector<Values> in = {
          randomValues(size.n * c.channels * pixels, -1, 1, 1),
          randomValues(c.filters * (c.channels / c.group) * taps, -1, 1, 2)};
      if (c.bias)
        in.push_back(randomValues(c.filters, -1, 1, 3));
      std::vector<int64_t> extents;
      if (c.residual) {
        in.push_back(randomValues(size.n * c.filters * pixels, -1, 1, 4));
      }
      Values expected = reference(c, size.n, size.h, size.w, in, extents);
      Values actual =
          kernel->run({{"N", size.n}, {"H", size.h}, {"W", size.w}}, in)[0];
      expectNear(actual, expected, 1e-5, 1e-4);
    }
}

// Behind the whole tiles of a row any number of pixels can be left.
TEST_F(KernelConvolution, AnyNumberOfPixelsIsLeftBehindTheTiles) {
  auto kernels = compileAll({groupOf(cases[0]), groupOf(cases[1])});
  ASSERT_EQ(kernels.size(), 2u);
  for (auto [kernel, c] : llvm::zip(kernels, cases))
    for (int64_t w = 1; w <= 14; ++w) {
      SCOPED_TRACE(std::string(c.name) + " " + std::to_string(w));
      int64_t taps = c.kernel[0] * c.kernel[1];
      std::vector<Values> in = {
          randomValues(c.channels * 3 * w, -1, 1, 1),
          randomValues(c.filters * c.channels * taps, -1, 1, 2),
          randomValues(c.filters, -1, 1, 3)};
      if (c.residual)
        in.push_back(randomValues(c.filters * 3 * w, -1, 1, 4));
      std::vector<int64_t> extents;
      Values expected = reference(c, 1, 3, w, in, extents);
      expectNear(kernel->run({{"N", 1}, {"H", 3}, {"W", w}}, in)[0], expected,
                 1e-5, 1e-4);
    }
}

TEST_F(KernelConvolution, ReachesItsSpeed) {
  auto kernel = compile(groupOf(cases[0]));
  ASSERT_TRUE(kernel);
  for (auto [h, w] : {std::pair{270, 480}, {271, 477}, {16, 17}}) {
    double seconds = kernel->time({{"N", 1}, {"H", h}, {"W", w}}, 10);
    std::printf("convolution 3x3 32->32 %dx%d: %.3f ms, %.1f GFLOP/s\n", h, w,
                seconds * 1e3, 2.0 * h * w * 32 * 288 / seconds * 1e-9);
    EXPECT_GT(seconds, 0);
  }
}

} // namespace
