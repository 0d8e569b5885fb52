// Infinities and NaNs that come out of a conversion (in f16 each load is one,
// and Halide tells LLVM that it gives neither) or out of a quotient by zero.
#include "KernelReference.h"

#include <cmath>

using namespace dycc::test;

namespace {

const Values kValues = {-INFINITY, -1, 0, 2, INFINITY, NAN, 65504, -65504};

struct Comparison {
  const char *name;
  bool (*holds)(double x, double y);
};
const Comparison kComparisons[] = {
    {"Equal", [](double x, double y) { return x == y; }},
    {"Less", [](double x, double y) { return x < y; }},
    {"Greater", [](double x, double y) { return x > y; }},
    {"LessOrEqual", [](double x, double y) { return x <= y; }},
    {"GreaterOrEqual", [](double x, double y) { return x >= y; }}};

struct TypeText {
  const char *name, *infinity, *minusInfinity;
};
const TypeText kTypes[] = {{"f16", "0x7C00", "0xFC00"},
                           {"bf16", "0x7F80", "0xFF80"},
                           {"f32", "0x7F800000", "0xFF800000"},
                           {"f64", "0x7FF0000000000000", "0xFFF0000000000000"}};

void replaceAll(std::string &text, char key, const std::string &by) {
  for (size_t at; (at = text.find(key)) != std::string::npos;)
    text.replace(at, 1, by);
}

/// `%c`, an infinity.
std::string constant(double value) {
  return std::string("%c = Constant() {value = dense<") +
         (value > 0 ? "!" : "?") + "> : tensor<$>} : @$[]\n";
}

class KernelInfinity : public KernelTest {
protected:
  /// Checks `%r`, which `body` computes of a vector %0 of each type, for which
  /// $ stands, against `expected` of its elements.
  void check(const std::string &body, const char *result,
             const std::function<double(double)> &expected) {
    std::vector<GroupText> texts;
    for (const TypeText &type : kTypes) {
      auto typed = [&](std::string text) {
        replaceAll(text, '$', type.name);
        replaceAll(text, '!', type.infinity);
        replaceAll(text, '?', type.minusInfinity);
        return text;
      };
      texts.push_back({{typed("@$[n]")}, {typed(result)}, typed(body), "%r"});
    }
    auto kernels = compileAll(texts);
    ASSERT_EQ(kernels.size(), std::size(kTypes)) << body;
    for (size_t i = 0; i < kernels.size(); ++i) {
      SCOPED_TRACE(texts[i].body);
      // bf16 has no 65504.
      double edge = i == 1 ? 65536 : 65504;
      Values x = kValues, wanted;
      x[6] = edge, x[7] = -edge;
      for (double value : x)
        wanted.push_back(expected(value));
      expectNear(kernels[i]->run({{"n", 8}}, {x})[0], wanted, 0, 0);
    }
  }
};

TEST_F(KernelInfinity, ComparisonsWithAConstant) {
  for (const Comparison &comparison : kComparisons)
    for (double end : {-INFINITY, INFINITY}) {
      std::string start = constant(end) + "%r = " + comparison.name;
      check(start + "(%0, %c) : @i1[n]", "@i1[n]",
            [&](double x) { return comparison.holds(x, end); });
      check(start + "(%c, %0) : @i1[n]", "@i1[n]",
            [&](double x) { return comparison.holds(end, x); });
    }
}

TEST_F(KernelInfinity, TestsBehindAConversion) {
  check("%a = Cast(%0) {to = 10 : i64} : @f16[n]\n%r = IsInf(%a) : @i1[n]",
        "@i1[n]", [](double x) { return std::fabs(x) >= 65520; });
  check("%a = Cast(%0) {to = 1 : i64} : @f32[n]\n%r = IsNaN(%a) : @i1[n]",
        "@i1[n]", [](double x) { return std::isnan(x); });
  for (const char *inner : {"Abs", "Relu", "Sqrt"})
    check(std::string("%a = ") + inner +
              "(%0) : @$[n]\n%r = IsInf(%a) {detect_negative = 0 : i64} : "
              "@i1[n]",
          "@i1[n]", [&](double x) {
            return x == INFINITY || (*inner == 'A' && x == -INFINITY);
          });
}

TEST_F(KernelInfinity, NaNBesideAnInfinity) {
  check(constant(INFINITY) + "%r = Max(%0, %c) : @$[n]", "@$[n]",
        [](double x) { return std::isnan(x) ? x : INFINITY; });
}

TEST_F(KernelInfinity, QuotientsByAConstantZero) {
  for (double zero : {0.0, -0.0}) {
    std::string text = std::signbit(zero) ? "-0.000000e+00" : "0.000000e+00";
    check("%c = Constant() {value = dense<" + text +
              "> : tensor<$>} : @$[]\n%r = Div(%0, %c) : @$[n]",
          "@$[n]", [&](double x) { return x / zero; });
  }
}

TEST_F(KernelInfinity, QuotientsByASumOfNothing) {
  auto kernels = compileAll(
      {{{"@f32[n]", "@f32[n, 0]"},
        {"@f32[n]"},
        "%a = Constant() {value = dense<1> : tensor<1xi64>} : @i64[1]\n"
        "%s = ReduceSum(%1, %a) {keepdims = 0 : i64} : @f32[n]\n"
        "%r = Div(%0, %s) : @f32[n]",
        "%r"}});
  ASSERT_EQ(kernels.size(), 1u);
  Values expected;
  for (double value : kValues)
    expected.push_back(value / 0.0);
  expectNear(kernels[0]->run({{"n", 8}}, {kValues, {}})[0], expected, 0, 0);
}

} // namespace
