#include "KernelImages.h"
#include "KernelReference.h"

#include <cmath>
#include <limits>

using namespace dycc::test;

namespace {

class KernelPool : public KernelImages {};

struct Case {
  std::string name; ///< Of the operator.
  const char *attributes;
  int64_t kernel, stride, begin, end;
  bool countsPads;
  const char *layout;
  bool negated = false; ///< What it reads is computed in its loops.
  int64_t dilation = 1;

  /// Places along an axis that a window can begin at, less one.
  int64_t room(int64_t extent) const {
    return extent + begin + end - (kernel - 1) * dilation - 1;
  }
  /// Whether its extents say that there are no fewer windows than none.
  bool fits(int64_t extent) const { return room(extent) >= -stride; }
  int64_t windows(int64_t extent) const {
    return room(extent) < 0 ? 0 : room(extent) / stride + 1;
  }
};
const Case cases[] = {
    {"MaxPool", "", 2, 2, 0, 0, false, ""},
    {"MaxPool", "", 3, 2, 1, 1, false, "; channels_last<8>"},
    {"AveragePool", "", 3, 1, 1, 1, false, ""},
    {"AveragePool", ", count_include_pad = 1 : i64", 3, 2, 1, 0, true,
     "; channels_last<8>"},
    {"AveragePool", ", count_include_pad = 1 : i64, auto_pad = \"SAME_UPPER\"",
     2, 1, 0, 1, true, ""},
    {"AveragePool", ", count_include_pad = 1 : i64, auto_pad = \"SAME_LOWER\"",
     4, 1, 2, 1, true, ""},
    {"AveragePool", ", auto_pad = \"SAME_UPPER\"", 3, 1, 1, 1, false, ""},
    {"LpPool", ", p = 2 : i64", 2, 1, 0, 0, false, ""},
    {"MaxPool", "", 3, 2, 1, 1, false, "; channels_last<8>", true},
    {"AveragePool", ", count_include_pad = 1 : i64", 3, 1, 1, 1, true, "",
     true},
    // In row-major order: windows of many taps, far apart, with holes.
    {"MaxPool", "", 7, 2, 3, 3, false, "", true},
    {"AveragePool", "", 12, 3, 5, 6, false, ""},
    {"LpPool", ", p = 2 : i64", 3, 2, 1, 0, false, ""},
    {"MaxPool", "", 3, 1, 2, 2, false, "", false, 2},
    {"MaxPool", "", 2, 5, 0, 0, false, ""},
    // Windows that lie in the padding as a whole, and of images without rows.
    {"MaxPool", "", 2, 1, 3, 2, false, ""},
    {"MaxPool", "", 4, 3, 2, 2, false, "", true},
    // In whole vectors of channels, with all of that.
    {"MaxPool", "", 3, 2, 1, 1, false, "; channels_last<16>"},
    {"MaxPool", "", 2, 1, 3, 2, false, "; channels_last<16>"},
    {"MaxPool", "", 3, 1, 2, 2, false, "; channels_last<16>", false, 2},
    {"AveragePool", "", 3, 1, 1, 1, false, "; channels_last<16>"},
    {"AveragePool", ", count_include_pad = 1 : i64", 12, 3, 5, 6, true,
     "; channels_last<16>"},
    {"LpPool", ", p = 2 : i64", 3, 2, 1, 0, false, "; channels_last<16>"},
};

GroupText groupOf(const Case &c) {
  auto list = [](int64_t a, int64_t b) {
    return "array<i64: " + std::to_string(a) + ", " + std::to_string(b) + ">";
  };
  int64_t less = (c.kernel - 1) * c.dilation + 1 - c.begin - c.end;
  auto out = [&](const char *axis) {
    return "(" + std::string(axis) + " - " + std::to_string(less) +
           ") floordiv " + std::to_string(c.stride) + " + 1";
  };
  std::string result = "@f32[N, 11, " + out("H") + ", " + out("W");
  std::string pads = ", pads = array<i64: " + std::to_string(c.begin) + ", " +
                     std::to_string(c.begin) + ", " + std::to_string(c.end) +
                     ", " + std::to_string(c.end) + ">";
  if (llvm::StringRef(c.attributes).contains("auto_pad"))
    pads = "";
  std::string dilations =
      c.dilation == 1 ? "" : ", dilations = " + list(c.dilation, c.dilation);
  std::string input = "@f32[N, 11, H, W";
  std::string before = c.negated ? "%n = Neg(%0) : " + input + "]\n" : "";
  return {{input + c.layout + "]"},
          {result + c.layout + "]"},
          before + "%r = " + c.name + (c.negated ? "(%n)" : "(%0)") +
              " {kernel_shape = " + list(c.kernel, c.kernel) +
              ", strides = " + list(c.stride, c.stride) + dilations + pads +
              c.attributes + "} : " + result + "]",
          "%r"};
}

/// One window by definition.
double pool(const Case &c, const double *plane, int64_t h, int64_t w, int64_t y,
            int64_t x) {
  double peak = -std::numeric_limits<double>::infinity(), sum = 0, squares = 0;
  int64_t count = 0;
  for (int64_t ky = 0; ky < c.kernel; ++ky)
    for (int64_t kx = 0; kx < c.kernel; ++kx) {
      int64_t iy = y * c.stride + ky * c.dilation - c.begin,
              ix = x * c.stride + kx * c.dilation - c.begin;
      if (iy < 0 || iy >= h || ix < 0 || ix >= w) {
        count += c.countsPads;
        continue;
      }
      ++count;
      double value = plane[iy * w + ix] * (c.negated ? -1 : 1);
      peak = std::max(peak, value);
      sum += value;
      squares += value * value;
    }
  return c.name == "MaxPool"  ? peak
         : c.name == "LpPool" ? std::sqrt(squares)
                              : sum / static_cast<double>(count);
}

TEST_F(KernelPool, FollowsTheDefinition) {
  auto check = [](LoadedKernel &kernel, const Case &c, ImageSize size) {
    if (!c.fits(size.h) || !c.fits(size.w))
      return;
    Values x = randomValues(size.pixels() * 11, -2, 2, 4), expected;
    int64_t oh = c.windows(size.h), ow = c.windows(size.w);
    for (int64_t plane = 0; plane < size.n * 11; ++plane)
      for (int64_t y = 0; y < oh; ++y)
        for (int64_t i = 0; i < ow; ++i)
          expected.push_back(pool(c, x.data() + plane * size.h * size.w, size.h,
                                  size.w, y, i));
    expectNear(kernel.run(size.symbols(), {x})[0], expected, 1e-5, 1e-6);
  };
  // Several strips of rows; one of a row that is longer than a strip.
  checkAll<Case>(cases,
                 {{1, 3, 3},
                  {2, 13, 17},
                  {1, 8, 40},
                  {0, 5, 5},
                  {1, 0, 5},
                  {1, 5, 0},
                  {1, 1, 1},
                  {1, 211, 43},
                  {1, 9, 1100}},
                 check);
}

/// In a kernel without rows beside each other, and in one of volumes.
TEST_F(KernelPool, RowsAndVolumes) {
  auto kernels = compileAll(
      {{{"@f32[N, 5, W]"},
        {"@f32[N, 5, W]"},
        "%r = MaxPool(%0) {kernel_shape = array<i64: 3>, pads = array<i64: 1, "
        "1>} : @f32[N, 5, W]",
        "%r"},
       {{"@f64[N, 2, D, H, W]"},
        {"@f64[N, 2, D + 1, H, W - 1]"},
        "%r = AveragePool(%0) {kernel_shape = array<i64: 2, 3, 2>, pads = "
        "array<i64: 1, 1, 0, 1, 1, 0>} : @f64[N, 2, D + 1, H, W - 1]",
        "%r"}});
  ASSERT_EQ(kernels.size(), 2u);
  for (int64_t w : {1, 5, 70}) {
    Array x = Array::random({3, 5, w}, -2, 2, 1);
    expectNear(kernels[0]->run({{"N", 3}, {"W", w}}, {x.values})[0],
               build(x.dims,
                     [&](const Place &at) {
                       double peak = x(at);
                       for (int64_t i : {at[2] - 1, at[2] + 1})
                         if (i >= 0 && i < w)
                           peak = std::max(peak, x({at[0], at[1], i}));
                       return peak;
                     }),
               0, 0);
  }
  for (Place d : {Place{1, 2, 1, 1, 2}, Place{2, 2, 3, 7, 19}}) {
    Array x = Array::random(d, -2, 2, 2);
    auto mean = [&](const Place &at) {
      double sum = 0, count = 0;
      for (int64_t t = 0; t < 12; ++t) {
        int64_t z = at[2] + t / 6 - 1, y = at[3] + t / 2 % 3 - 1;
        if (z < 0 || z >= d[2] || y < 0 || y >= d[3])
          continue;
        sum += x({at[0], at[1], z, y, at[4] + t % 2});
        ++count;
      }
      return sum / count;
    };
    Symbols symbols = {{"N", d[0]}, {"D", d[2]}, {"H", d[3]}, {"W", d[4]}};
    expectNear(kernels[1]->run(symbols, {x.values})[0],
               build({d[0], 2, d[2] + 1, d[3], d[4] - 1}, mean), 1e-12, 1e-12);
  }
}

TEST_F(KernelPool, PeaksOfVolumes) {
  std::string result =
      "@i16[N, 2, D - 1, (H - 1) floordiv 2 + 1, (W - 1) floordiv 2 + 1]";
  auto kernel = compile(
      {{"@i16[N, 2, D, H, W]"},
       {result},
       "%r = MaxPool(%0) {kernel_shape = array<i64: 2, 3, 3>, strides = "
       "array<i64: 1, 2, 2>, pads = array<i64: 0, 1, 1, 0, 1, 1>} : " +
           result,
       "%r"});
  ASSERT_TRUE(kernel);
  for (Place d : {Place{2, 2, 2, 1, 1}, Place{1, 2, 5, 8, 35}}) {
    Array x = Array::random(d, -900, 900, 3, /*integral=*/true);
    auto peak = [&](const Place &at) {
      double most = -32768;
      for (int64_t t = 0; t < 18; ++t) {
        int64_t y = at[3] * 2 + t / 3 % 3 - 1, i = at[4] * 2 + t % 3 - 1;
        if (y >= 0 && y < d[3] && i >= 0 && i < d[4])
          most = std::max(most, x({at[0], at[1], at[2] + t / 9, y, i}));
      }
      return most;
    };
    Symbols symbols = {{"N", d[0]}, {"D", d[2]}, {"H", d[3]}, {"W", d[4]}};
    expectNear(
        kernel->run(symbols, {x.values})[0],
        build({d[0], 2, d[2] - 1, (d[3] - 1) / 2 + 1, (d[4] - 1) / 2 + 1},
              peak),
        0, 0);
  }
}

/// Of integers the padding is the least number; a NaN is the largest float.
TEST_F(KernelPool, PeaksOfIntegersAndOfNan) {
  auto text = [](const std::string &type) {
    return GroupText{{type + "[1, 2, H, W]"},
                     {type + "[1, 2, H, W]"},
                     "%r = MaxPool(%0) {kernel_shape = array<i64: 3, 3>, pads "
                     "= array<i64: 1, 1, 1, 1>} : " +
                         type + "[1, 2, H, W]",
                     "%r"};
  };
  auto kernels = compileAll(
      {text("@i8"), text("@f16"), text("@bf16"), text("@f32"), text("@f64")});
  ASSERT_EQ(kernels.size(), 5u);
  for (auto [h, w] : {std::pair<int64_t, int64_t>{1, 1}, {9, 83}})
    for (size_t type = 0; type < kernels.size(); ++type) {
      SCOPED_TRACE(type);
      Array x = Array::random({2, h, w}, -100, -1, 3, /*integral=*/true);
      // Alone in a window, beside another one and beside an infinity.
      if (type > 0) {
        size_t middle = x.values.size() / 2;
        x.values[middle] = NAN;
        x.values.front() = -INFINITY;
        if (w > 1)
          x.values[middle + 1] = NAN, x.values[middle + 2] = INFINITY;
      }
      auto peak = [&, h = h, w = w](const Place &at) {
        double most = -INFINITY;
        for (int64_t t = 0; t < 9; ++t) {
          int64_t y = at[1] + t / 3 - 1, i = at[2] + t % 3 - 1;
          if (y < 0 || y >= h || i < 0 || i >= w)
            continue;
          double value = x({at[0], y, i});
          most = std::isnan(value) || value > most ? value : most;
          if (std::isnan(most))
            break;
        }
        return most;
      };
      expectNear(kernels[type]->run({{"H", h}, {"W", w}}, {x.values})[0],
                 build(x.dims, peak), 0, 0);
    }
}

// The last window over planes goes beyond them: the padded rows have one size
// whatever the plane.
TEST_F(KernelPool, WindowsBeyondTheLastPlane) {
  auto k = compile({{"@f32[N, 1, D, 6, W]"},
                    {"@f32[N, 1, (D - 1) ceildiv 2 + 1, 3, W - 1]"},
                    "%r = MaxPool(%0) {ceil_mode = 1 : i64, kernel_shape = "
                    "array<i64: 2, 4, 3>, pads = array<i64: 0, 0, 1, 1, 0, 0>, "
                    "strides = array<i64: 2, 1, 1>} : "
                    "@f32[N, 1, (D - 1) ceildiv 2 + 1, 3, W - 1]",
                    "%r"});
  ASSERT_TRUE(k);
}

TEST_F(KernelPool, GlobalPoolsReduceImages) {
  auto text = [](const char *op, const char *layout) {
    return GroupText{{std::string("@f32[N, 20, H, W") + layout + "]"},
                     {"@f32[N, 20, 1, 1]"},
                     std::string("%r = ") + op + "(%0) : @f32[N, 20, 1, 1]",
                     "%r"};
  };
  auto kernels = compileAll({text("GlobalAveragePool", ""),
                             text("GlobalMaxPool", "; channels_last<8>")});
  ASSERT_EQ(kernels.size(), 2u);
  int64_t n = 2, h = 7, w = 9;
  Values x = randomValues(n * 20 * h * w, -2, 2, 4), mean, peak;
  for (int64_t plane = 0; plane < n * 20; ++plane) {
    double sum = 0, most = -1e9;
    for (int64_t i = 0; i < h * w; ++i) {
      sum += x[plane * h * w + i];
      most = std::max(most, x[plane * h * w + i]);
    }
    mean.push_back(sum / static_cast<double>(h * w));
    peak.push_back(most);
  }
  dycc::test::Symbols symbols = {{"N", n}, {"H", h}, {"W", w}};
  expectNear(kernels[0]->run(symbols, {x})[0], mean, 1e-5, 1e-6);
  expectNear(kernels[1]->run(symbols, {x})[0], peak, 0, 0);
}

TEST_F(KernelPool, GlobalLpPoolIsTheRootOfTheSumOfPowers) {
  auto text = [](const char *layout, int p) {
    return GroupText{{std::string("@f32[N, 20, H, W") + layout + "]"},
                     {"@f32[N, 20, 1, 1]"},
                     "%r = GlobalLpPool(%0) {p = " + std::to_string(p) +
                         " : i64} : @f32[N, 20, 1, 1]",
                     "%r"};
  };
  auto kernels =
      compileAll({text("", 1), text("; channels_last<8>", 2), text("", 3)});
  ASSERT_EQ(kernels.size(), 3u);
  for (auto [n, h, w] : {std::tuple{2, 7, 9}, {1, 1, 1}, {3, 16, 5}}) {
    Values x = randomValues(n * 20 * h * w, -2, 2, 6);
    for (int p = 1; p <= 3; ++p) {
      Values norm;
      for (int64_t plane = 0; plane < n * 20; ++plane) {
        double sum = 0;
        for (int64_t i = 0; i < h * w; ++i)
          sum += std::pow(std::abs(x[plane * h * w + i]), p);
        norm.push_back(std::pow(sum, 1.0 / p));
      }
      dycc::test::Symbols symbols = {{"N", n}, {"H", h}, {"W", w}};
      expectNear(kernels[p - 1]->run(symbols, {x})[0], norm, 1e-5, 1e-6);
    }
  }
}

/// Position in the flat input of the first largest element of a 3x2 window
/// with padding 1, 0.
double largestAt(const Values &x, int64_t plane, int64_t h, int64_t w,
                 int64_t y, int64_t z, bool columnMajor) {
  int64_t best = -1, row = 0, column = 0;
  for (int64_t i = std::max<int64_t>(y - 1, 0); i < std::min(y + 2, h); ++i)
    for (int64_t j = z; j < z + 2; ++j) {
      int64_t at = (plane * h + i) * w + j;
      if (best < 0 || x[at] > x[best])
        best = at, row = i, column = j;
    }
  return static_cast<double>(columnMajor ? plane * h * w + column * h + row
                                         : best);
}

TEST_F(KernelPool, IndicesAreOfTheFirstLargest) {
  std::vector<GroupText> texts;
  for (const char *order : {"0", "1"})
    texts.push_back({{"@f32[N, 3, H, W]"},
                     {"@f32[N, 3, H, W - 1]", "@i64[N, 3, H, W - 1]"},
                     std::string("%r:2 = MaxPool(%0) {kernel_shape = "
                                 "array<i64: 3, 2>, pads = array<i64: 1, 0, 1, "
                                 "0>, storage_order = ") +
                         order +
                         " : i64} : @f32[N, 3, H, W - 1], @i64[N, 3, H, W - 1]",
                     "%r#0, %r#1"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 2u);
  for (std::vector<int64_t> d :
       {std::vector<int64_t>{2, 5, 7}, {1, 1, 2}, {1, 4, 40}, {0, 3, 3}})
    for (bool columnMajor : {false, true}) {
      int64_t h = d[1], w = d[2];
      Values x = randomValues(d[0] * 3 * h * w, 0, 5, 7, /*integral=*/true);
      Values expected;
      for (int64_t plane = 0; plane < d[0] * 3; ++plane)
        for (int64_t y = 0; y < h; ++y)
          for (int64_t z = 0; z + 1 < w; ++z)
            expected.push_back(largestAt(x, plane, h, w, y, z, columnMajor));
      expectNear(
          kernels[columnMajor]->run({{"N", d[0]}, {"H", h}, {"W", w}}, {x})[1],
          expected, 0, 0);
    }
}

} // namespace
