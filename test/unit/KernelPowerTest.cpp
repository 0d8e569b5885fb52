// Powers of constant exponents are products and roots, which agree with libm's
// at its edges.
#include "KernelHarness.h"

#include <cmath>
#include <limits>

using namespace dycc::test;

namespace {

class KernelPower : public KernelTest {};

constexpr double inf = std::numeric_limits<double>::infinity();

GroupText powerOf(const std::string &type, const std::string &exponentType,
                  const std::string &exponent) {
  return {{"@" + type + "[N]"},
          {"@" + type + "[N]"},
          "%c = Constant() {value = dense<" + exponent + "> : tensor<" +
              exponentType + ">} : @" + exponentType +
              "[]\n%r = Pow(%0, %c) : @" + type + "[N]",
          "%r"};
}

void expectPowers(LoadedKernel &kernel, double exponent, double relative) {
  Values x = randomValues(61, 0, 20, 1), expected;
  for (double edge : {0.0, -0.0, inf, -inf, std::nan(""), 1.0, -1.0, -3.0, 1e30,
                      -1e30, 1e-30})
    x.push_back(edge);
  for (double &value : x) {
    value = static_cast<float>(value);
    // In the type of the result: beyond its range is infinity.
    expected.push_back(std::pow(value, exponent));
    if (std::abs(expected.back()) > std::numeric_limits<float>::max())
      expected.back() = std::copysign(inf, expected.back());
  }
  Values got = kernel.run({{"N", static_cast<int64_t>(x.size())}}, {x})[0];
  expectNear(got, expected, relative, 1e-37);
  for (auto [mine, theirs] : llvm::zip(got, expected))
    if (theirs == 0)
      EXPECT_EQ(std::signbit(mine), std::signbit(theirs)) << exponent;
}

TEST_F(KernelPower, ConstantExponentsFollowLibm) {
  const char *exponents[] = {"-1.0", "-0.5", "0.25", "0.5", "0.75", "1.0",
                             "1.5",  "2.0",  "3.0",  "4.0", "0.7"};
  std::vector<GroupText> texts;
  for (const char *exponent : exponents)
    texts.push_back(powerOf("f32", "f32", exponent));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), std::size(exponents));
  for (auto [kernel, exponent] : llvm::zip(kernels, exponents))
    expectPowers(*kernel, static_cast<float>(std::atof(exponent)), 4e-7);
}

TEST_F(KernelPower, ExponentsOfOtherTypes) {
  auto kernels =
      compileAll({powerOf("f64", "f32", "0.75"), powerOf("f32", "i64", "3"),
                  powerOf("f32", "i32", "-1")});
  ASSERT_EQ(kernels.size(), 3u);
  Values x = {0.25, 2, 3, 1e-3}, roots, cubes, quotients;
  for (double value : x) {
    roots.push_back(std::pow(value, 0.75));
    cubes.push_back(value * value * value);
    quotients.push_back(1 / value);
  }
  Symbols n = {{"N", 4}};
  expectNear(kernels[0]->run(n, {x})[0], roots, 1e-15, 0);
  expectNear(kernels[1]->run(n, {x})[0], cubes, 4e-7, 0);
  expectNear(kernels[2]->run(n, {x})[0], quotients, 4e-7, 0);
}

} // namespace
