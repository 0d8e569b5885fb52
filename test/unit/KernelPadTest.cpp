// Pad, against the place that each element comes from.
#include "KernelReference.h"

using namespace dycc::test;

namespace {

class KernelPad : public KernelTest {};

/// Position in [0, n) that Pad's `mode` reads for `i`; -1 for none.
int64_t padded(int64_t i, int64_t n, const std::string &mode) {
  if (mode == "constant")
    return i >= 0 && i < n ? i : -1;
  if (mode == "edge")
    return std::clamp<int64_t>(i, 0, n - 1);
  int64_t period = mode == "wrap" ? n : std::max<int64_t>(2 * (n - 1), 1);
  int64_t phase = ((i % period) + period) % period;
  return mode == "reflect" && phase >= n ? period - phase : phase;
}

TEST_F(KernelPad, FollowsItsModes) {
  const char *modes[] = {"constant", "edge", "reflect", "wrap"};
  std::vector<GroupText> texts;
  for (const char *mode : modes)
    texts.push_back({{"@f32[A, B, C]", "@f32[]"},
                     {"@f32[A, B + 3, C + P - 1]"},
                     "%p = dyn.symbolic [1, P, 2, -1] : @i64[4]\n"
                     "%x = dyn.symbolic [1, -1] : @i64[2]\n"
                     "%r = Pad(%0, %p, %1, %x) {mode = \"" +
                         std::string(mode) + "\"} : @f32[A, B + 3, C + P - 1]",
                     "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 4u);
  for (Place d : {Place{2, 3, 17, 3}, Place{1, 1, 1, 9}, Place{3, 9, 40, 1},
                  Place{2, 0, 700, 1}, Place{1, 4, 0, 8}})
    for (size_t i = 0; i < 4; ++i) {
      SCOPED_TRACE(modes[i]);
      if (i > 0 && (d[1] == 0 || d[2] == 0))
        continue; // Only the constant mode can fill an empty axis.
      Array x = Array::numbered({d[0], d[1], d[2]});
      Values expected =
          build({d[0], d[1] + 3, d[2] + d[3] - 1}, [&](const Place &at) {
            int64_t b = padded(at[1] - 1, d[1], modes[i]);
            int64_t c = padded(at[2] - d[3], d[2], modes[i]);
            return b < 0 || c < 0 ? -4.5 : x({at[0], b, c});
          });
      expectNear(
          kernels[i]->run({{"A", d[0]}, {"B", d[1]}, {"C", d[2]}, {"P", d[3]}},
                          {x.values, {-4.5}})[0],
          expected, 0, 0);
    }
}

/// Vectors run along an axis without padding: in one, all lanes are outside.
TEST_F(KernelPad, PadsRows) {
  const char *layouts[] = {"", "; channels_last<16>"};
  std::vector<GroupText> texts;
  for (std::string layout : layouts)
    texts.push_back({{"@f32[1, 20, H, W" + layout + "]", "@f32[]"},
                     {"@f32[1, 20, H + P + 1, W" + layout + "]"},
                     "%p = dyn.symbolic [P, 1] : @i64[2]\n"
                     "%x = dyn.symbolic [2] : @i64[1]\n"
                     "%r = Pad(%0, %p, %1, %x) {mode = \"constant\"} "
                     ": @f32[1, 20, H + P + 1, W]",
                     "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 2u);
  for (const Place &d :
       {Place{3, 17, 2}, Place{0, 5, 3}, Place{5, 1, 0}, Place{4, 33, -2}})
    for (size_t i = 0; i < 2; ++i) {
      SCOPED_TRACE(layouts[i]);
      Array x = Array::numbered({1, 20, d[0], d[1]});
      Values expected =
          build({1, 20, d[0] + d[2] + 1, d[1]}, [&](const Place &at) {
            int64_t row = padded(at[2] - d[2], d[0], "constant");
            return row < 0 ? -4.5 : x({0, at[1], row, at[3]});
          });
      expectNear(kernels[i]->run({{"H", d[0]}, {"W", d[1]}, {"P", d[2]}},
                                 {x.values, {-4.5}})[0],
                 expected, 0, 0);
    }
}

/// Halide cannot tell places apart that such an amount of padding leads to.
TEST_F(KernelPad, CentersByAmountsThatAreComputed) {
  auto kernel = compile({{"@f32[A, 3]"},
                         {"@f32[A, C]"},
                         "%p = dyn.symbolic [0, (3 * max(3, P) + 2) floordiv 4 "
                         "- max(3, P) + 3, 0, -(3 * max(3, P) + 2) floordiv 4 "
                         "+ 2 * max(3, P) - 6] : @i64[4]\n"
                         "%r = Pad(%0, %p, _, _) {mode = \"constant\"} "
                         ": @f32[A, C]",
                         "%r"});
  ASSERT_TRUE(kernel);
  for (int64_t p : {1, 3, 5, 11}) {
    SCOPED_TRACE(p);
    int64_t columns = std::max<int64_t>(3, p);
    int64_t before = (3 * columns + 2) / 4 - columns + 3;
    Array x = Array::numbered({2, 3});
    Values expected = build({2, columns}, [&](const Place &at) {
      int64_t column = at[1] - before;
      return column >= 0 && column < 3 ? x({at[0], column}) : 0;
    });
    expectNear(kernel->run({{"A", 2}, {"C", columns}, {"P", p}}, {x.values})[0],
               expected, 0, 0);
  }
}

/// Found in a model: a kernel read where the first place of its input is, of
/// which callers say nothing.
TEST_F(KernelPad, ReadsNoMoreOfABufferThanItsAddress) {
  auto kernel = compile({{"@f32[N, 100, 1]"},
                         {"@f32[N, 116, 1]"},
                         "%p = dyn.symbolic [0, 8, 0, 0, 8, 0] : @i64[6]\n"
                         "%r = Pad(%0, %p, _, _) {mode = \"reflect\"} "
                         ": @f32[N, 116, 1]",
                         "%r"});
  ASSERT_TRUE(kernel);
  Values x = randomValues(200, -1, 1, 3), expected;
  for (int n = 0; n < 2; ++n)
    for (int i = -8; i < 108; ++i)
      expected.push_back(
          x[size_t(n) * 100 + size_t(99 - std::abs(99 - std::abs(i)))]);
  expectNear(kernel->run({{"N", 2}}, {x})[0], expected, 0, 0);
}

/// Of batches and rows; columns are cut at the front. A sum is behind it, whose
/// other operand has one element.
GroupText paddedSum(const std::string &mode) {
  std::string result = "@i32[A + 2, B + P + 1, C + P - 3]";
  return {{"@i32[A, B, C]", "@i32[1]"},
          {result},
          "%p = dyn.symbolic [1, P, -3, 1, 1, P] : @i64[6]\n"
          "%y = Pad(%0, %p, _, _) {mode = \"" +
              mode + "\"} : " + result + "\n%r = Add(%y, %1) : " + result,
          "%r"};
}

/// Rows that fill several strips, or are longer than one.
TEST_F(KernelPad, KeepsStripsOfRows) {
  std::vector<GroupText> texts;
  const char *modes[] = {"constant", "edge", "reflect", "wrap"};
  for (const char *mode : modes)
    texts.push_back(paddedSum(mode));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 4u);
  for (Place d : {Place{1, 211, 43, 2}, Place{2, 2, 5000, 3}, Place{1, 1, 4, 0},
                  Place{3, 5, 1, 7}})
    for (size_t i = 0; i < 4; ++i) {
      SCOPED_TRACE(modes[i]);
      Array x = Array::numbered({d[0], d[1], d[2]});
      int64_t p = d[3];
      auto element = [&](const Place &at) {
        int64_t a = padded(at[0] - 1, d[0], modes[i]);
        int64_t b = padded(at[1] - p, d[1], modes[i]);
        int64_t c = padded(at[2] + 3, d[2], modes[i]);
        return (a < 0 || b < 0 || c < 0 ? 0 : x({a, b, c})) + 1000;
      };
      expectNear(
          kernels[i]->run({{"A", d[0]}, {"B", d[1]}, {"C", d[2]}, {"P", p}},
                          {x.values, {1000}})[0],
          build({d[0] + 2, d[1] + p + 1, d[2] + p - 3}, element), 0, 0);
    }
}

/// Of bools, in a copy that what follows reads.
TEST_F(KernelPad, PadsBools) {
  auto kernel = compile({{"@i1[A, B]", "@i1[A, B + P]"},
                         {"@i1[A, B + P]"},
                         "%p = dyn.symbolic [0, 0, 0, P] : @i64[4]\n"
                         "%y = Pad(%0, %p, _, _) : @i1[A, B + P]\n"
                         "%r = Or(%y, %1) : @i1[A, B + P]",
                         "%r"});
  ASSERT_TRUE(kernel);
  for (Place d : {Place{3, 40, 27}, Place{1, 5, 0}, Place{2, 0, 9}}) {
    int64_t width = d[1] + d[2];
    Array x = {{d[0], d[1]}, build({d[0], d[1]}, [](const Place &at) {
                 return at[1] % 3 == 0 ? 1.0 : 0.0;
               })};
    Array y = {{d[0], width}, build({d[0], width}, [](const Place &at) {
                 return at[1] % 5 == 1 ? 1.0 : 0.0;
               })};
    expectNear(kernel->run({{"A", d[0]}, {"B", d[1]}, {"P", d[2]}},
                           {x.values, y.values})[0],
               build({d[0], width},
                     [&](const Place &at) {
                       bool inside = at[1] < d[1] && x({at[0], at[1]}) != 0;
                       return inside || y({at[0], at[1]}) != 0 ? 1.0 : 0.0;
                     }),
               0, 0);
  }
}

/// Along all axes, as the kernel's result: of several strips, and cut so that
/// nothing of the image is left.
TEST_F(KernelPad, IsWrittenWhereTheResultLies) {
  const char *modes[] = {"constant", "reflect", "edge"};
  const char *types[] = {"i8", "f64", "f16"};
  std::vector<GroupText> texts;
  for (size_t i = 0; i < 3; ++i) {
    std::string type = std::string("@") + types[i];
    std::string result = type + "[A + 1, B, C + P + 1, D + P - 3]";
    texts.push_back({{type + "[A, B, C, D]"},
                     {result},
                     "%p = dyn.symbolic [1, 0, P, -2, 0, 0, 1, P - 1] : "
                     "@i64[8]\n%r = Pad(%0, %p, _, _) {mode = \"" +
                         std::string(modes[i]) + "\"} : " + result,
                     "%r"});
  }
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 3u);
  for (Place d : {Place{2, 3, 70, 37, 2}, Place{2, 1, 2, 3, 0},
                  Place{2, 1, 300, 130, 1}, Place{3, 2, 5, 4, 40}})
    for (size_t i = 0; i < 3; ++i) {
      SCOPED_TRACE(modes[i]);
      Array x = Array::random({d[0], d[1], d[2], d[3]}, -100, 100, 1, true);
      int64_t p = d[4];
      auto element = [&](const Place &at) {
        int64_t a = padded(at[0] - 1, d[0], modes[i]);
        int64_t c = padded(at[2] - p, d[2], modes[i]);
        int64_t e = padded(at[3] + 2, d[3], modes[i]);
        return a < 0 || c < 0 || e < 0 ? 0 : x({a, at[1], c, e});
      };
      expectNear(
          kernels[i]->run(
              {{"A", d[0]}, {"B", d[1]}, {"C", d[2]}, {"D", d[3]}, {"P", p}},
              {x.values})[0],
          build({d[0] + 1, d[1], d[2] + p + 1, d[3] + p - 3}, element), 0, 0);
    }
}

} // namespace
