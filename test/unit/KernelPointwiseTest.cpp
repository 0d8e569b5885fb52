#include "KernelHarness.h"

#include <cmath>
#include <limits>

using namespace dycc::test;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// A unary operator, its attributes, what it computes and how exactly.
struct Unary {
  const char *op, *attributes;
  double (*reference)(double);
  double relative = 4e-7, absolute = 1e-7;
};

double relu(double x) { return x < 0 ? 0 : x; }
double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double softplus(double x) {
  return std::fmax(x, 0) + std::log1p(std::exp(-std::abs(x)));
}
double clampUnit(double x) { return x < 0 ? 0 : x > 1 ? 1 : x; }
double gelu(double x) { return 0.5 * x * (1 + std::erf(x * std::sqrt(0.5))); }
double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

const Unary unaryOperators[] = {
    {"Abs", "", [](double x) { return std::abs(x); }, 0, 0},
    {"Acos", "", [](double x) { return std::acos(x); }},
    {"Acosh", "", [](double x) { return std::acosh(x); }},
    {"Asin", "", [](double x) { return std::asin(x); }},
    {"Asinh", "", [](double x) { return std::asinh(x); }},
    {"Atan", "", [](double x) { return std::atan(x); }},
    {"Atanh", "", [](double x) { return std::atanh(x); }},
    {"Ceil", "", [](double x) { return std::ceil(x); }, 0, 0},
    {"Celu", "{alpha = 2.0 : f32}",
     [](double x) { return x < 0 ? 2 * std::expm1(x / 2) : x; }},
    {"Cos", "", [](double x) { return std::cos(x); }},
    {"Cosh", "", [](double x) { return std::cosh(x); }},
    {"Elu", "{alpha = 1.5 : f32}",
     [](double x) { return x < 0 ? 1.5 * std::expm1(x) : x; }},
    {"Erf", "", [](double x) { return std::erf(x); }},
    {"Exp", "", [](double x) { return std::exp(x); }, 3e-7, 1e-44},
    {"Floor", "", [](double x) { return std::floor(x); }, 0, 0},
    {"Gelu", "", gelu, 1e-6, 1e-6},
    {"HardSigmoid", "",
     [](double x) { return std::isnan(x) ? x : clampUnit(0.2 * x + 0.5); }},
    {"HardSwish", "",
     [](double x) { return x * (std::isnan(x) ? x : clampUnit(x / 6 + 0.5)); },
     1e-6, 1e-6},
    {"Identity", "", [](double x) { return x; }, 0, 0},
    {"LeakyRelu", "{alpha = 1.000000e-01 : f32}",
     [](double x) { return x < 0 ? 0.1 * x : x; }},
    {"Log", "", [](double x) { return std::log(x); }, 3e-7, 1e-7},
    {"Mish", "", [](double x) { return x * std::tanh(softplus(x)); }, 1e-6,
     1e-6},
    {"Neg", "", [](double x) { return -x; }, 0, 0},
    {"Reciprocal", "", [](double x) { return 1 / x; }},
    {"Relu", "", relu, 0, 0},
    {"Round", "", [](double x) { return std::nearbyint(x); }, 0, 0},
    {"Selu", "",
     [](double x) {
       return 1.0507010221481323 *
              (x < 0 ? 1.6732631921768188 * std::expm1(x) : x);
     }},
    {"Shrink", "{bias = 0.25 : f32, lambd = 0.75 : f32}",
     [](double x) { return x < -0.75  ? x + 0.25
                           : x > 0.75 ? x - 0.25
                                      : 0; }},
    {"Sigmoid", "", sigmoid},
    {"Sign", "", sign, 0, 0},
    {"Sin", "", [](double x) { return std::sin(x); }},
    {"Sinh", "", [](double x) { return std::sinh(x); }},
    {"Softplus", "", softplus, 1e-6, 1e-7},
    {"Softsign", "", [](double x) { return x / (1 + std::abs(x)); }},
    {"Sqrt", "", [](double x) { return std::sqrt(x); }},
    {"Swish", "{alpha = 0.5 : f32}",
     [](double x) { return x * sigmoid(0.5 * x); }},
    {"Tan", "", [](double x) { return std::tan(x); }, 1e-6, 1e-6},
    {"Tanh", "", [](double x) { return std::tanh(x); }},
    {"ThresholdedRelu", "{alpha = 0.5 : f32}",
     [](double x) { return x > 0.5 || std::isnan(x) ? x : 0; }},
};

GroupText unaryGroup(const Unary &unary) {
  std::string line = std::string("%r0 = ") + unary.op + "(%0) " +
                     unary.attributes + " : @f32[N]";
  return {{"@f32[N]"}, {"@f32[N]"}, line, "%r0"};
}

class KernelPointwise : public KernelTest {};

TEST_F(KernelPointwise, UnaryOperatorsFollowTheReference) {
  std::vector<GroupText> texts;
  for (const Unary &unary : unaryOperators)
    texts.push_back(unaryGroup(unary));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), std::size(unaryOperators));
  Values special = {0.0,     -0.0,  1.0,     -1.0,    inf,  -inf,
                    nan,     0.5,   -0.5,    1.5,     2.5,  1e-20,
                    -1e-20,  88.0,  -88.0,   100.0,   -104, 3.402e38,
                    1.2e-38, 1e-42, 0.62501, 0.62499, 4.1};
  for (auto [kernel, unary] : llvm::zip(kernels, unaryOperators)) {
    SCOPED_TRACE(unary.op);
    for (int64_t size : {0, 1, 7, 40, 20011}) {
      Values x = randomValues(size, -6, 6, 1);
      for (size_t i = 0; i < x.size() && i < special.size(); ++i)
        x[i] = static_cast<float>(special[i]);
      Values expected;
      for (double value : x)
        expected.push_back(static_cast<float>(unary.reference(value)));
      expectNear(kernel->run({{"N", size}}, {x})[0], expected, unary.relative,
                 unary.absolute);
    }
  }
}

/// Also on a processor that has no instruction for it.
TEST_F(KernelPointwise, NumbersWithoutFractionsRoundToThemselves) {
  const Values values = {0x1p22 + 0.5, 0x1p23, -0x1p31, 0x1p31, 1e10, -3.4e38,
                         inf,          -inf,   nan,     2.5,    -3.5};
  double (*const references[])(double) = {std::nearbyint, std::floor,
                                          std::ceil};
  auto host = target;
  auto oldest = dycc::codegen::TargetInfo::get(host.triple, "", "");
  ASSERT_TRUE(static_cast<bool>(oldest)) << toString(oldest.takeError());
  for (const auto &machine : {host, *oldest}) {
    target = machine;
    for (const char *type : {"@f32[N]", "@f64[N]"}) {
      std::vector<GroupText> texts;
      for (const char *op : {"Round", "Floor", "Ceil"})
        texts.push_back({{type},
                         {type},
                         std::string("%r = ") + op + "(%0) : " + type,
                         "%r"});
      auto kernels = compileAll(texts);
      ASSERT_EQ(kernels.size(), std::size(references));
      for (auto [kernel, reference] : llvm::zip(kernels, references)) {
        Values expected;
        for (double value : values)
          expected.push_back(reference(value));
        Symbols size{{"N", static_cast<int64_t>(values.size())}};
        expectNear(kernel->run(size, {values})[0], expected, 1e-6, 0);
      }
    }
  }
}

TEST_F(KernelPointwise, UnaryOperatorsRunInDouble) {
  std::vector<GroupText> texts;
  for (const Unary &unary : unaryOperators) {
    GroupText text = unaryGroup(unary);
    for (std::string *s : {&text.inputs[0], &text.results[0], &text.body})
      for (size_t at; (at = s->find("@f32")) != std::string::npos;)
        s->replace(at, 4, "@f64");
    texts.push_back(text);
  }
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), std::size(unaryOperators));
  Values x = randomValues(37, -3, 3, 2);
  for (auto [kernel, unary] : llvm::zip(kernels, unaryOperators)) {
    SCOPED_TRACE(unary.op);
    Values expected;
    for (double value : x)
      expected.push_back(unary.reference(value));
    expectNear(kernel->run({{"N", 37}}, {x})[0], expected, 1e-6, 1e-8);
  }
}

/// 0.1 has other bits in f32: a kernel of f64 has it as it is.
TEST_F(KernelPointwise, ConstantsOfDoublesAreExact) {
  auto kernel = compile(
      {{"@f64[N]"},
       {"@f64[N]"},
       "%c = Constant() {value = dense<0.1> : tensor<f64>} : @f64[]\n"
       "%l = Constant() {value = dense<-1.0e300> : tensor<f64>} : @f64[]\n"
       "%m = Max(%0, %l) : @f64[N]\n%r = Mul(%m, %c) : @f64[N]",
       "%r"});
  ASSERT_TRUE(kernel);
  expectNear(kernel->run({{"N", 3}}, {{3.0, -2.5, -1e308}})[0],
             {3.0 * 0.1, -2.5 * 0.1, -1e300 * 0.1}, 0, 0);
}

TEST_F(KernelPointwise, InfinitiesAreFound) {
  std::vector<GroupText> texts;
  for (const char *type : {"@f32[N]", "@f16[N]", "@f64[N]"})
    for (const char *attributes :
         {"", "{detect_negative = 0 : i64}", "{detect_positive = 0 : i64}"})
      texts.push_back(
          {{type},
           {"@i1[N]"},
           std::string("%r = IsInf(%0) ") + attributes + " : @i1[N]",
           "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 9u);
  Values x = {-1.25, nan, inf, 65504, -inf, inf, 0, -inf, 1};
  for (size_t i = 0; i < 9; ++i) {
    SCOPED_TRACE(texts[i].inputs[0] + texts[i].body);
    Values expected;
    for (double value : x)
      expected.push_back((i % 3 != 2 && value == inf) ||
                         (i % 3 != 1 && value == -inf));
    for (int64_t size : {9, 6, 3}) { // Less than a vector runs one by one.
      expected.resize(size);
      Values part(x.begin(), x.begin() + size);
      expectNear(kernels[i]->run({{"N", size}}, {part})[0], expected, 0, 0);
    }
  }
}

TEST_F(KernelPointwise, DoublesRoundOnceToHalves) {
  auto kernel = compile({{"@f64[N]"},
                         {"@f16[N]"},
                         "%r = Cast(%0) {to = 10 : i64} : @f16[N]",
                         "%r"});
  ASSERT_TRUE(kernel);
  // The third is just above a tie: through f32 it would fall onto the tie.
  Values x = {1.0,    0.1, 1 + 0x1p-11 + 0x1p-40,    1 + 0x1p-11,
              -1e300, inf, -(1 + 0x1p-11 + 0x1p-40), 65519.999999999};
  Values expected = {1.0,  0x1.998p-4, 1 + 0x1p-10,    1.0,
                     -inf, inf,        -(1 + 0x1p-10), 65504};
  expectNear(kernel->run({{"N", 8}}, {x})[0], expected, 0, 0);
}

} // namespace
