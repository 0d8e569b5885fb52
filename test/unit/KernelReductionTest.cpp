#include "KernelHarness.h"

#include <cmath>
#include <limits>

using namespace dycc::test;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

class KernelReduction : public KernelTest {};

/// Reduces `axes` of a tensor of `dims`: combines from `initial`, finishes with
/// the number of elements.
Values reduce(const Values &x, const std::vector<int64_t> &dims,
              const std::vector<bool> &reduced, double initial,
              const std::function<double(double, double)> &combine,
              const std::function<double(double, int64_t)> &finish) {
  int64_t total = 1, kept = 1, count = 1;
  for (size_t axis = 0; axis < dims.size(); ++axis) {
    total *= dims[axis];
    (reduced[axis] ? count : kept) *= dims[axis];
  }
  Values result(kept, initial);
  for (int64_t i = 0; i < total; ++i) {
    int64_t rest = i, at = 0, scale = 1;
    for (size_t axis = dims.size(); axis-- > 0;) {
      int64_t position = rest % dims[axis];
      rest /= dims[axis];
      if (!reduced[axis]) {
        at += position * scale;
        scale *= dims[axis];
      }
    }
    result[at] = combine(result[at], x[i]);
  }
  for (double &value : result)
    value = finish(value, count);
  return result;
}

struct Operator {
  const char *name;
  double initial;
  double (*combine)(double, double);
  double (*finish)(double, int64_t);
};
double same(double x, int64_t) { return x; }
const Operator operators[] = {
    {"ReduceSum", 0, [](double a, double x) { return a + x; }, same},
    {"ReduceMean", 0, [](double a, double x) { return a + x; },
     [](double x, int64_t n) { return x / static_cast<double>(n); }},
    {"ReduceMax", -inf, [](double a, double x) { return std::max(a, x); },
     same},
    {"ReduceMin", inf, [](double a, double x) { return std::min(a, x); }, same},
    {"ReduceProd", 1, [](double a, double x) { return a * x; }, same},
    {"ReduceL1", 0, [](double a, double x) { return a + std::abs(x); }, same},
    {"ReduceL2", 0, [](double a, double x) { return a + x * x; },
     [](double x, int64_t) { return std::sqrt(x); }},
    {"ReduceSumSquare", 0, [](double a, double x) { return a + x * x; }, same},
    {"ReduceLogSumExp", 0, [](double a, double x) { return a + std::exp(x); },
     [](double x, int64_t) { return std::log(x); }},
};

/// Axes as text, which axes they are of three, the result's dims.
struct Form {
  const char *axes;
  std::vector<bool> reduced;
  const char *result;
  int keepsAxes;
};
const Form forms[] = {
    {"2", {false, false, true}, "A, B", 0},
    {"2", {false, false, true}, "A, B, 1", 1},
    {"1", {false, true, false}, "A, 1, C", 1},
    {"0", {true, false, false}, "B, C", 0},
    {"0, 2", {true, false, true}, "B", 0},
    {"0, 1, 2", {true, true, true}, "", 0},
};

GroupText groupOf(const Operator &op, const Form &form) {
  std::string axes = form.axes;
  std::string count = std::to_string((axes.size() + 2) / 3);
  return {{"@f32[A, B, C]"},
          {std::string("@f32[") + form.result + "]"},
          "%s = dyn.symbolic [" + axes + "] : @i64[" + count +
              "]\n%r = " + op.name +
              "(%0, %s) {keepdims = " + std::to_string(form.keepsAxes) +
              " : i64} : @f32[" + form.result + "]",
          "%r"};
}

TEST_F(KernelReduction, FollowsTheDefinition) {
  std::vector<GroupText> texts;
  for (const Operator &op : operators)
    for (const Form &form : forms)
      texts.push_back(groupOf(op, form));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), std::size(operators) * std::size(forms));
  size_t next = 0;
  for (const Operator &op : operators)
    for (const Form &form : forms) {
      auto &kernel = kernels[next++];
      for (std::vector<int64_t> dims : {std::vector<int64_t>{2, 3, 5},
                                        {3, 7, 33},
                                        {1, 1, 1},
                                        {4, 37, 16}}) {
        SCOPED_TRACE(std::string(op.name) + " " + form.axes);
        Values x = randomValues(dims[0] * dims[1] * dims[2], -1.2, 1.2, 3);
        Values expected =
            reduce(x, dims, form.reduced, op.initial, op.combine, op.finish);
        expectNear(kernel->run({{"A", dims[0]}, {"B", dims[1]}, {"C", dims[2]}},
                               {x})[0],
                   expected, 1e-5, 1e-5);
      }
    }
}

TEST_F(KernelReduction, EmptyAxesGiveTheInitialValue) {
  auto kernels = compileAll(
      {groupOf(operators[0], forms[0]), groupOf(operators[2], forms[2])});
  ASSERT_EQ(kernels.size(), 2u);
  expectNear(kernels[0]->run({{"A", 2}, {"B", 2}, {"C", 0}}, {{}})[0],
             Values(4, 0), 0, 0);
  expectNear(kernels[1]->run({{"A", 2}, {"B", 0}, {"C", 3}}, {{}})[0],
             Values(6, -inf), 0, 0);
}

TEST_F(KernelReduction, AMeanOfNothingIsNoNumber) {
  auto k = compile({{"@f32[A, 0]"},
                    {"@f32[A]"},
                    "%s = dyn.symbolic [1] : @i64[1]\n"
                    "%r = ReduceMean(%0, %s) {keepdims = 0 : i64} : @f32[A]",
                    "%r"});
  ASSERT_TRUE(k);
  std::vector<double> means = k->run({{"A", 3}}, {{}})[0];
  EXPECT_EQ(means.size(), 3u);
  for (double mean : means)
    EXPECT_TRUE(std::isnan(mean));
}

TEST_F(KernelReduction, NaNGoesThroughMaxAndSoftmax) {
  auto kernels = compileAll({groupOf(operators[2], forms[0]),
                             {{"@f32[A, C]"},
                              {"@f32[A, C]"},
                              "%r = Softmax(%0) : @f32[A, C]",
                              "%r"}});
  ASSERT_EQ(kernels.size(), 2u);
  Values x(20, 1.0);
  x[7] = std::nan("");
  expectNear(kernels[0]->run({{"A", 1}, {"B", 1}, {"C", 20}}, {x})[0],
             {std::nan("")}, 0, 0);
  expectNear(kernels[1]->run({{"A", 1}, {"C", 20}}, {x})[0],
             Values(20, std::nan("")), 0, 0);
}

Values softmax(const Values &x, int64_t outer, int64_t axis, int64_t inner,
               bool logarithm) {
  Values result(x.size());
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i = 0; i < inner; ++i) {
      auto at = [&](int64_t a) { return (o * axis + a) * inner + i; };
      double peak = -inf, sum = 0;
      for (int64_t a = 0; a < axis; ++a)
        peak = std::max(peak, x[at(a)]);
      for (int64_t a = 0; a < axis; ++a)
        sum += std::exp(x[at(a)] - peak);
      for (int64_t a = 0; a < axis; ++a)
        result[at(a)] = logarithm ? x[at(a)] - peak - std::log(sum)
                                  : std::exp(x[at(a)] - peak) / sum;
    }
  return result;
}

TEST_F(KernelReduction, SoftmaxRunsOverAnyAxis) {
  auto text = [](const char *op, const char *axis) {
    return GroupText{{"@f32[A, B, C]"},
                     {"@f32[A, B, C]"},
                     std::string("%r = ") + op + "(%0) {axis = " + axis +
                         " : i64} : @f32[A, B, C]",
                     "%r"};
  };
  auto kernels = compileAll({text("Softmax", "-1"), text("Softmax", "1"),
                             text("LogSoftmax", "2"), text("LogSoftmax", "0")});
  ASSERT_EQ(kernels.size(), 4u);
  for (std::vector<int64_t> d :
       {std::vector<int64_t>{2, 3, 5}, {3, 5, 130}, {1, 1, 1}, {2, 0, 3}}) {
    Values x = randomValues(d[0] * d[1] * d[2], -9, 9, 5);
    dycc::test::Symbols symbols = {{"A", d[0]}, {"B", d[1]}, {"C", d[2]}};
    expectNear(kernels[0]->run(symbols, {x})[0],
               softmax(x, d[0] * d[1], d[2], 1, false), 1e-5, 1e-7);
    expectNear(kernels[1]->run(symbols, {x})[0],
               softmax(x, d[0], d[1], d[2], false), 1e-5, 1e-7);
    expectNear(kernels[2]->run(symbols, {x})[0],
               softmax(x, d[0] * d[1], d[2], 1, true), 1e-5, 1e-5);
    expectNear(kernels[3]->run(symbols, {x})[0],
               softmax(x, 1, d[0], d[1] * d[2], true), 1e-5, 1e-5);
  }
}

Values normalize(const Values &x, int64_t rows, int64_t count, bool centered) {
  Values result;
  for (int64_t row = 0; row < rows; ++row) {
    double mean = 0, variance = 0;
    for (int64_t i = 0; i < count; ++i)
      mean += centered ? x[row * count + i] / count : 0;
    for (int64_t i = 0; i < count; ++i)
      variance += std::pow(x[row * count + i] - mean, 2) / count;
    for (int64_t i = 0; i < count; ++i)
      result.push_back((x[row * count + i] - mean) /
                       std::sqrt(variance + 1e-5));
  }
  return result;
}

TEST_F(KernelReduction, NormalizesByMeanAndVariance) {
  auto kernels = compileAll(
      {{{"@f32[A, B, C]", "@f32[C]", "@f32[C]"},
        {"@f32[A, B, C]"},
        "%r = LayerNormalization(%0, %1, %2) {axis = -1 : i64} : @f32[A, B, C]",
        "%r"},
       {{"@f32[A, B, C]", "@f32[C]"},
        {"@f32[A, B, C]"},
        "%r = RMSNormalization(%0, %1) : @f32[A, B, C]",
        "%r"},
       {{"@f32[A, B, C]", "@f32[B]", "@f32[B]"},
        {"@f32[A, B, C]"},
        "%r = InstanceNormalization(%0, %1, %2) : @f32[A, B, C]",
        "%r"}});
  ASSERT_EQ(kernels.size(), 3u);
  for (int64_t c : {1, 7, 40, 129}) {
    int64_t a = 2, b = 3;
    Values x = randomValues(a * b * c, -3, 3, 6);
    Values scale = randomValues(c, 0.5, 1.5, 7),
           bias = randomValues(c, -1, 1, 8);
    Values s = randomValues(b, 0.5, 1.5, 9), t = randomValues(b, -1, 1, 10);
    Values layer = normalize(x, a * b, c, true), instance = layer;
    Values rms = normalize(x, a * b, c, false);
    for (size_t i = 0; i < x.size(); ++i) {
      layer[i] = layer[i] * scale[i % c] + bias[i % c];
      rms[i] *= scale[i % c];
      instance[i] = instance[i] * s[i / c % b] + t[i / c % b];
    }
    dycc::test::Symbols symbols = {{"A", a}, {"B", b}, {"C", c}};
    expectNear(kernels[0]->run(symbols, {x, scale, bias})[0], layer, 1e-4,
               1e-4);
    expectNear(kernels[1]->run(symbols, {x, scale})[0], rms, 1e-4, 1e-4);
    expectNear(kernels[2]->run(symbols, {x, s, t})[0], instance, 1e-4, 1e-4);
  }
}

/// Pixels are one axis, whatever their order is and beside what.
TEST_F(KernelReduction, NormalizesImagesOfAnyRank) {
  std::vector<GroupText> texts;
  for (std::string image :
       {"@f32[A, 3, H, W]", "@f16[A, 3, 2, H, W]",
        "@f32[A, 3, H, W; channels_last<8>]", "@f32[A, 3]"}) {
    std::string type = image.substr(0, 4);
    std::string plain = image.substr(0, image.find(';'));
    if (plain.back() != ']')
      plain += ']';
    texts.push_back({{image, type + "[3]", type + "[3]"},
                     {image},
                     "%n = InstanceNormalization(%0, %1, %2) : " + plain +
                         "\n%m = Mul(%n, %n) : " + plain +
                         "\n%r = Sub(%m, %0) : " + plain,
                     "%r"});
  }
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 4u);
  for (auto [h, w] : {std::pair<int64_t, int64_t>{1, 1}, {3, 7}, {11, 29}})
    for (size_t i = 0; i < kernels.size(); ++i) {
      SCOPED_TRACE(texts[i].inputs[0]);
      int64_t pixels = i == 3 ? 1 : h * w * (i == 1 ? 2 : 1);
      Values x = randomValues(6 * pixels, -3, 3, 6, /*integral=*/i == 1);
      Values expected = normalize(x, 6, pixels, true);
      for (size_t at = 0; at < x.size(); ++at) {
        auto channel = static_cast<double>(at / pixels % 3);
        double y = expected[at] * (1 + 0.5 * channel) + channel - 1;
        expected[at] = y * y - x[at];
      }
      double tolerance = i == 1 ? 1e-2 : 1e-4;
      expectNear(kernels[i]->run({{"A", 2}, {"H", h}, {"W", w}},
                                 {x, {1, 1.5, 2}, {-1, 0, 1}})[0],
                 expected, tolerance, tolerance);
    }
}

TEST_F(KernelReduction, AxesAreKnownWhenItRuns) {
  std::vector<GroupText> texts;
  const Operator chosen[] = {operators[1], operators[2], operators[8]};
  for (const Operator &op : chosen)
    for (bool keeps : {true, false}) {
      std::string to = keeps ? "@f32[P, Q, R]" : "@f32[P, Q]";
      texts.push_back(
          {{"@f32[A, B, C]"},
           {to},
           "%a = dyn.symbolic [K] : @i64[1]\n%r = " + std::string(op.name) +
               "(%0, %a) {keepdims = " + (keeps ? "1" : "0") +
               " : i64} : " + to,
           "%r"});
    }
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  for (std::vector<int64_t> d :
       {std::vector<int64_t>{2, 5, 40}, {1, 1, 1}, {7, 3, 17}})
    for (int64_t k : {0, 1, 2, -1, -3})
      for (size_t i = 0; i < texts.size(); ++i) {
        SCOPED_TRACE(texts[i].body + " of axis " + std::to_string(k));
        const Operator &op = chosen[i / 2];
        Values x = randomValues(d[0] * d[1] * d[2], 0.5, 1.5, 7);
        std::vector<bool> reduced(3);
        reduced[k < 0 ? k + 3 : k] = true;
        Values expected =
            reduce(x, d, reduced, op.initial, op.combine, op.finish);
        dycc::test::Symbols symbols = {
            {"A", d[0]}, {"B", d[1]}, {"C", d[2]}, {"K", k}};
        std::vector<int64_t> to;
        for (size_t axis = 0; axis < 3; ++axis)
          if (bool keeps = i % 2 == 0; keeps || !reduced[axis])
            to.push_back(reduced[axis] ? 1 : d[axis]);
        for (size_t axis = 0; axis < to.size(); ++axis)
          symbols[std::string(1, "PQR"[axis])] = to[axis];
        expectNear(kernels[i]->run(symbols, {x})[0], expected, 1e-5, 1e-5);
      }
}

// What lies on the stack between the two is one element, which vectors are
// written to as if it was aligned.
TEST_F(KernelReduction, OneElementBeforeAnotherOperator) {
  auto k =
      compile({{"@i64[A, 1]"},
               {"@i64[1, 1]"},
               "%a = Constant() {value = dense<0> : tensor<1xi64>} : @i64[1]\n"
               "%s = ReduceSum(%0, %a) : @i64[1, 1]\n"
               "%r = Trilu(%s, _) {upper = 0 : i64} : @i64[1, 1]",
               "%r"});
  ASSERT_TRUE(k);
  expectNear(k->run({{"A", 3}}, {{1, 2, 3}})[0], {6}, 0, 0);
}

} // namespace
