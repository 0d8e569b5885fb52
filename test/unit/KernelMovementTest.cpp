// Operators that move elements, against maps of indices in plain C++.
#include "KernelReference.h"

using namespace dycc::test;

namespace {

class KernelMovement : public KernelTest {};

TEST_F(KernelMovement, CopiesBetweenLayouts) {
  const char *plain = "@f32[N, C, H, W]";
  const char *images = "@f32[N, C, H, W; channels_last<8>]";
  auto kernels = compileAll({{{plain}, {plain}, "", "%0"},
                             {{plain}, {images}, "", "%0"},
                             {{images}, {plain}, "", "%0"},
                             {{images}, {images}, "", "%0"}});
  ASSERT_EQ(kernels.size(), 4u);
  for (Place dims : {Place{1, 3, 5, 7}, Place{2, 16, 1, 33}, Place{1, 9, 8, 16},
                     Place{1, 1, 1, 1}, Place{1, 0, 4, 4}, Place{2, 3, 4, 0}}) {
    Values x = Array::numbered(dims).values;
    for (auto &kernel : kernels)
      expectNear(
          kernel->run(
              {{"N", dims[0]}, {"C", dims[1]}, {"H", dims[2]}, {"W", dims[3]}},
              {x})[0],
          x, 0, 0);
  }
}

TEST_F(KernelMovement, TransposePermutesAxes) {
  struct Case {
    const char *perm, *result;
    Place order;
  };
  Case cases[] = {{"0, 1, 2", "@f32[A, B, C]", {0, 1, 2}},
                  {"0, 2, 1", "@f32[A, C, B]", {0, 2, 1}},
                  {"1, 0, 2", "@f32[B, A, C]", {1, 0, 2}},
                  {"2, 0, 1", "@f32[C, A, B]", {2, 0, 1}},
                  {"2, 1, 0", "@f32[C, B, A]", {2, 1, 0}}};
  std::vector<GroupText> texts;
  for (const Case &c : cases)
    texts.push_back({{"@f32[A, B, C]"},
                     {c.result},
                     std::string("%t = Transpose(%0) {perm = array<i64: ") +
                         c.perm + ">} : " + c.result,
                     "%t"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), std::size(cases));
  for (Place dims :
       {Place{3, 17, 41}, Place{1, 1, 1}, Place{2, 64, 64}, Place{2, 0, 5},
        Place{13, 8, 7}, Place{5, 1, 300}, Place{1, 40, 33}})
    for (size_t i = 0; i < std::size(cases); ++i) {
      SCOPED_TRACE(cases[i].perm);
      Array x = Array::numbered(dims);
      Place to;
      for (int64_t axis : cases[i].order)
        to.push_back(dims[axis]);
      Values expected = build(to, [&](const Place &at) {
        Place from(3);
        for (size_t axis = 0; axis < 3; ++axis)
          from[cases[i].order[axis]] = at[axis];
        return x(from);
      });
      expectNear(
          kernels[i]->run({{"A", dims[0]}, {"B", dims[1]}, {"C", dims[2]}},
                          {x.values})[0],
          expected, 0, 0);
    }
}

TEST_F(KernelMovement, SliceFollowsOnnx) {
  auto kernels = compileAll(
      {{{"@f32[A, B]"},
        {"@f32[A, R]"},
        "%s = dyn.symbolic [1] : @i64[1]\n%e = dyn.symbolic [-1] : @i64[1]\n"
        "%a = dyn.symbolic [-1] : @i64[1]\n"
        "%r = Slice(%0, %s, %e, %a, _) : @f32[A, R]",
        "%r"},
       {{"@f32[A, B]"},
        {"@f32[A, B]"},
        "%s = dyn.symbolic [9223372036854775807, -1] : @i64[2]\n"
        "%e = dyn.symbolic [-9223372036854775808, -9223372036854775808] : "
        "@i64[2]\n"
        "%a = dyn.symbolic [0, 1] : @i64[2]\n"
        "%t = dyn.symbolic [-1, -1] : @i64[2]\n"
        "%r = Slice(%0, %s, %e, %a, %t) : @f32[A, B]",
        "%r"},
       {{"@f32[A, B]"},
        {"@f32[A, T]"},
        "%s = dyn.symbolic [S] : @i64[1]\n%e = dyn.symbolic [B] : @i64[1]\n"
        "%a = dyn.symbolic [1] : @i64[1]\n%t = dyn.symbolic [3] : @i64[1]\n"
        "%r = Slice(%0, %s, %e, %a, %t) : @f32[A, T]",
        "%r"}});
  ASSERT_EQ(kernels.size(), 3u);
  for (Place dims : {Place{3, 41}, Place{1, 2}, Place{2, 1}, Place{2, 0}}) {
    Array x = Array::numbered(dims);
    int64_t a = dims[0], b = dims[1];
    int64_t start = std::min<int64_t>(4, b),
            shorter = std::max<int64_t>(b - 2, 0);
    Symbols symbols{{"A", a},
                    {"B", b},
                    {"S", 4},
                    {"R", shorter},
                    {"T", (b - start + 2) / 3}};
    expectNear(kernels[0]->run(symbols, {x.values})[0],
               build({a, shorter},
                     [&](const Place &at) { return x({at[0], at[1] + 1}); }),
               0, 0);
    expectNear(kernels[1]->run(symbols, {x.values})[0],
               build(dims,
                     [&](const Place &at) {
                       return x({a - 1 - at[0], b - 1 - at[1]});
                     }),
               0, 0);
    expectNear(
        kernels[2]->run(symbols, {x.values})[0],
        build({a, (b - start + 2) / 3},
              [&](const Place &at) { return x({at[0], start + 3 * at[1]}); }),
        0, 0);
  }
}

// Halide's masked load backwards from a constant place ends its compiler.
TEST_F(KernelMovement, ARowOfConstantExtentTurnsAround) {
  std::vector<GroupText> texts;
  for (const char *type :
       {"@f32[1, 1, 7]", "@i64[1, 1, 2]", "@f32[1, 1, 19]", "@f16[1, 67, 1]"})
    texts.push_back({{type},
                     {type},
                     std::string("%s = dyn.symbolic [-1, -1] : @i64[2]\n"
                                 "%e = dyn.symbolic [-99, -99] : @i64[2]\n"
                                 "%a = dyn.symbolic [1, 2] : @i64[2]\n"
                                 "%r = Slice(%0, %s, %e, %a, %s) : ") +
                         type,
                     "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  const int64_t extents[] = {7, 2, 19, 67};
  for (auto [kernel, extent] : llvm::zip(kernels, extents)) {
    Array x = Array::numbered({1, 1, extent});
    Values turned(x.values.rbegin(), x.values.rend());
    expectNear(kernel->run({}, {x.values})[0], turned, 0, 0);
  }
}

TEST_F(KernelMovement, ConcatAndSplitAreInverse) {
  auto kernels = compileAll(
      {{{"@f32[A, B, 5]", "@f32[A, C, 5]", "@f32[A, B, 5]"},
        {"@f32[A, 2 * B + C, 5]"},
        "%r = Concat(%0, %1, %2) {axis = 1 : i64} : @f32[A, 2 * B + C, 5]",
        "%r"},
       {{"@f32[A, 2 * B + C, 5]"},
        {"@f32[A, B, 5]", "@f32[A, C, 5]", "@f32[A, B, 5]"},
        "%r:3 = Split(%0) {axis = -2 : i64} : @f32[A, B, 5], @f32[A, C, 5], "
        "@f32[A, B, 5]",
        "%r#0, %r#1, %r#2"}});
  ASSERT_EQ(kernels.size(), 2u);
  for (Place d : {Place{2, 3, 7}, Place{1, 1, 1}, Place{3, 0, 11},
                  Place{2, 4, 0}, Place{0, 4, 2}}) {
    Symbols symbols{{"A", d[0]}, {"B", d[1]}, {"C", d[2]}};
    Array whole = Array::numbered({d[0], 2 * d[1] + d[2], 5});
    auto part = [&](int64_t start, int64_t extent) {
      return build({d[0], extent, 5}, [&](const Place &at) {
        return whole({at[0], at[1] + start, at[2]});
      });
    };
    std::vector<Values> parts = {part(0, d[1]), part(d[1], d[2]),
                                 part(d[1] + d[2], d[1])};
    expectNear(kernels[0]->run(symbols, parts)[0], whole.values, 0, 0);
    std::vector<Values> cut = kernels[1]->run(symbols, {whole.values});
    for (size_t i = 0; i < 3; ++i)
      expectNear(cut[i], parts[i], 0, 0);
  }
}

TEST_F(KernelMovement, ConcatOfNothing) {
  auto kernel = compile({{"@f32[A, 0]", "@f32[A, 0]"},
                         {"@f32[A, 0]"},
                         "%r = Concat(%0, %1) {axis = 1 : i64} : @f32[A, 0]",
                         "%r"});
  ASSERT_TRUE(kernel);
  EXPECT_TRUE(kernel->run({{"A", 3}}, {{}, {}})[0].empty());
}

TEST_F(KernelMovement, ConcatOfChannelsLastImages) {
  auto k = compile({{"@f32[N, 16, H, W; channels_last<8>]",
                     "@f32[N, 3, H, W; channels_last<8>]",
                     "@f32[N, 24, H, W; channels_last<8>]"},
                    {"@f32[N, 43, H, W; channels_last<8>]"},
                    "%r = Concat(%0, %1, %2) {axis = 1 : i64} "
                    ": @f32[N, 43, H, W]",
                    "%r"});
  ASSERT_TRUE(k);
  Array whole = Array::numbered({2, 43, 3, 5});
  auto part = [&](int64_t start, int64_t extent) {
    return build({2, extent, 3, 5}, [&](const Place &at) {
      return whole({at[0], at[1] + start, at[2], at[3]});
    });
  };
  expectNear(k->run({{"N", 2}, {"H", 3}, {"W", 5}},
                    {part(0, 16), part(16, 3), part(19, 24)})[0],
             whole.values, 0, 0);
}

TEST_F(KernelMovement, GatherLimitsAndCountsFromTheEnd) {
  auto kernels = compileAll(
      {{{"@f32[A, B, C]", "@i64[I, J]"},
        {"@f32[A, I, J, C]"},
        "%r = Gather(%0, %1) {axis = 1 : i64} : @f32[A, I, J, C]",
        "%r"},
       {{"@f32[A, B, C]", "@i32[A, B, I]"},
        {"@f32[A, B, I]"},
        "%r = GatherElements(%0, %1) {axis = -1 : i64} : @f32[A, B, I]",
        "%r"},
       {{"@f32[A, B, C, 3]", "@i64[A, I, 2]"},
        {"@f32[A, I, 3]"},
        "%r = GatherND(%0, %1) {batch_dims = 1 : i64} : @f32[A, I, 3]",
        "%r"}});
  ASSERT_EQ(kernels.size(), 3u);
  // 1e12 and -1e12 are errors in ONNX; here they must stay inside.
  auto pick = [](double i, int64_t n) {
    int64_t at = static_cast<int64_t>(i);
    return std::clamp<int64_t>(at < 0 ? at + n : at, 0, n - 1);
  };
  for (Place d : {Place{2, 5, 19, 3, 4}, Place{1, 1, 1, 1, 1},
                  Place{3, 7, 8, 0, 2}, Place{1, 3, 40, 11, 1}}) {
    Symbols symbols{
        {"A", d[0]}, {"B", d[1]}, {"C", d[2]}, {"I", d[3]}, {"J", d[4]}};
    Array x = Array::numbered({d[0], d[1], d[2]});
    Array i{{d[3], d[4]}, randomValues(d[3] * d[4], -5, 5, 3, true)};
    if (!i.values.empty())
      i.values.front() = 1e12, i.values.back() = -1e12;
    expectNear(kernels[0]->run(symbols, {x.values, i.values})[0],
               build({d[0], d[3], d[4], d[2]},
                     [&](const Place &at) {
                       return x({at[0], pick(i({at[1], at[2]}), d[1]), at[3]});
                     }),
               0, 0);
    Array j{{d[0], d[1], d[3]},
            randomValues(d[0] * d[1] * d[3], -d[2], d[2], 4, true)};
    expectNear(kernels[1]->run(symbols, {x.values, j.values})[0],
               build(j.dims,
                     [&](const Place &at) {
                       return x({at[0], at[1], pick(j(at), d[2])});
                     }),
               0, 0);
    Array y = Array::numbered({d[0], d[1], d[2], 3});
    Array k{{d[0], d[3], 2}, randomValues(d[0] * d[3] * 2, -9, 9, 5, true)};
    expectNear(kernels[2]->run(symbols, {y.values, k.values})[0],
               build({d[0], d[3], 3},
                     [&](const Place &at) {
                       return y({at[0], pick(k({at[0], at[1], 0}), d[1]),
                                 pick(k({at[0], at[1], 1}), d[2]), at[2]});
                     }),
               0, 0);
  }
}

TEST_F(KernelMovement, TileExpandAndReshape) {
  auto kernels = compileAll(
      {{{"@f32[A, B]"},
        {"@f32[A, R * B]"},
        "%n = dyn.symbolic [1, R] : @i64[2]\n%r = Tile(%0, %n) : @f32[A, R * "
        "B]",
        "%r"},
       {{"@f32[A, 1, B]"},
        {"@f32[R, A, 7, B]"},
        "%n = dyn.symbolic [R, A, 7, 1] : @i64[4]\n"
        "%r = Expand(%0, %n) : @f32[R, A, 7, B]",
        "%r"},
       {{"@f32[A, B, 6]"},
        {"@f32[2, 3, B, A]"},
        "%n = dyn.symbolic [A * B, 2, 3] : @i64[3]\n"
        "%s = Reshape(%0, %n) : @f32[A * B, 2, 3]\n"
        "%u = dyn.symbolic [A, B, 2, 3] : @i64[4]\n"
        "%t = Reshape(%s, %u) : @f32[A, B, 2, 3]\n"
        "%r = Transpose(%t) {perm = array<i64: 2, 3, 1, 0>} : @f32[2, 3, B, A]",
        "%r"}});
  ASSERT_EQ(kernels.size(), 3u);
  for (Place d : {Place{2, 5, 3}, Place{1, 1, 1}, Place{0, 4, 2},
                  Place{3, 0, 4}, Place{5, 33, 0}}) {
    Symbols symbols{{"A", d[0]}, {"B", d[1]}, {"R", d[2]}};
    Array x = Array::numbered({d[0], d[1]}),
          y = Array::numbered({d[0], d[1], 6});
    expectNear(kernels[0]->run(symbols, {x.values})[0],
               build({d[0], d[1] * d[2]},
                     [&](const Place &at) { return x({at[0], at[1] % d[1]}); }),
               0, 0);
    expectNear(kernels[1]->run(symbols, {x.values})[0],
               build({d[2], d[0], 7, d[1]},
                     [&](const Place &at) { return x({at[1], at[3]}); }),
               0, 0);
    expectNear(kernels[2]->run(symbols, {y.values})[0],
               build({2, 3, d[1], d[0]},
                     [&](const Place &at) {
                       return y({at[3], at[2], at[0] * 3 + at[1]});
                     }),
               0, 0);
  }
}

TEST_F(KernelMovement, DepthAndSpace) {
  std::vector<GroupText> texts;
  const char *modes[] = {"DCR", "CRD"};
  for (const char *mode : modes) {
    std::string attributes =
        std::string("{blocksize = 2 : i64, mode = \"") + mode + "\"}";
    std::string depth = " : @f32[N, 4 * C, H, W]";
    std::string space = " : @f32[N, C, 2 * H, 2 * W]";
    const char *blocks = "; channels_last<8>]";
    for (const char *end : {"]", blocks}) {
      texts.push_back({{std::string("@f32[N, 4 * C, H, W") + blocks},
                       {std::string("@f32[N, C, 2 * H, 2 * W") + end},
                       "%r = DepthToSpace(%0) " + attributes + space,
                       "%r"});
      texts.push_back({{std::string("@f32[N, C, 2 * H, 2 * W") + end},
                       {std::string("@f32[N, 4 * C, H, W") + end},
                       "%r = SpaceToDepth(%0) " + attributes + depth,
                       "%r"});
    }
  }
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 8u);
  for (Place d : {Place{2, 3, 4, 5}, Place{1, 1, 1, 1}, Place{1, 2, 3, 20},
                  Place{1, 0, 2, 2}, Place{1, 19, 2, 3}})
    for (size_t i = 0; i < 4; ++i) {
      Symbols symbols{{"N", d[0]}, {"C", d[1]}, {"H", d[2]}, {"W", d[3]}};
      Array deep = Array::numbered({d[0], 4 * d[1], d[2], d[3]});
      Values wide =
          build({d[0], d[1], 2 * d[2], 2 * d[3]}, [&](const Place &at) {
            int64_t place = at[2] % 2 * 2 + at[3] % 2;
            int64_t c = i < 2 ? place * d[1] + at[1] : at[1] * 4 + place;
            return deep({at[0], c, at[2] / 2, at[3] / 2});
          });
      expectNear(kernels[2 * i]->run(symbols, {deep.values})[0], wide, 0, 0);
      expectNear(kernels[2 * i + 1]->run(symbols, {wide})[0], deep.values, 0,
                 0);
    }
}

} // namespace
