// Reductions, against folds in double.
#include "KernelReference.h"

#include <cmath>
#include <limits>

using namespace dycc::test;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// An operator Reduce* and what it makes of the elements of one row.
struct Reduction {
  const char *op;
  double (*fold)(const Values &row);
  double relative = 2e-6, absolute = 1e-6;
};

double sum(const Values &row, double (*f)(double)) {
  double total = 0;
  for (double x : row)
    total += f(x);
  return total;
}
double largest(const Values &row) {
  double most = -inf;
  for (double x : row)
    most = std::isnan(x) || x > most ? x : most;
  return most;
}

const Reduction reductions[] = {
    {"ReduceSum", [](const Values &r) { return sum(r, [](double x) { return x; }); }, 2e-6, 1e-5},
    {"ReduceMean", [](const Values &r) { return sum(r, [](double x) { return x; }) / static_cast<double>(r.size()); }},
    {"ReduceMax", largest, 0, 0},
    {"ReduceMin", [](const Values &r) { Values n; for (double x : r) n.push_back(-x); return -largest(n); }, 0, 0},
    {"ReduceProd", [](const Values &r) { double p = 1; for (double x : r) p *= x; return p; }, 1e-5, 1e-30},
    {"ReduceL1", [](const Values &r) { return sum(r, [](double x) { return std::abs(x); }); }},
    {"ReduceL2", [](const Values &r) { return std::sqrt(sum(r, [](double x) { return x * x; })); }},
    {"ReduceSumSquare", [](const Values &r) { return sum(r, [](double x) { return x * x; }); }},
    {"ReduceLogSum", [](const Values &r) { return std::log(sum(r, [](double x) { return x; })); }},
    {"ReduceLogSumExp", [](const Values &r) { return std::log(sum(r, [](double x) { return std::exp(x); })); }},
};

/// Folds `x` over the axes that `folded` marks.
Values reference(const Array &x, const std::vector<bool> &folded,
                 double (*fold)(const Values &)) {
  Place kept, inner;
  for (size_t axis = 0; axis < folded.size(); ++axis)
    (folded[axis] ? inner : kept).push_back(x.dims[axis]);
  return build(kept, [&](const Place &outer) {
    Values row = build(inner, [&](const Place &at) {
      Place whole;
      size_t o = 0, i = 0;
      for (bool isFolded : folded)
        whole.push_back(isFolded ? at[i++] : outer[o++]);
      return x(whole);
    });
    return fold(row);
  });
}

class KernelReduction : public KernelTest {};

TEST_F(KernelReduction, ReduceOperatorsFoldTheLastAxis) {
  std::vector<GroupText> texts;
  for (const Reduction &r : reductions)
    texts.push_back({{"@f32[A, B, C]"}, {"@f32[A, B, 1]"},
                     std::string("%a = dyn.symbolic [-1] : @i64[1]\n%r = ") +
                         r.op + "(%0, %a) : @f32[A, B, 1]", "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), std::size(reductions));
  for (Place d : {Place{2, 3, 5}, Place{1, 1, 1}, Place{3, 2, 32},
                  Place{1, 5, 67}, Place{2, 2, 0}, Place{0, 2, 3}})
    for (auto [kernel, r] : llvm::zip(kernels, reductions)) {
      SCOPED_TRACE(r.op);
      Array x = Array::random(d, 0.5, 1.5, 1);
      expectNear(kernel->run({{"A", d[0]}, {"B", d[1]}, {"C", d[2]}},
                             {x.values})[0],
                 reference(x, {false, false, true}, r.fold), r.relative,
                 r.absolute);
    }
}

TEST_F(KernelReduction, ReduceOperatorsFoldTheFirstAxis) {
  std::vector<GroupText> texts;
  for (const Reduction &r : reductions)
    texts.push_back({{"@f32[A, B]"}, {"@f32[B]"},
                     std::string("%a = dyn.symbolic [0] : @i64[1]\n%r = ") +
                         r.op + "(%0, %a) {keepdims = 0 : i64} : @f32[B]",
                     "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), std::size(reductions));
  for (Place d : {Place{3, 5}, Place{1, 1}, Place{7, 32}, Place{5, 67},
                  Place{0, 3}, Place{4, 0}})
    for (auto [kernel, r] : llvm::zip(kernels, reductions)) {
      SCOPED_TRACE(r.op);
      Array x = Array::random(d, -1.5, 1.5, 1);
      expectNear(kernel->run({{"A", d[0]}, {"B", d[1]}}, {x.values})[0],
                 reference(x, {true, false}, r.fold), r.relative, 1e-5);
    }
}

TEST_F(KernelReduction, AxesAndLayouts) {
  struct Case {
    const char *layout, *axes, *attributes, *result;
    std::vector<bool> folded;
  };
  const Case cases[] = {
      {"", "[2, 3]", "", "[N, 20, 1, 1]", {false, false, true, true}},
      {"; channels_last<8>", "[2, 3]", "", "[N, 20, 1, 1]",
       {false, false, true, true}},
      {"; channels_last<8>", "[1]", "", "[N, 1, H, W]",
       {false, true, false, false}},
      {"; channels_last<8>", "[0, 3]", "{keepdims = 0 : i64}", "[20, H]",
       {true, false, false, true}},
      {"", "[1, -1]", "{keepdims = 0 : i64}", "[N, H]",
       {false, true, false, true}},
      {"", "[]", "{keepdims = 0 : i64}", "[]", {true, true, true, true}},
      {"", "[]", "{noop_with_empty_axes = 1 : i64}", "[N, 20, H, W]",
       {false, false, false, false}}};
  std::vector<GroupText> texts;
  for (const Case &c : cases) {
    std::string count = std::to_string(
        c.axes == std::string("[]") ? 0
                                    : 1 + (std::string(c.axes).find(",") != std::string::npos));
    texts.push_back({{std::string("@f32[N, 20, H, W") + c.layout + "]"},
                     {std::string("@f32") + c.result},
                     std::string("%a = dyn.symbolic ") + c.axes + " : @i64[" +
                         count + "]\n%r = ReduceSumSquare(%0, %a) " +
                         c.attributes + " : @f32" + c.result, "%r"});
  }
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), std::size(cases));
  for (Place d : {Place{2, 20, 3, 5}, Place{1, 20, 1, 1}, Place{1, 20, 9, 40},
                  Place{1, 20, 0, 4}})
    for (auto [kernel, c] : llvm::zip(kernels, cases)) {
      SCOPED_TRACE(std::string(c.axes) + c.layout);
      Array x = Array::random(d, -1, 1, 2);
      expectNear(kernel->run({{"N", d[0]}, {"H", d[2]}, {"W", d[3]}},
                             {x.values})[0],
                 reference(x, c.folded, reductions[7].fold), 2e-6, 1e-5);
    }
}

TEST_F(KernelReduction, NaNAndInfinity) {
  std::vector<GroupText> texts;
  for (const char *op : {"ReduceMax", "ReduceMin", "ReduceSum",
                         "ReduceLogSumExp"})
    texts.push_back({{"@f32[A, B]"}, {"@f32[A]"},
                     std::string("%a = dyn.symbolic [1] : @i64[1]\n%r = ") +
                         op + "(%0, %a) {keepdims = 0 : i64} : @f32[A]",
                     "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 4u);
  Values x = {1, nan, 3, -inf, -inf, -inf, inf, 1, 2, 1000, 1000, -inf};
  Values expected[] = {{nan, -inf, inf, 1000},
                       {nan, -inf, 1, -inf},
                       {nan, -inf, inf, -inf},
                       {nan, -inf, inf, 1000 + std::log(2)}};
  for (size_t i = 0; i < 4; ++i)
    expectNear(kernels[i]->run({{"A", 4}, {"B", 3}}, {x})[0], expected[i], 1e-6,
               0);
}

TEST_F(KernelReduction, IntegersWrapAndBooleansCombine) {
  auto group = [](const char *op, const char *type) {
    std::string t = type;
    return GroupText{{t + "[A, B]"}, {t + "[A, 1]"},
                     std::string("%a = dyn.symbolic [1] : @i64[1]\n%r = ") +
                         op + "(%0, %a) : " + t + "[A, 1]", "%r"};
  };
  auto kernels = compileAll({group("ReduceSum", "@i32"),
                             group("ReduceMean", "@i64"),
                             group("ReduceMax", "@i1"),
                             group("ReduceMin", "@i1"),
                             group("ReduceMax", "@ui8"),
                             group("ReduceL2", "@i32")});
  ASSERT_EQ(kernels.size(), 6u);
  Symbols symbols{{"A", 2}, {"B", 3}}, empty{{"A", 2}, {"B", 0}};
  expectNear(kernels[0]->run(symbols, {{2147483647, 1, 1, 1, 2, 3}})[0],
             {-2147483647, 6}, 0, 0);
  expectNear(kernels[1]->run(symbols, {{-7, 0, 0, 3, 4, 4}})[0], {-2, 3}, 0, 0);
  expectNear(kernels[2]->run(symbols, {{0, 1, 0, 0, 0, 0}})[0], {1, 0}, 0, 0);
  expectNear(kernels[3]->run(symbols, {{1, 1, 1, 1, 0, 1}})[0], {1, 0}, 0, 0);
  expectNear(kernels[4]->run(symbols, {{200, 7, 255, 0, 0, 1}})[0], {255, 1}, 0,
             0);
  expectNear(kernels[5]->run(symbols, {{3, 4, 0, 1, 1, 1}})[0], {5, 1}, 0, 0);
  expectNear(kernels[0]->run(empty, {{}})[0], {0, 0}, 0, 0);
  expectNear(kernels[2]->run(empty, {{}})[0], {0, 0}, 0, 0);
  expectNear(kernels[3]->run(empty, {{}})[0], {1, 1}, 0, 0);
}

TEST_F(KernelReduction, ProducersAndEpiloguesJoin) {
  auto k = compile({{"@f16[A, B]", "@f32[A, 1]"}, {"@f32[A, 1]"},
                    "%x = Cast(%0) : @f32[A, B]\n%y = Mul(%x, %x) : @f32[A, B]\n"
                    "%a = dyn.symbolic [1] : @i64[1]\n"
                    "%m = ReduceMean(%y, %a) : @f32[A, 1]\n"
                    "%r = Add(%m, %1) : @f32[A, 1]", "%r"});
  ASSERT_TRUE(k);
  Array x = Array::random({5, 41}, -4, 4, 3, true);
  Values bias = {1, 2, 3, 4, 5}, expected;
  Values squares = reference(x, {false, true}, reductions[7].fold);
  for (size_t i = 0; i < 5; ++i)
    expected.push_back(squares[i] / 41 + bias[i]);
  expectNear(k->run({{"A", 5}, {"B", 41}}, {x.values, bias})[0], expected, 1e-6,
             0);
}

TEST_F(KernelReduction, ArgMaxAndArgMinBreakTies) {
  std::vector<GroupText> texts;
  for (const char *op : {"ArgMax", "ArgMin"})
    for (const char *last : {"0", "1"})
      for (const char *axis : {"0", "1"})
        texts.push_back({{"@f32[A, B]"},
                         {axis[0] == '0' ? "@i64[B]" : "@i64[A]"},
                         std::string("%r = ") + op + "(%0) {axis = " + axis +
                             " : i64, keepdims = 0 : i64, select_last_index = " +
                             last + " : i64} : " +
                             (axis[0] == '0' ? "@i64[B]" : "@i64[A]"),
                         "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 8u);
  for (Place d : {Place{3, 5}, Place{1, 1}, Place{40, 37}, Place{2, 100}})
    for (size_t i = 0; i < 8; ++i) {
      Array x = Array::random(d, 0, 6, 4, true);
      bool isMax = i < 4, last = i / 2 % 2, alongFirst = i % 2 == 0;
      Values expected = build({alongFirst ? d[1] : d[0]}, [&](const Place &at) {
        int64_t best = -1;
        double value = 0;
        for (int64_t k = 0; k < (alongFirst ? d[0] : d[1]); ++k) {
          double v = alongFirst ? x({k, at[0]}) : x({at[0], k});
          bool better = isMax ? v > value : v < value;
          if (best < 0 || better || (last && v == value))
            best = k, value = v;
        }
        return best;
      });
      expectNear(kernels[i]->run({{"A", d[0]}, {"B", d[1]}}, {x.values})[0],
                 expected, 0, 0);
    }
  expectNear(kernels[1]->run({{"A", 1}, {"B", 3}}, {{inf, nan, nan}})[0], {1},
             0, 0);
}

TEST_F(KernelReduction, GlobalPools) {
  std::vector<GroupText> texts;
  for (const char *op : {"GlobalAveragePool(%0)", "GlobalMaxPool(%0)",
                         "GlobalLpPool(%0)", "GlobalLpPool(%0) {p = 3 : i64}"})
    texts.push_back({{"@f32[N, C, H, W; channels_last<8>]"},
                     {"@f32[N, C, 1, 1]"},
                     std::string("%r = ") + op + " : @f32[N, C, 1, 1]", "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 4u);
  double (*folds[])(const Values &) = {
      reductions[1].fold, reductions[2].fold, reductions[6].fold,
      [](const Values &r) {
        return std::cbrt(sum(r, [](double x) { return std::abs(x * x * x); }));
      }};
  for (Place d : {Place{2, 3, 7, 5}, Place{1, 40, 3, 3}, Place{1, 1, 1, 1}})
    for (size_t i = 0; i < 4; ++i) {
      Array x = Array::random(d, -1, 1, 5);
      expectNear(kernels[i]->run({{"N", d[0]}, {"C", d[1]}, {"H", d[2]},
                                  {"W", d[3]}}, {x.values})[0],
                 reference(x, {false, false, true, true}, folds[i]), 2e-6,
                 1e-6);
    }
}

} // namespace
