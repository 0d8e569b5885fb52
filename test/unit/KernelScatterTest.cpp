// Operators that write where indices say, against loops in plain C++.
#include "KernelReference.h"

using namespace dycc::test;

namespace {

double combine(const std::string &reduction, double old, double update) {
  if (reduction == "add")
    return old + update;
  if (reduction == "mul")
    return old * update;
  if (reduction == "max")
    return std::max(old, update);
  return reduction == "min" ? std::min(old, update) : update;
}

int64_t pick(double index, int64_t extent) {
  int64_t at = static_cast<int64_t>(index);
  return std::clamp<int64_t>(at < 0 ? at + extent : at, 0, extent - 1);
}

const char *reductions[] = {"none", "add", "mul", "max", "min"};

class KernelScatter : public KernelTest {};

TEST_F(KernelScatter, ElementsInOrder) {
  std::vector<GroupText> texts;
  for (const char *type : {"@f32", "@i32", "@f16"})
    for (const char *reduction : reductions)
      texts.push_back({{std::string(type) + "[A, B]", "@i64[A, C]",
                        std::string(type) + "[A, C]"},
                       {std::string(type) + "[A, B]"},
                       std::string("%r = ScatterElements(%0, %1, %2) {axis = "
                                   "-1 : i64, reduction = \"") +
                           reduction + "\"} : " + type + "[A, B]",
                       "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 15u);
  for (Place d : {Place{3, 7, 5}, Place{1, 1, 1}, Place{2, 40, 9},
                  Place{2, 5, 0}, Place{0, 3, 2}, Place{2, 0, 4}})
    for (size_t i = 0; i < 15; ++i) {
      SCOPED_TRACE(texts[i].body);
      Array x = Array::random({d[0], d[1]}, -3, 3, 1, true);
      Array at = Array::random({d[0], d[2]}, -d[1], d[1] + 1, 2, true);
      Array update = Array::random({d[0], d[2]}, -3, 3, 3, true);
      Values expected = x.values;
      for (int64_t a = 0; a < d[0] && d[1] > 0; ++a)
        for (int64_t c = 0; c < d[2]; ++c) {
          double &place = expected[a * d[1] + pick(at({a, c}), d[1])];
          place = combine(reductions[i % 5], place, update({a, c}));
        }
      expectNear(kernels[i]->run({{"A", d[0]}, {"B", d[1]}, {"C", d[2]}},
                                 {x.values, at.values, update.values})[0],
                 expected, 0, 0);
    }
}

TEST_F(KernelScatter, SlicesInOrderAndAnEpilogue) {
  std::vector<GroupText> texts;
  for (const char *reduction : reductions)
    for (const char *last : {"", "\n%q = Neg(%r) : @f32[A, B, C]"})
      texts.push_back({{"@f32[A, B, C]", "@i64[I, 1]", "@f32[I, B, C]"},
                       {"@f32[A, B, C]"},
                       std::string("%r = ScatterND(%0, %1, %2) {reduction = ") +
                           "\"" + reduction + "\"} : @f32[A, B, C]" + last,
                       *last ? "%q" : "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 10u);
  for (Place d : {Place{4, 3, 19, 6}, Place{1, 1, 1, 1}, Place{3, 2, 8, 0},
                  Place{0, 2, 3, 2}})
    for (size_t i = 0; i < 10; ++i) {
      SCOPED_TRACE(texts[i].body);
      Array x = Array::random({d[0], d[1], d[2]}, -3, 3, 4, true);
      Values at = randomValues(d[3], -d[0], d[0] + 1, 5, true);
      Array update = Array::random({d[3], d[1], d[2]}, -3, 3, 6, true);
      Values expected = x.values;
      int64_t slice = d[1] * d[2];
      for (int64_t n = 0; n < d[3] && d[0] > 0; ++n)
        for (int64_t k = 0; k < slice; ++k) {
          double &place = expected[pick(at[n], d[0]) * slice + k];
          place =
              combine(reductions[i / 2], place, update.values[n * slice + k]);
        }
      for (double &value : expected)
        value = i % 2 ? -value : value;
      expectNear(
          kernels[i]->run({{"A", d[0]}, {"B", d[1]}, {"C", d[2]}, {"I", d[3]}},
                          {x.values, at, update.values})[0],
          expected, 0, 0);
    }
}

TEST_F(KernelScatter, TuplesOfAllAxes) {
  auto k = compile({{"@i64[A, B]", "@i64[I, 2]", "@i64[I]"},
                    {"@i64[A, B]"},
                    "%r = ScatterND(%0, %1, %2) : @i64[A, B]",
                    "%r"});
  // The ranks say the same where the extent is a symbol.
  auto symbolic = compile({{"@i64[A, B]", "@i64[I, K]", "@i64[I]"},
                           {"@i64[A, B]"},
                           "%r = ScatterND(%0, %1, %2) : @i64[A, B]",
                           "%r"});
  ASSERT_TRUE(k && symbolic);
  for (auto &kernel : {std::ref(k), std::ref(symbolic)})
    expectNear(kernel.get()->run(
                   {{"A", 2}, {"B", 3}, {"I", 3}, {"K", 2}},
                   {{1, 2, 3, 4, 5, 6}, {0, -1, 1, 0, 0, 2}, {7, 8, 9}})[0],
               {1, 2, 9, 8, 5, 6}, 0, 0);
}

// The indices have no axis but that of their one tuple, which may be empty.
TEST_F(KernelScatter, OneTuple) {
  auto slice = compile({{"@f32[A, B]", "@i64[1]", "@f32[B]"},
                        {"@f32[A, B]"},
                        "%r = ScatterND(%0, %1, %2) : @f32[A, B]",
                        "%r"});
  auto element = compile({{"@f32[A, B]", "@i64[2]", "@f32[]"},
                          {"@f32[A, B]"},
                          "%r = ScatterND(%0, %1, %2) : @f32[A, B]",
                          "%r"});
  auto all = compile({{"@f32[A, B]", "@i64[K]", "@f32[A, B]"},
                      {"@f32[A, B]"},
                      "%r = ScatterND(%0, %1, %2) {reduction = \"add\"} : "
                      "@f32[A, B]",
                      "%r"});
  ASSERT_TRUE(slice && element && all);
  Symbols sizes{{"A", 2}, {"B", 3}, {"K", 0}};
  Values x = {1, 2, 3, 4, 5, 6};
  expectNear(slice->run(sizes, {x, {-1}, {7, 8, 9}})[0], {1, 2, 3, 7, 8, 9}, 0,
             0);
  expectNear(element->run(sizes, {x, {1, 0}, {7}})[0], {1, 2, 3, 7, 5, 6}, 0,
             0);
  expectNear(all->run(sizes, {x, {}, {1, 1, 1, 2, 2, 2}})[0],
             {2, 3, 4, 6, 7, 8}, 0, 0);
  // Nothing is written where there is nothing.
  Symbols empty{{"A", 0}, {"B", 3}, {"K", 0}};
  expectNear(slice->run(empty, {{}, {0}, {7, 8, 9}})[0], {}, 0, 0);
  expectNear(element->run(empty, {{}, {0, 0}, {7}})[0], {}, 0, 0);
}

// The size of what lies between the two does not depend on the index.
TEST_F(KernelScatter, OneTupleBeforeAnotherOperator) {
  auto k = compile({{"@f32[A]", "@i64[1, 1]", "@f32[1]"},
                    {"@f32[A]"},
                    "%s = ScatterND(%0, %1, %2) : @f32[A]\n"
                    "%r = Neg(%s) : @f32[A]",
                    "%r"});
  ASSERT_TRUE(k);
  expectNear(k->run({{"A", 4}}, {{1, 2, 3, 4}, {-1}, {9}})[0], {-1, -2, -3, -9},
             0, 0);
}

TEST_F(KernelScatter, MaxUnpool) {
  auto kernels = compileAll(
      {{{"@f32[N, 2, H, W]", "@i64[N, 2, H, W]"},
        {"@f32[N, 2, 2 * H, 2 * W]"},
        "%r = MaxUnpool(%0, %1, _) {kernel_shape = array<i64: 2, 2>, strides = "
        "array<i64: 2, 2>} : @f32[N, 2, 2 * H, 2 * W]",
        "%r"},
       {{"@f32[N, 2, H, W]", "@i64[N, 2, H, W]"},
        {"@f32[N, 2, 2 * H + 1, 2 * W + 1]"},
        "%s = dyn.symbolic [N, 2, 2 * H + 1, 2 * W + 1] : @i64[4]\n"
        "%r = MaxUnpool(%0, %1, %s) {kernel_shape = array<i64: 2, 2>, strides ="
        " array<i64: 2, 2>} : @f32[N, 2, 2 * H + 1, 2 * W + 1]",
        "%r"}});
  ASSERT_EQ(kernels.size(), 2u);
  for (Place d : {Place{2, 2, 3, 5}, Place{1, 2, 1, 1}, Place{0, 2, 2, 2}}) {
    Array x = Array::numbered(d);
    int64_t h = 2 * d[2], w = 2 * d[3];
    auto place = [&](const Place &at, int64_t height, int64_t width) {
      int64_t y = 2 * at[2] + at[3] % 2, z = 2 * at[3] + at[2] % 2;
      return ((at[0] * 2 + at[1]) * height + y) * width + z;
    };
    Values indices = build(d, [&](const Place &at) { return place(at, h, w); });
    for (int64_t more : {0, 1}) {
      Values expected(count({d[0], 2, h + more, w + more}), 0.0);
      build(d, [&](const Place &at) {
        return expected[place(at, h + more, w + more)] = x(at);
      });
      expectNear(kernels[more]->run({{"N", d[0]}, {"H", d[2]}, {"W", d[3]}},
                                    {x.values, indices})[0],
                 expected, 0, 0);
    }
  }
}

TEST_F(KernelScatter, RefusesUnknownReductions) {
  EXPECT_NE(compileError({{"@f32[A]", "@i64[B]", "@f32[B]"},
                          {"@f32[A]"},
                          "%r = ScatterElements(%0, %1, %2) {reduction = "
                          "\"other\"} : @f32[A]",
                          "%r"})
                .find("expects reduction none, add, mul, max or min, got "
                      "'other'"),
            std::string::npos);
}

} // namespace
