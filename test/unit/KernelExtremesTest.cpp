// Numbers at the ends of their types, extents whose products are beyond int32,
// and tensors without axes.
#include "KernelReference.h"

#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace dycc::test;

namespace {

class KernelExtremes : public KernelTest {};

/// Estimates of the work of a task: the kernels run at no batch.
TEST_F(KernelExtremes, WorkIsBeyondInt32) {
  std::vector<GroupText> texts;
  auto add = [&](const std::vector<std::string> &inputs,
                 const std::string &result, const std::string &body) {
    texts.push_back({inputs, {result}, body + " : " + result, "%r"});
  };
  add({"@f32[N, 16384, 256]", "@f32[256, 1024]"}, "@f32[N, 16384, 1024]",
      "%r = MatMul(%0, %1)");
  add({"@f32[N, 6, 1500, 1500]", "@f32[N, 6, 1500, 64]"},
      "@f32[N, 6, 1500, 64]", "%r = MatMul(%0, %1)");
  add({"@f32[N, 64, 1, 65536; channels_last<8>]", "@f32[4096, 64, 1, 3]"},
      "@f32[N, 4096, 1, 65534; channels_last<8>]", "%r = Conv(%0, %1, _)");
  add({"@f32[N, 65536, 2, 15000]", "@f32[1]"}, "@f32[N, 65536, 2, 15000]",
      "%r = Add(%0, %1)");
  add({"@f32[N, 32768, 40000]"}, "@f32[N, 32768, 40000]",
      "%r = Softmax(%0) {axis = 1 : i64}");
  add({"@f32[N, 32768, 40000]"}, "@f32[N, 40000, 32768]",
      "%r = Transpose(%0) {perm = array<i64: 0, 2, 1>}");
  add({"@f32[N, 32768, 40000]"}, "@f32[N, 32768, 40000]",
      "%a = dyn.symbolic [1] : @i64[1]\n%r = CumSum(%0, %a)");
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  std::vector<Values> filter(texts.size());
  filter[0] = Values(256 * 1024);
  filter[2] = Values(4096 * 64 * 3);
  filter[3] = Values(1);
  for (auto [i, kernel] : llvm::enumerate(kernels)) {
    std::vector<Values> inputs(texts[i].inputs.size());
    inputs.back() = filter[i];
    EXPECT_TRUE(kernel->run({{"N", 0}}, inputs)[0].empty());
  }
}

// More multiply-adds than an int32 counts, of which some are looked at.
TEST_F(KernelExtremes, LargeProductsAreRight) {
  constexpr int64_t m = 2048, k = 1024, n = 1100;
  auto kernel = compile({{"@f32[B, 2048, 1024]", "@f32[1024, 1100]"},
                         {"@f32[B, 2048, 1100]"},
                         "%r = MatMul(%0, %1) : @f32[B, 2048, 1100]",
                         "%r"});
  ASSERT_TRUE(kernel);
  Array a = Array::random({m, k}, -1, 1, 1),
        b = Array::random({k, n}, -1, 1, 2);
  Values all = kernel->run({{"B", 1}}, {a.values, b.values})[0];
  Values found, expected;
  for (int64_t at = 0; at < m * n; at += 997) {
    double sum = 0;
    for (int64_t i = 0; i < k; ++i)
      sum += a({at / n, i}) * b({i, at % n});
    found.push_back(all[at]);
    expected.push_back(sum);
  }
  expectNear(found, expected, 1e-5, 1e-3);
}

/// The last axis from `start` by `step`, where the result has `count` elements.
GroupText sliced(int64_t start, int64_t step, const std::string &count) {
  std::string result = "@f32[A, " + count + "]";
  return {{"@f32[A, B]"},
          {result},
          "%s = dyn.symbolic [" + std::to_string(start) +
              "] : @i64[1]\n%e = dyn.symbolic [0] : @i64[1]\n"
              "%a = dyn.symbolic [1] : @i64[1]\n%t = dyn.symbolic [" +
              std::to_string(step) +
              "] : @i64[1]\n%r = Slice(%0, %s, %e, %a, %t) : " + result,
          "%r"};
}

TEST_F(KernelExtremes, SlicesFromAndByTheLargestNumbers) {
  const std::string half = "(B + 1) floordiv 2", one = "R";
  auto kernels = compileAll(
      {sliced(INT64_MIN, 2, half), sliced(INT32_MIN, 2, half),
       sliced(INT32_MIN + 1, 2, half), sliced(-(int64_t(1) << 40), 3, one),
       sliced(0, INT64_MAX, one), sliced(0, INT32_MAX, one),
       sliced(INT64_MAX, INT64_MIN, one), sliced(INT32_MAX, -2, half),
       sliced(-1, -(int64_t(1) << 20), one)});
  ASSERT_EQ(kernels.size(), 9u);
  for (Place d : {Place{3, 41}, Place{2, 1}, Place{1, 8}, Place{2, 0}}) {
    Array x = Array::numbered(d);
    for (auto [i, kernel] : llvm::enumerate(kernels)) {
      SCOPED_TRACE(i);
      bool isHalf = i < 3 || i == 7, isBackward = i >= 6;
      int64_t count = isHalf ? (d[1] + 1) / 2 : std::min<int64_t>(1, d[1]);
      expectNear(
          kernel->run({{"A", d[0]}, {"B", d[1]}, {"R", count}}, {x.values})[0],
          build({d[0], count},
                [&](const Place &at) {
                  return x(
                      {at[0], isBackward ? d[1] - 1 - 2 * at[1] : 2 * at[1]});
                }),
          0, 0);
    }
  }
}

/// The row that a constant names.
GroupText gathered(int64_t index, const std::string &dims,
                   const std::string &gather) {
  return {{"@f32[A, B]"},
          {"@f32[1, B]"},
          "%i = Constant() {value = dense<" + std::to_string(index) +
              "> : tensor<" + (dims == "[1]" ? "1" : "1x1") + "xi64>} : @i64" +
              dims + "\n%r = " + gather + " : @f32[1, B]",
          "%r"};
}

// Checks in front of the kernel refuse such indices; it reads nothing outside.
TEST_F(KernelExtremes, IndicesAreTheLargestNumbers) {
  const int64_t indices[] = {INT64_MIN, INT64_MIN + 1, -2, INT64_MAX};
  std::vector<GroupText> texts;
  for (int64_t index : indices) {
    texts.push_back(gathered(index, "[1]", "Gather(%0, %i) {axis = 0 : i64}"));
    texts.push_back(gathered(index, "[1, 1]", "GatherND(%0, %i)"));
  }
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  for (int64_t a : {5, 2}) {
    Array x = Array::numbered({a, 3});
    const int64_t rows[] = {0, 0, a - 2, a - 1};
    for (auto [i, kernel] : llvm::enumerate(kernels))
      expectNear(
          kernel->run({{"A", a}, {"B", 3}}, {x.values})[0],
          build({1, 3},
                [&](const Place &at) { return x({rows[i / 2], at[1]}); }),
          0, 0);
  }
}

TEST_F(KernelExtremes, ScalarsAreReducedToThemselves) {
  struct Operator {
    const char *name;
    double (*of)(double);
  };
  auto same = [](double x) { return x; };
  auto square = [](double x) { return x * x; };
  auto absolute = [](double x) { return std::abs(x); };
  const Operator operators[] = {
      {"ReduceSum", same},        {"ReduceMean", same},
      {"ReduceMax", same},        {"ReduceMin", same},
      {"ReduceProd", same},       {"ReduceLogSumExp", same},
      {"ReduceL1", absolute},     {"ReduceL2", absolute},
      {"ReduceSumSquare", square}};
  std::vector<GroupText> texts;
  for (const Operator &op : operators)
    texts.push_back({{"@f32[]"},
                     {"@f32[]"},
                     std::string("%r = ") + op.name +
                         "(%0, _) {keepdims = 0 : si64} : @f32[]",
                     "%r"});
  texts.push_back({{"@i64[]"},
                   {"@i64[]"},
                   "%r = ReduceSum(%0, _) {noop_with_empty_axes = 1 : si64} "
                   ": @i64[]",
                   "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  for (double value : {2.5, -3.0}) {
    for (size_t i = 0; i < std::size(operators); ++i) {
      SCOPED_TRACE(operators[i].name);
      expectNear(kernels[i]->run({}, {{value}})[0], {operators[i].of(value)},
                 1e-6, 1e-6);
    }
    EXPECT_EQ(kernels.back()->run({}, {{-3.0}})[0], Values{-3.0});
  }
}

} // namespace
