// Products with right sides of 2, 4 and 8 bits, against sums in f64 of what
// these stand for.
#include "KernelHarness.h"

using namespace dycc::test;

namespace {

class KernelDequantizedProduct : public KernelTest {};

enum class Point { None, One, Each };

struct Case {
  std::string element; ///< Of the right side.
  int bits;
  int64_t k, block;
  Point point;
  std::string m = "M";
  unsigned vectors = 2; ///< Of a panel.
  std::string real = "f32";
  bool isGemm = false;

  int64_t blocks() const { return (k + block - 1) / block; }
  bool isSigned() const { return element[0] == 'i'; }
};

std::string panels(const Case &c, bool areSteps) {
  unsigned width = c.vectors * dycc::codegen::TargetInfo::host().lanes(4);
  std::string group =
      areSteps && c.bits < 8 ? ", group " + std::to_string(8 / c.bits) : "";
  return ", N; panels<" + std::to_string(width) + group + ">]";
}

GroupText textOf(const Case &c) {
  std::string k = std::to_string(c.k), blocks = std::to_string(c.blocks());
  std::string result = "@" + c.real + "[" + c.m + ", N]";
  std::string steps = "@" + c.element + "[";
  GroupText text{{"@" + c.real + "[" + c.m + ", " + k + "]",
                  steps + k + panels(c, true),
                  "@" + c.real + "[" + blocks + panels(c, false)},
                 {result},
                 "",
                 "%c"};
  if (c.point == Point::Each)
    text.inputs.push_back(steps + blocks + panels(c, true));
  if (c.point == Point::One)
    text.inputs.push_back("@" + c.element + "[]");
  std::string point = c.point == Point::None ? "_" : "%3";
  text.body =
      "%w = DequantizeLinear(%1, %2, " + point +
      ") {axis = 0 : i64, block_size = " + std::to_string(c.block) +
      " : i64} : @" + c.real + "[" + k + ", N]\n%c = " +
      (c.isGemm ? "Gemm(%0, %w, _) {alpha = 0.5 : f32}" : "MatMul(%0, %w)") +
      " : " + result;
  return text;
}

/// The product in f64.
Values expected(const Case &c, int64_t m, int64_t n,
                const std::vector<Values> &in) {
  Values result;
  for (int64_t row = 0; row < m; ++row)
    for (int64_t column = 0; column < n; ++column) {
      double sum = 0;
      for (int64_t k = 0; k < c.k; ++k) {
        int64_t at = k / c.block * n + column;
        double point = c.point == Point::None  ? 0
                       : c.point == Point::One ? in[3][0]
                                               : in[3][at];
        sum +=
            in[0][row * c.k + k] * (in[1][k * n + column] - point) * in[2][at];
      }
      result.push_back(c.isGemm ? 0.5 * sum : sum);
    }
  return result;
}

void check(LoadedKernel &kernel, const Case &c, int64_t m, int64_t n) {
  SCOPED_TRACE(c.element + " " + std::to_string(c.k) + " " +
               std::to_string(c.block) + " " + std::to_string(m) + "x" +
               std::to_string(n));
  double span = 1 << c.bits, least = c.isSigned() ? -span / 2 : 0;
  std::vector<Values> in{randomValues(m * c.k, -1, 1, 1),
                         randomValues(c.k * n, least, least + span, 2, true),
                         randomValues(c.blocks() * n, 0.01, 0.1, 3)};
  if (c.real == "f16") // Numbers that halves hold.
    for (Values *values : {&in[0], &in[2]})
      for (double &value : *values)
        value = static_cast<double>(static_cast<_Float16>(value));
  if (c.point != Point::None)
    in.push_back(randomValues(c.point == Point::One ? 1 : c.blocks() * n, least,
                              least + span, 4, true));
  // Of sums that are small beside what they are sums of.
  double magnitude = static_cast<double>(c.k) * span * 0.1;
  bool isHalf = c.real == "f16";
  expectNear(kernel.run({{"M", m}, {"N", n}}, in)[0], expected(c, m, n, in),
             isHalf ? 1e-3 : 2e-6, magnitude * (isHalf ? 0x1p-16 : 0x1p-23));
}

const Case cases[] = {
    {"ui4", 4, 64, 32, Point::Each},
    {"ui4", 4, 40, 16, Point::One, "M", 3},
    {"ui4", 4, 33, 16, Point::None, "M", 4},
    {"ui4", 4, 7, 7, Point::Each, "1"},
    {"ui2", 2, 45, 16, Point::Each},
    {"ui8", 8, 48, 16, Point::Each, "M", 3},
    {"i8", 8, 31, 31, Point::None, "5"},
    {"i8", 8, 130, 130, Point::One, "M", 4},
    {"i8", 8, 20, 16, Point::Each, "64"},
    {"ui4", 4, 64, 16, Point::Each, "M", 2, "f16"},
    {"ui4", 4, 36, 16, Point::One, "M", 2, "f32", true},
};

TEST_F(KernelDequantizedProduct, SumsAreThoseOfRealNumbers) {
  std::vector<GroupText> texts;
  for (const Case &c : cases)
    texts.push_back(textOf(c));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), std::size(cases));
  for (size_t i = 0; i < kernels.size(); ++i)
    for (int64_t n : {1, 16, 47, 64, 130}) {
      if (cases[i].m != "M") {
        check(*kernels[i], cases[i], std::stoll(cases[i].m), n);
        continue;
      }
      for (int64_t m : {0, 1, 2, 7, 14, 15, 33, 47})
        check(*kernels[i], cases[i], m, n);
    }
}

// As other operators have it: an element wherever it is asked for.
TEST_F(KernelDequantizedProduct, WithoutAProductItIsElementWise) {
  Case c{"ui4", 4, 9, 4, Point::Each};
  GroupText text = textOf(c);
  text.results = {"@f32[9, N]"};
  text.body = "%c = DequantizeLinear(%1, %2, %3) {axis = 0 : i64, block_size = "
              "4 : i64} : @f32[9, N]";
  auto kernel = compile(text);
  ASSERT_TRUE(kernel);
  Values steps = randomValues(9 * 5, 0, 16, 1, true);
  Values scales = randomValues(3 * 5, 0.5, 2, 2);
  Values points = randomValues(3 * 5, 0, 16, 3, true), wanted;
  for (int64_t i = 0; i < 45; ++i) {
    int64_t at = i / 5 / 4 * 5 + i % 5;
    wanted.push_back((steps[i] - points[at]) * scales[at]);
  }
  expectNear(kernel->run({{"M", 1}, {"N", 5}},
                         {Values(9, 0), steps, scales, points})[0],
             wanted, 1e-6, 1e-6);
}

TEST_F(KernelDequantizedProduct, OtherScalesAreRefused) {
  EXPECT_NE(compileError({{"@i8[8, N]", "@f32[N]"},
                          {"@f32[8, N]"},
                          "%c = DequantizeLinear(%0, %1, _) {axis = 1 : i64} : "
                          "@f32[8, N]",
                          "%c"})
                .find("expects scales of blocks along an axis"),
            std::string::npos);
}

} // namespace
