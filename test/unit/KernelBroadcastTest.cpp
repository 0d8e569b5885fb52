#include "KernelHarness.h"

#include <cmath>

using namespace dycc::test;

namespace {

class KernelBroadcast : public KernelTest {};

GroupText binary(const std::string &op, const std::string &type,
                 const std::string &result,
                 const std::string &attributes = "") {
  return {{"@" + type + "[N]", "@" + type + "[N]"},
          {"@" + result + "[N]"},
          "%r = " + op + "(%0, %1) " + attributes + " : @" + result + "[N]",
          "%r"};
}

/// An operator on two integers: C++ on the same type is the reference.
struct IntegerCase {
  const char *op, *attributes, *type, *result;
  double (*reference)(double, double);
};

int32_t wrap(int64_t value) { return static_cast<int32_t>(value); }
double power(double a, double b) {
  int32_t result = 1;
  for (int i = 0; i < static_cast<int>(b); ++i)
    result = wrap(int64_t(result) * static_cast<int32_t>(a));
  return b < 0 ? (a == 1 ? 1 : a == -1 ? (int(b) % 2 ? -1 : 1) : 0) : result;
}

const IntegerCase integerCases[] = {
    {"Add", "", "i32", "i32",
     [](double a, double b) -> double {
       return wrap(int64_t(a) + int64_t(b));
     }},
    {"Sub", "", "i32", "i32",
     [](double a, double b) -> double {
       return wrap(int64_t(a) - int64_t(b));
     }},
    {"Mul", "", "i32", "i32",
     [](double a, double b) -> double {
       return wrap(int64_t(a) * int64_t(b));
     }},
    {"Div", "", "i32", "i32",
     [](double a, double b) {
       return b == 0 ? 0 : double(wrap(int64_t(a) / int64_t(b)));
     }},
    {"Mod", "{fmod = 1 : i64}", "i32", "i32",
     [](double a, double b) { return b == 0 ? 0 : std::fmod(a, b); }},
    {"Mod", "", "i32", "i32",
     [](double a, double b) { return b == 0 ? 0 : a - b * std::floor(a / b); }},
    {"Pow", "", "i32", "i32", power},
    {"Max", "", "i32", "i32",
     [](double a, double b) { return std::max(a, b); }},
    {"Min", "", "i64", "i64",
     [](double a, double b) { return std::min(a, b); }},
    {"Less", "", "i64", "i1", [](double a, double b) { return double(a < b); }},
    {"LessOrEqual", "", "i32", "i1",
     [](double a, double b) { return double(a <= b); }},
    {"Greater", "", "i8", "i1",
     [](double a, double b) { return double(int8_t(a) > int8_t(b)); }},
    {"GreaterOrEqual", "", "i32", "i1",
     [](double a, double b) { return double(a >= b); }},
    {"Equal", "", "i32", "i1",
     [](double a, double b) { return double(a == b); }},
    {"BitwiseAnd", "", "i32", "i32",
     [](double a, double b) { return double(int32_t(a) & int32_t(b)); }},
    {"BitwiseOr", "", "i32", "i32",
     [](double a, double b) { return double(int32_t(a) | int32_t(b)); }},
    {"BitwiseXor", "", "i32", "i32",
     [](double a, double b) { return double(int32_t(a) ^ int32_t(b)); }},
};

TEST_F(KernelBroadcast, IntegersFollowOnnxNotHalide) {
  std::vector<GroupText> texts;
  for (const IntegerCase &c : integerCases)
    texts.push_back(binary(c.op, c.type, c.result, c.attributes));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), std::size(integerCases));
  Values values = {0,  1, -1, 2,   -2,         3,
                   -3, 7, -7, 100, 2147483647, -2147483648.0};
  for (auto [kernel, c] : llvm::zip(kernels, integerCases)) {
    SCOPED_TRACE(std::string(c.op) + c.attributes);
    Values a, b, expected;
    bool narrow = std::string(c.type) == "i8";
    for (double x : values)
      for (double y : values) {
        if (std::string(c.op) == "Pow" && y > 100)
          continue; // The reference counts.
        if (narrow && (std::abs(x) > 100 || std::abs(y) > 100))
          continue;
        a.push_back(x);
        b.push_back(y);
        expected.push_back(c.reference(x, y));
      }
    int64_t n = static_cast<int64_t>(a.size());
    expectNear(kernel->run({{"N", n}}, {a, b})[0], expected, 0, 0);
  }
}

TEST_F(KernelBroadcast, ShiftsStopAtTheWidth) {
  auto kernels =
      compileAll({binary("BitShift", "ui32", "ui32", "{direction = \"LEFT\"}"),
                  binary("BitShift", "ui8", "ui8", "{direction = \"RIGHT\"}")});
  ASSERT_EQ(kernels.size(), 2u);
  expectNear(kernels[0]->run({{"N", 4}}, {{1, 3, 1, 5}, {0, 4, 31, 32}})[0],
             {1, 48, 2147483648.0, 0}, 0, 0);
  expectNear(kernels[1]->run({{"N", 3}}, {{200, 200, 200}, {0, 3, 9}})[0],
             {200, 25, 0}, 0, 0);
}

TEST_F(KernelBroadcast, FloatsKeepNaN) {
  auto kernels =
      compileAll({binary("Max", "f32", "f32"), binary("Min", "f32", "f32"),
                  binary("Less", "f32", "i1"), binary("Equal", "f32", "i1"),
                  binary("Mod", "f32", "f32", "{fmod = 1 : i64}"),
                  binary("Pow", "f32", "f32"), binary("PRelu", "f32", "f32"),
                  binary("LessOrEqual", "f32", "i1"),
                  binary("GreaterOrEqual", "f32", "i1")});
  ASSERT_EQ(kernels.size(), 9u);
  double nan = std::nan("");
  Values a = {1, nan, 3, -5.5, 0}, b = {2, 1, nan, 2, -1};
  dycc::test::Symbols n = {{"N", 5}};
  expectNear(kernels[0]->run(n, {a, b})[0], {2, nan, nan, 2, 0}, 0, 0);
  expectNear(kernels[1]->run(n, {a, b})[0], {1, nan, nan, -5.5, -1}, 0, 0);
  expectNear(kernels[2]->run(n, {a, b})[0], {1, 0, 0, 1, 0}, 0, 0);
  expectNear(kernels[3]->run(n, {a, a})[0], {1, 0, 1, 1, 1}, 0, 0);
  expectNear(kernels[4]->run(n, {a, b})[0], {1, nan, nan, -1.5, 0}, 0, 0);
  expectNear(kernels[5]->run(n, {a, b})[0], {1, nan, nan, 30.25, INFINITY},
             1e-6, 0);
  expectNear(kernels[6]->run(n, {a, b})[0], {1, nan, 3, -11, 0}, 0, 0);
  expectNear(kernels[7]->run(n, {a, b})[0], {1, 0, 0, 1, 0}, 0, 0);
  expectNear(kernels[8]->run(n, {a, a})[0], {1, 0, 1, 1, 1}, 0, 0);
}

TEST_F(KernelBroadcast, LogicIsOnBooleans) {
  auto kernels =
      compileAll({binary("And", "i1", "i1"),
                  binary("Or", "i1", "i1"),
                  binary("Xor", "i1", "i1"),
                  {{"@i1[N]"}, {"@i1[N]"}, "%r = Not(%0) : @i1[N]", "%r"}});
  ASSERT_EQ(kernels.size(), 4u);
  Values a = {0, 0, 1, 1}, b = {0, 1, 0, 1};
  expectNear(kernels[0]->run({{"N", 4}}, {a, b})[0], {0, 0, 0, 1}, 0, 0);
  expectNear(kernels[1]->run({{"N", 4}}, {a, b})[0], {0, 1, 1, 1}, 0, 0);
  expectNear(kernels[2]->run({{"N", 4}}, {a, b})[0], {0, 1, 1, 0}, 0, 0);
  expectNear(kernels[3]->run({{"N", 4}}, {a})[0], {1, 1, 0, 0}, 0, 0);
}

/// The bound has an axis, the input none.
TEST_F(KernelBroadcast, AScalarIsLimitedByAVectorOfOne) {
  auto kernel = compile({{"@f32[]", "@f32[1]"},
                         {"@f32[]"},
                         "%y = Clip(%0, %1, _) : @f32[]",
                         "%y"});
  ASSERT_TRUE(kernel);
  EXPECT_EQ(kernel->run({}, {{0.25}, {0.5}})[0], Values{0.5});
  EXPECT_EQ(kernel->run({}, {{0.75}, {0.5}})[0], Values{0.75});
}

TEST_F(KernelBroadcast, CastsRoundAndSaturate) {
  auto cast = [](const char *from, const char *to) {
    return GroupText{{std::string("@") + from + "[N]"},
                     {std::string("@") + to + "[N]"},
                     std::string("%r = Cast(%0) : @") + to + "[N]",
                     "%r"};
  };
  auto kernels =
      compileAll({cast("f32", "i32"), cast("f32", "i1"), cast("f32", "f16"),
                  cast("bf16", "f32"), cast("i32", "ui8"), cast("i1", "f64"),
                  cast("f32", "bf16"), cast("f64", "i64")});
  ASSERT_EQ(kernels.size(), 8u);
  double nan = std::nan("");
  dycc::test::Symbols n = {{"N", 6}};
  Values x = {1.9, -1.9, nan, 3e9, -3e9, 0};
  expectNear(kernels[0]->run(n, {x})[0],
             {1, -1, 0, 2147483647, -2147483648.0, 0}, 0, 0);
  expectNear(kernels[1]->run(n, {x})[0], {1, 1, 1, 1, 1, 0}, 0, 0);
  expectNear(kernels[2]->run(n, {{1.0004, 65504, 1e6, nan, 6e-8, -2049}})[0],
             {1, 65504, INFINITY, nan, 5.9604644775390625e-8, -2048}, 0, 0);
  Values halves = {1.5, -2, 0.25, nan, 256, 0};
  expectNear(kernels[3]->run(n, {halves})[0], halves, 0, 0);
  expectNear(kernels[4]->run(n, {{0, 255, 256, -1, 300, 7}})[0],
             {0, 255, 0, 255, 44, 7}, 0, 0);
  expectNear(kernels[5]->run(n, {{0, 1, 1, 0, 1, 0}})[0], {0, 1, 1, 0, 1, 0}, 0,
             0);
  expectNear(kernels[6]->run(n, {{1.00390625, 1.01171875, -3, nan, 0, 1}})[0],
             {1, 1.015625, -3, nan, 0, 1}, 0, 0);
  expectNear(kernels[7]->run(n, {{1e300, -1e300, nan, 5.5, -5.5, 0}})[0],
             {9223372036854775807.0, -9223372036854775808.0, 0, 5, -5, 0}, 0,
             0);
}

TEST_F(KernelBroadcast, SixteenBitFloatsComputeInF32) {
  auto kernel = compile(binary("Mul", "f16", "f16"));
  ASSERT_TRUE(kernel);
  for (int64_t n : {1, 8, 37})
    expectNear(kernel->run({{"N", n}}, {Values(n, 1.5), Values(n, 2.25)})[0],
               Values(n, 3.375), 0, 0);
}

/// Where a[i][j] comes from when its extents are broadcast.
TEST_F(KernelBroadcast, ShapesAlignFromTheRight) {
  auto kernels = compileAll({{{"@f32[A, B, C]", "@f32[B, 1]"},
                              {"@f32[A, B, C]"},
                              "%r = Sub(%0, %1) : @f32[A, B, C]",
                              "%r"},
                             {{"@f32[A, 1]", "@f32[1, C]"},
                              {"@f32[A, C]"},
                              "%r = Sub(%0, %1) : @f32[A, C]",
                              "%r"},
                             {{"@f32[A, C]", "@f32[]"},
                              {"@f32[A, C]"},
                              "%r = Sub(%0, %1) : @f32[A, C]",
                              "%r"},
                             // Only execution knows whether K is 1 or C.
                             {{"@f32[A, C]", "@f32[K]"},
                              {"@f32[A, C]"},
                              "%r = Sub(%0, %1) : @f32[A, C]",
                              "%r"}});
  ASSERT_EQ(kernels.size(), 4u);
  int64_t a = 3, b = 4, c = 21;
  Values x = randomValues(a * b * c, -1, 1, 1), y = randomValues(c, -1, 1, 2);
  Values first, second, third, fourth;
  for (int64_t i = 0; i < a * b * c; ++i)
    first.push_back(static_cast<float>(x[i] - y[i / c % b]));
  Values xa(x.begin(), x.begin() + a), xac(x.begin(), x.begin() + a * c);
  for (int64_t i = 0; i < a * c; ++i) {
    second.push_back(static_cast<float>(x[i / c] - y[i % c]));
    third.push_back(static_cast<float>(x[i] - y[0]));
    fourth.push_back(static_cast<float>(x[i] - y[i % c]));
  }
  Values yb(y.begin(), y.begin() + b), one(y.begin(), y.begin() + 1);
  dycc::test::Symbols symbols = {{"A", a}, {"B", b}, {"C", c}, {"K", c}};
  expectNear(kernels[0]->run(symbols, {x, yb})[0], first, 0, 0);
  expectNear(kernels[1]->run(symbols, {xa, y})[0], second, 0, 0);
  expectNear(kernels[2]->run(symbols, {xac, one})[0], third, 0, 0);
  expectNear(kernels[3]->run(symbols, {xac, y})[0], fourth, 0, 0);
  symbols["K"] = 1;
  expectNear(kernels[3]->run(symbols, {xac, one})[0], third, 0, 0);
}

TEST_F(KernelBroadcast, LayoutsMeetInOneLoop) {
  auto kernels =
      compileAll({{{"@f32[N, 13, H, W; channels_last<8>]", "@f32[13, 1, 1]"},
                   {"@f32[N, 13, H, W; channels_last<8>]"},
                   "%r = Mul(%0, %1) : @f32[N, 13, H, W]",
                   "%r"},
                  {{"@f32[N, 13, H, W; channels_last<8>]"},
                   {"@f32[N, 13, H, W]"},
                   "",
                   "%0"},
                  {{"@f32[N, 13, H, W]"},
                   {"@f32[N, 13, H, W; channels_last<8>]"},
                   "",
                   "%0"},
                  {{"@f32[N, 13, H, W; channels_last<8>]",
                    "@f32[N, 13, H, W; channels_last<8>]"},
                   {"@f32[N, 13, H, W; channels_last<8>]"},
                   "%r = Mul(%0, %1) : @f32[N, 13, H, W]",
                   "%r"}});
  ASSERT_EQ(kernels.size(), 4u);
  for (auto [h, w] : {std::pair<int64_t, int64_t>{3, 5}, {1, 1}, {0, 4}}) {
    Values x = randomValues(2 * 13 * h * w, -1, 1, 1),
           s = randomValues(13, -1, 1, 2);
    Values scaled, squared;
    for (size_t i = 0; i < x.size(); ++i) {
      scaled.push_back(static_cast<float>(x[i] * s[i / (h * w) % 13]));
      squared.push_back(static_cast<float>(x[i] * x[i]));
    }
    dycc::test::Symbols symbols = {{"N", 2}, {"H", h}, {"W", w}};
    expectNear(kernels[0]->run(symbols, {x, s})[0], scaled, 0, 0);
    expectNear(kernels[1]->run(symbols, {x})[0], x, 0, 0);
    expectNear(kernels[2]->run(symbols, {x})[0], x, 0, 0);
    expectNear(kernels[3]->run(symbols, {x, x})[0], squared, 0, 0);
  }
}

TEST_F(KernelBroadcast, ConstantsAndAbsentOperandsSteerClip) {
  auto kernels = compileAll(
      {{{"@f32[N]"},
        {"@f32[N]"},
        "%lo = Constant() {value = dense<-1.0> : tensor<f32>} : @f32[]\n"
        "%r = Clip(%0, %lo, _) : @f32[N]",
        "%r"},
       {{"@i32[N]", "@i32[]"},
        {"@i32[N]"},
        "%r = Clip(%0, _, %1) : @i32[N]",
        "%r"},
       {{"@i1[N]", "@f32[N]"},
        {"@f32[N]"},
        "%c = Constant() {value = dense<2.5> : tensor<f32>} : @f32[]\n"
        "%r = Where(%0, %1, %c) : @f32[N]",
        "%r"}});
  ASSERT_EQ(kernels.size(), 3u);
  dycc::test::Symbols n = {{"N", 4}};
  double nan = std::nan("");
  expectNear(kernels[0]->run(n, {{-3, 0, nan, 9}})[0], {-1, 0, nan, 9}, 0, 0);
  expectNear(kernels[1]->run(n, {{-3, 0, 5, 9}, {4}})[0], {-3, 0, 4, 4}, 0, 0);
  expectNear(kernels[2]->run(n, {{1, 0, 0, 1}, {7, 8, nan, nan}})[0],
             {7, 2.5, 2.5, nan}, 0, 0);
}

TEST_F(KernelBroadcast, SeveralResultsComeFromOneKernel) {
  auto kernel = compile({{"@f32[N]", "@f32[N]"},
                         {"@f32[N]", "@i1[N]"},
                         "%s = Add(%0, %1) : @f32[N]\n%t = Relu(%s) : @f32[N]\n"
                         "%b = Less(%t, %1) : @i1[N]",
                         "%s, %b"});
  ASSERT_TRUE(kernel);
  auto results = kernel->run({{"N", 3}}, {{1, -2, 3}, {4, -5, 9}});
  expectNear(results[0], {5, -7, 12}, 0, 0);
  expectNear(results[1], {0, 0, 0}, 0, 0);
}

TEST_F(KernelBroadcast, BitsOfBoolsAreOneOrZero) {
  auto kernels =
      compileAll({{{"@i1[N]"}, {"@i8[N]"}, "%r = BitCast(%0) : @i8[N]", "%r"},
                  {{"@i8[N]"}, {"@i1[N]"}, "%r = BitCast(%0) : @i1[N]", "%r"}});
  ASSERT_EQ(kernels.size(), 2);
  expectNear(kernels[0]->run({{"N", 3}}, {{1, 0, 1}})[0], {1, 0, 1}, 0, 0);
  expectNear(kernels[1]->run({{"N", 3}}, {{1, 0, -128}})[0], {1, 0, 1}, 0, 0);
}

TEST_F(KernelBroadcast, ErrorsNameOperatorAndReason) {
  std::string text = compileError(
      {{"@f32[N]"}, {"@f32[N]"}, "%r = Frobnicate(%0) : @f32[N]", "%r"});
  EXPECT_EQ(text, "has no kernel");
  text = compileError({{"@f32[N]", "@i32[N]"},
                       {"@f64[N]"},
                       "%r = BitCast(%0) : @f64[N]",
                       "%r"});
  EXPECT_NE(text.find("expects types of one width, got 32 and 64 bits"),
            std::string::npos);
}

} // namespace
