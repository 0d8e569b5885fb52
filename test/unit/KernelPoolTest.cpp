#include "KernelImages.h"

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
};

GroupText groupOf(const Case &c) {
  auto list = [](int64_t a, int64_t b) {
    return "array<i64: " + std::to_string(a) + ", " + std::to_string(b) + ">";
  };
  int64_t less = c.kernel - c.begin - c.end;
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
  std::string input = "@f32[N, 11, H, W";
  std::string before = c.negated ? "%n = Neg(%0) : " + input + "]\n" : "";
  return {{input + c.layout + "]"},
          {result + c.layout + "]"},
          before + "%r = " + c.name + (c.negated ? "(%n)" : "(%0)") +
              " {kernel_shape = " + list(c.kernel, c.kernel) +
              ", strides = " + list(c.stride, c.stride) + pads + c.attributes +
              "} : " + result + "]",
          "%r"};
}

/// One window by definition.
double pool(const Case &c, const double *plane, int64_t h, int64_t w, int64_t y,
            int64_t x) {
  double peak = -std::numeric_limits<double>::infinity(), sum = 0, squares = 0;
  int64_t count = 0;
  for (int64_t ky = 0; ky < c.kernel; ++ky)
    for (int64_t kx = 0; kx < c.kernel; ++kx) {
      int64_t iy = y * c.stride + ky - c.begin,
              ix = x * c.stride + kx - c.begin;
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
    Values x = randomValues(size.pixels() * 11, -2, 2, 4), expected;
    int64_t less = c.kernel - c.begin - c.end;
    int64_t oh = (size.h - less) / c.stride + 1,
            ow = (size.w - less) / c.stride + 1;
    for (int64_t plane = 0; plane < size.n * 11; ++plane)
      for (int64_t y = 0; y < oh; ++y)
        for (int64_t i = 0; i < ow; ++i)
          expected.push_back(pool(c, x.data() + plane * size.h * size.w, size.h,
                                  size.w, y, i));
    expectNear(kernel.run(size.symbols(), {x})[0], expected, 1e-5, 1e-6);
  };
  checkAll<Case>(cases, {{1, 3, 3}, {2, 13, 17}, {1, 8, 40}, {0, 5, 5}}, check);
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
