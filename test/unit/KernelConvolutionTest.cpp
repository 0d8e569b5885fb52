#include "KernelImages.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

using namespace dycc::test;

namespace {

const std::string image = "channels_last<8>", packed = "panels<16>";
// Whole vectors on every machine.
const std::string winograd2 = "panels<16, winograd 2>",
                  winograd4 = "panels<16, winograd 4>",
                  wideWinograd4 = "panels<32, winograd 4>";
const std::string vectors = "channels_last<16>", wide = "panels<32>";

/// How the window moves along one axis.
struct Window {
  int64_t kernel = 1, stride = 1, dilation = 1, begin = 0, end = 0;

  /// Where tap `tap` of output `index` reads.
  int64_t at(int64_t index, int64_t tap) const {
    return index * stride + tap * dilation - begin;
  }
  int64_t outputs(int64_t extent) const {
    return (extent + begin + end - (kernel - 1) * dilation - 1) / stride + 1;
  }
};

/// One convolution: how its tensors lie and how the window moves.
struct Case {
  std::string name;
  int64_t channels, filters, group = 1;
  std::vector<int64_t> kernel = {3, 3}, pads = {1, 1, 1, 1};
  std::vector<int64_t> strides = {1, 1}, dilations = {1, 1};
  std::string inputLayout = image, weightLayout = packed, outputLayout = image;
  bool bias = true, residual = false;
  bool prologue =
      false; ///< A sigmoid before it, whose padding is 0 all the same.

  /// The window along rows (0) or columns (1); a convolution of one spatial
  /// axis has one row.
  Window window(size_t axis) const {
    size_t rank = kernel.size();
    if (axis + rank < 2)
      return {};
    size_t i = axis + rank - 2;
    return {kernel[i], strides[i], dilations[i], pads[i], pads[i + rank]};
  }
  int64_t rows(ImageSize size) const { return kernel.size() == 1 ? 1 : size.h; }
};

std::string join(const std::vector<int64_t> &values) {
  std::string text;
  for (int64_t value : values)
    text += (text.empty() ? "" : ", ") + std::to_string(value);
  return text;
}

/// Output extents as expressions over H and W.
std::string outputDims(const Case &c) {
  std::string dims;
  for (size_t axis = 2 - c.kernel.size(); axis < 2; ++axis) {
    Window w = c.window(axis);
    int64_t total = w.begin + w.end - (w.kernel - 1) * w.dilation - 1;
    dims += std::string(dims.empty() ? "" : ", ") + "(" + "HW"[axis] +
            (total < 0 ? " - " : " + ") + std::to_string(std::abs(total)) +
            ") floordiv " + std::to_string(w.stride) + " + 1";
  }
  return dims;
}

GroupText groupOf(const Case &c) {
  std::string input = c.kernel.size() == 1 ? "W" : "H, W";
  auto layout = [](const std::string &text) {
    return text.empty() ? "]" : "; " + text + "]";
  };
  std::string channels = std::to_string(c.channels);
  std::string filters = std::to_string(c.filters);
  std::string weight = "@f32[" + filters + ", " +
                       std::to_string(c.channels / c.group) + ", " +
                       join(c.kernel);
  std::string result = "@f32[N, " + filters + ", " + outputDims(c);
  GroupText text;
  std::string data = "@f32[N, " + channels + ", " + input;
  text.inputs = {data + layout(c.inputLayout), weight + layout(c.weightLayout)};
  text.results = {result + layout(c.outputLayout)};
  if (c.bias)
    text.inputs.push_back("@f32[" + filters + "]");
  if (c.prologue)
    text.body = "%p = Sigmoid(%0) : " + data + "]\n";
  text.body +=
      std::string("%c = Conv(") + (c.prologue ? "%p" : "%0") + ", %1, " +
      (c.bias ? "%2" : "_") + ") {group = " + std::to_string(c.group) +
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
Values reference(const Case &c, ImageSize size, const std::vector<Values> &in) {
  Window rows = c.window(0), columns = c.window(1);
  int64_t h = c.rows(size), w = size.w;
  int64_t oh = rows.outputs(h), ow = columns.outputs(w);
  int64_t per = c.channels / c.group, outPer = c.filters / c.group;
  Values result;
  for (int64_t b = 0; b < size.n; ++b)
    for (int64_t o = 0; o < c.filters; ++o)
      for (int64_t y = 0; y < oh; ++y)
        for (int64_t x = 0; x < ow; ++x) {
          double sum = c.bias ? in[2][o] : 0;
          for (int64_t i = 0; i < per; ++i)
            for (int64_t ky = 0; ky < rows.kernel; ++ky)
              for (int64_t kx = 0; kx < columns.kernel; ++kx) {
                int64_t iy = rows.at(y, ky), ix = columns.at(x, kx);
                if (iy < 0 || iy >= h || ix < 0 || ix >= w)
                  continue;
                int64_t ch = o / outPer * per + i;
                double value = in[0][((b * c.channels + ch) * h + iy) * w + ix];
                if (c.prologue)
                  value = 1 / (1 + std::exp(-value));
                sum +=
                    value *
                    in[1][((o * per + i) * rows.kernel + ky) * columns.kernel +
                          kx];
              }
          if (c.residual)
            sum = std::max(sum + in.back()[result.size()], 0.0);
          result.push_back(sum);
        }
  return result;
}

std::vector<Values> inputsOf(const Case &c, ImageSize size) {
  int64_t pixels = size.n * c.rows(size) * size.w;
  int64_t taps = c.window(0).kernel * c.window(1).kernel;
  std::vector<Values> in = {
      randomValues(pixels * c.channels, -1, 1, 1),
      randomValues(c.filters * (c.channels / c.group) * taps, -1, 1, 2)};
  if (c.bias)
    in.push_back(randomValues(c.filters, -1, 1, 3));
  if (c.residual) // As large as the input: only windows of that kind have it.
    in.push_back(randomValues(pixels * c.filters, -1, 1, 4));
  return in;
}

const std::vector<int64_t> none = {0, 0, 0, 0};

const Case cases[] = {
    {.name = "3x3", .channels = 32, .filters = 32, .residual = true},
    {.name = "3x3 with a prologue",
     .channels = 32,
     .filters = 32,
     .residual = true,
     .prologue = true},
    {.name = "1x1 with a prologue",
     .channels = 24,
     .filters = 48,
     .kernel = {1, 1},
     .pads = none,
     .prologue = true},
    {.name = "many channels with a prologue",
     .channels = 256,
     .filters = 64,
     .prologue = true},
    {.name = "first layer with a prologue",
     .channels = 3,
     .filters = 16,
     .strides = {2, 2},
     .inputLayout = "",
     .prologue = true},
    {.name = "depthwise with a prologue",
     .channels = 20,
     .filters = 20,
     .group = 20,
     .prologue = true},
    {.name = "1x1",
     .channels = 16,
     .filters = 48,
     .kernel = {1, 1},
     .pads = none},
    {.name = "1x1 with a sum behind it",
     .channels = 24,
     .filters = 20,
     .group = 2,
     .kernel = {1, 1},
     .pads = none,
     .residual = true},
    {.name = "1x1 from plain to plain",
     .channels = 7,
     .filters = 40,
     .kernel = {1, 1},
     .pads = none,
     .inputLayout = "",
     .outputLayout = ""},
    {.name = "1x1 with many channels",
     .channels = 512,
     .filters = 160,
     .kernel = {1, 1},
     .pads = none},
    {.name = "1x1 in strides",
     .channels = 8,
     .filters = 16,
     .kernel = {1, 1},
     .pads = none,
     .strides = {2, 2}},
    {.name = "odd channels", .channels = 5, .filters = 25},
    {.name = "first layer",
     .channels = 3,
     .filters = 16,
     .kernel = {7, 7},
     .pads = {3, 3, 3, 3},
     .strides = {2, 2},
     .inputLayout = "",
     .bias = false},
    {.name = "last layer",
     .channels = 16,
     .filters = 3,
     .outputLayout = "",
     .residual = true},
    {.name = "plain weights",
     .channels = 4,
     .filters = 20,
     .kernel = {3, 2},
     .pads = {0, 1, 2, 0},
     .strides = {1, 2},
     .inputLayout = "",
     .weightLayout = "",
     .outputLayout = ""},
    {.name = "dilated",
     .channels = 8,
     .filters = 16,
     .pads = {2, 3, 2, 3},
     .dilations = {2, 3}},
    {.name = "a panel and a half", .channels = 16, .filters = 48},
    {.name = "in strides",
     .channels = 16,
     .filters = 16,
     .kernel = {3, 4},
     .pads = {0, 2, 1, 1},
     .strides = {2, 3}},
    {.name = "grouped", .channels = 32, .filters = 64, .group = 2},
    {.name = "small groups", .channels = 12, .filters = 24, .group = 3},
    {.name = "depthwise", .channels = 48, .filters = 48, .group = 48},
    {.name = "odd depthwise",
     .channels = 10,
     .filters = 10,
     .group = 10,
     .kernel = {5, 5},
     .pads = {2, 2, 2, 2},
     .strides = {2, 2}},
    {.name = "depthwise in vectors",
     .channels = 48,
     .filters = 48,
     .group = 48,
     .inputLayout = vectors,
     .weightLayout = wide,
     .outputLayout = vectors,
     .residual = true},
    {.name = "odd depthwise in vectors",
     .channels = 21,
     .filters = 21,
     .group = 21,
     .kernel = {5, 5},
     .pads = {2, 2, 2, 2},
     .strides = {2, 2},
     .inputLayout = vectors,
     .weightLayout = wide,
     .outputLayout = vectors},
    {.name = "wide depthwise",
     .channels = 16,
     .filters = 16,
     .group = 16,
     .kernel = {2, 11},
     .pads = {0, 3, 2, 9},
     .dilations = {3, 1},
     .inputLayout = vectors,
     .weightLayout = wide,
     .outputLayout = "",
     .bias = false},
    {.name = "depthwise without padding",
     .channels = 33,
     .filters = 33,
     .group = 33,
     .kernel = {3, 2},
     .pads = {0, 0, 0, 0},
     .strides = {1, 3},
     .inputLayout = vectors,
     .weightLayout = wide},
    {.name = "1-D depthwise",
     .channels = 20,
     .filters = 20,
     .group = 20,
     .kernel = {5},
     .pads = {4, 0},
     .strides = {1},
     .dilations = {1},
     .inputLayout = vectors,
     .weightLayout = wide,
     .outputLayout = vectors},
    {.name = "many channels", .channels = 256, .filters = 64},
    {.name = "Winograd in small tiles",
     .channels = 32,
     .filters = 32,
     .weightLayout = winograd2,
     .residual = true},
    {.name = "Winograd in large tiles",
     .channels = 32,
     .filters = 64,
     .inputLayout = vectors,
     .weightLayout = wideWinograd4,
     .outputLayout = vectors,
     .residual = true},
    {.name = "Winograd with odd channels",
     .channels = 25,
     .filters = 20,
     .weightLayout = winograd4,
     .bias = false},
    {.name = "Winograd from plain to plain",
     .channels = 7,
     .filters = 33,
     .inputLayout = "",
     .weightLayout = winograd4,
     .outputLayout = ""},
    {.name = "Winograd with a prologue",
     .channels = 24,
     .filters = 24,
     .weightLayout = winograd4,
     .prologue = true},
    {.name = "Winograd without padding",
     .channels = 16,
     .filters = 16,
     .pads = none,
     .weightLayout = winograd4},
    {.name = "Winograd with odd padding",
     .channels = 16,
     .filters = 16,
     .pads = {2, 0, 1, 3},
     .weightLayout = winograd2},
    {.name = "Winograd with many channels",
     .channels = 256,
     .filters = 64,
     .weightLayout = winograd4},
    {.name = "1-D",
     .channels = 6,
     .filters = 16,
     .kernel = {3},
     .pads = {1, 1},
     .strides = {1},
     .dilations = {1},
     .inputLayout = "",
     .outputLayout = ""},
};

class KernelConvolution : public KernelImages {
protected:
  static void check(LoadedKernel &kernel, const Case &c, ImageSize size) {
    expectFor(kernel, c, size, inputsOf(c, size));
  }

  static void expectFor(LoadedKernel &kernel, const Case &c, ImageSize size,
                        const std::vector<Values> &in) {
    Values wanted = reference(c, size, in);
    Values got = kernel.run(size.symbols(), in)[0];
    if (c.weightLayout.find("winograd") == std::string::npos)
      return expectNear(got, wanted, 1e-5, 1e-4);
    double largest = 0;
    for (double value : wanted)
      largest = std::max(largest, std::abs(value));
    expectNear(got, wanted, 0, 2e-5 * largest); // What `--winograd safe` says.
  }
};

TEST_F(KernelConvolution, FollowsTheDefinition) {
  checkAll<Case>(cases,
                 {{1, 7, 7}, {2, 13, 17}, {1, 37, 11}, {1, 5, 46}, {0, 8, 8}},
                 check);
}

// Behind the whole tiles of a row any number of pixels can be left.
/// The error of Winograd's tiles over the largest value of the result, for few
/// products in a sum and for as many as the compiler uses the tiles for.
TEST_F(KernelConvolution, WinogradStaysWithinItsBound) {
  for (auto [channels, layout] : {std::pair(8, winograd4),
                                  {512, winograd4},
                                  {8, winograd2},
                                  {640, winograd2}}) {
    SCOPED_TRACE(layout + " of " + std::to_string(channels));
    Case c{.name = layout,
           .channels = channels,
           .filters = 32,
           .weightLayout = layout};
    auto kernel = compile(groupOf(c));
    ASSERT_TRUE(kernel);
    for (double least : {-1.0, 0.0}) { // Also as behind a Relu.
      ImageSize size{1, 12, 13};
      std::vector<Values> in = inputsOf(c, size);
      in[0] = randomValues(static_cast<int64_t>(in[0].size()), least, 1, 5);
      expectFor(*kernel, c, size, in);
    }
  }
}

TEST_F(KernelConvolution, AnyNumberOfPixelsIsLeftBehindTheTiles) {
  std::vector<ImageSize> widths;
  for (int64_t w = 1; w <= 20; ++w)
    widths.push_back({1, 3, w});
  auto depthwise = llvm::find_if(
      cases, [](const Case &c) { return c.name == "depthwise in vectors"; });
  checkAll<Case>({cases[0], cases[1], *depthwise}, widths, check);
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
