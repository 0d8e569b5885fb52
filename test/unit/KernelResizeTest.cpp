// Resize, against the formulas of ONNX in double.
#include "KernelResizeReference.h"

#include <bit>

using namespace dycc::test;

namespace {

class KernelResize : public KernelTest {};

/// Rows of B elements to rows of C.
GroupText rowsBySizes(const Settings &s) {
  return {{"@f32[A, B]"},
          {"@f32[A, C]"},
          "%s = dyn.symbolic [A, C] : @i64[2]\n"
          "%r = Resize(%0, _, _, %s) " +
              s.text() + " : @f32[A, C]",
          "%r"};
}

TEST_F(KernelResize, FollowsItsModesBySizes) {
  std::vector<Settings> all;
  for (const char *c : {"half_pixel", "pytorch_half_pixel", "align_corners",
                        "asymmetric", "half_pixel_symmetric"}) {
    for (const char *mode : {"linear", "cubic"})
      all.push_back({mode, c});
    all.push_back({"nearest", c, "round_prefer_ceil"});
  }
  all.push_back({"cubic", "half_pixel", "", true});
  for (Settings &s : all)
    if (s.nearest.empty())
      s.nearest = "floor";
  std::vector<GroupText> texts;
  for (const Settings &s : all)
    texts.push_back(rowsBySizes(s));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), all.size());
  for (Place d :
       {Place{2, 8, 16}, Place{1, 32, 8}, Place{3, 16, 64}, Place{1, 4, 1},
        Place{2, 1, 4}, Place{2, 8, 0}, Place{0, 4, 4}})
    for (size_t i = 0; i < all.size(); ++i) {
      SCOPED_TRACE(texts[i].body);
      Array x = Array::random({d[0], d[1]}, -1, 1, 1);
      double scale = static_cast<double>(d[2]) / static_cast<double>(d[1]);
      expectNear(kernels[i]->run({{"A", d[0]}, {"B", d[1]}, {"C", d[2]}},
                                 {x.values})[0],
                 resizeRows(all[i], x, d[2], scale), 1e-5, 1e-5);
    }
}

TEST_F(KernelResize, FollowsItsModesByScales) {
  std::vector<Settings> all;
  for (const char *nearest :
       {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"})
    for (const char *c : {"half_pixel", "asymmetric"})
      all.push_back({"nearest", c, nearest});
  all.push_back({"linear", "half_pixel"});
  all.push_back({"linear", "align_corners"});
  all.push_back({"linear", "half_pixel_symmetric"});
  std::vector<GroupText> texts;
  const char *scales[] = {"1.0, 2.0", "1.0, 0.5", "1.0, 2.5"};
  for (const Settings &s : all)
    for (const char *scale : scales)
      texts.push_back({{"@f32[A, B]"},
                       {"@f32[A, C]"},
                       std::string("%s = Constant() {value = dense<[") + scale +
                           "]> : tensor<2xf32>} : @f32[2]\n"
                           "%r = Resize(%0, _, %s, _) " +
                           s.text() + " : @f32[A, C]",
                       "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  const double factors[] = {2, 0.5, 2.5};
  for (int64_t in : {1, 5, 19, 40})
    for (size_t i = 0; i < texts.size(); ++i) {
      SCOPED_TRACE(texts[i].body);
      Array x = Array::random({2, in}, -1, 1, 2);
      double scale = factors[i % 3];
      int64_t out = static_cast<int64_t>(scale * static_cast<double>(in));
      expectNear(
          kernels[i]->run({{"A", 2}, {"B", in}, {"C", out}}, {x.values})[0],
          resizeRows(all[i / 3], x, out, scale), 1e-5, 1e-5);
    }
}

TEST_F(KernelResize, ScalesAreTheBitsOfASymbol) {
  std::vector<Settings> all = {{"nearest", "half_pixel", "floor"},
                               {"linear", "align_corners"},
                               {"cubic", "asymmetric"}};
  all.push_back({"cubic", "half_pixel", "floor", false, 0, 1, true});
  std::vector<GroupText> texts;
  for (const Settings &s : all)
    texts.push_back({{"@f32[A, B]"},
                     {"@f32[A, C]"},
                     "%s = dyn.symbolic [f32_from_bits(E)] : @f32[1]\n"
                     "%r = Resize(%0, _, %s, _) {axes = array<i64: 1>, " +
                         s.text().substr(1) + " : @f32[A, C]",
                     "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), all.size());
  for (float scale : {0.3f, 1.0f, 2.6f})
    for (int64_t in : {1, 9, 40})
      for (size_t i = 0; i < all.size(); ++i) {
        SCOPED_TRACE(texts[i].body);
        Array x = Array::random({2, in}, -1, 1, 7);
        auto out = static_cast<int64_t>(scale * static_cast<float>(in));
        int64_t bits = std::bit_cast<int32_t>(scale);
        expectNear(
            kernels[i]->run({{"A", 2}, {"B", in}, {"C", out}, {"E", bits}},
                            {x.values})[0],
            resizeRows(all[i], x, out, static_cast<double>(scale)), 1e-4, 2e-5);
      }
}

TEST_F(KernelResize, AntialiasWidensTheWindow) {
  std::vector<Settings> all;
  for (const char *mode : {"linear", "cubic"})
    for (const char *c : {"half_pixel", "pytorch_half_pixel", "align_corners",
                          "asymmetric", "half_pixel_symmetric"})
      for (bool exclude : {false, true})
        all.push_back({mode, c, "floor", exclude, 0, 1, true});
  std::vector<GroupText> texts;
  for (const Settings &s : all)
    texts.push_back(rowsBySizes(s));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), all.size());
  for (Place d :
       {Place{2, 40, 17}, Place{3, 37, 5}, Place{1, 64, 1}, Place{2, 16, 40},
        Place{1, 1, 3}, Place{2, 9, 9}, Place{2, 8, 0}, Place{0, 8, 4}})
    for (size_t i = 0; i < all.size(); ++i) {
      SCOPED_TRACE(texts[i].body);
      Array x = Array::random({d[0], d[1]}, -1, 1, 5);
      double scale = static_cast<double>(d[2]) / static_cast<double>(d[1]);
      expectNear(kernels[i]->run({{"A", d[0]}, {"B", d[1]}, {"C", d[2]}},
                                 {x.values})[0],
                 resizeRows(all[i], x, d[2], scale), 1e-4, 2e-5);
    }
}

TEST_F(KernelResize, AntialiasOfSeveralAxes) {
  Settings s{"cubic", "half_pixel"};
  s.antialias = true;
  std::string bySize = "%s = dyn.symbolic [P, Q] : @i64[2]\n"
                       "%r = Resize(%0, _, _, %s) {axes = array<i64: 2, 3>, " +
                       s.text().substr(1) + " : ";
  Settings linear = s;
  linear.mode = "linear";
  auto kernels = compileAll(
      {{{"@f32[N, 3, H, W; channels_last<8>]"},
        {"@f32[N, 3, P, Q; channels_last<8>]"},
        bySize + "@f32[N, 3, P, Q]",
        "%r"},
       {{"@f64[N, 3, H, W]"},
        {"@f64[N, 3, P, Q]"},
        bySize + "@f64[N, 3, P, Q]",
        "%r"},
       {{"@ui8[N, 3, H, W]"},
        {"@ui8[N, 3, P, Q]"},
        "%s = Constant() {value = dense<[1.0, 1.0, 0.3, 0.6]> : tensor<4xf32>} "
        ": @f32[4]\n%r = Resize(%0, _, %s, _) " +
            linear.text() + " : @ui8[N, 3, P, Q]",
        "%r"}});
  ASSERT_EQ(kernels.size(), 3u);
  for (Place d : {Place{2, 3, 10, 40, 4, 23}, Place{1, 3, 31, 7, 9, 7},
                  Place{1, 3, 1, 1, 1, 1}, Place{1, 3, 5, 50, 8, 3}}) {
    Symbols symbols{
        {"N", d[0]}, {"H", d[2]}, {"W", d[3]}, {"P", d[4]}, {"Q", d[5]}};
    Array x = Array::random({d[0], d[1], d[2], d[3]}, 0, 200, 6, true);
    auto ratio = [&](size_t to, size_t from) {
      return static_cast<double>(d[to]) / static_cast<double>(d[from]);
    };
    Values expected = resizeImage(s, x, d[4], d[5], ratio(4, 2), ratio(5, 3));
    expectNear(kernels[0]->run(symbols, {x.values})[0], expected, 1e-4, 1e-3);
    expectNear(kernels[1]->run(symbols, {x.values})[0], expected, 1e-4, 1e-3);
    symbols["P"] = static_cast<int64_t>(0.3 * static_cast<double>(d[2]));
    symbols["Q"] = static_cast<int64_t>(0.6 * static_cast<double>(d[3]));
    Values whole;
    for (double v :
         resizeImage(linear, x, symbols["P"], symbols["Q"], 0.3, 0.6))
      whole.push_back(std::nearbyint(v));
    expectNear(kernels[2]->run(symbols, {x.values})[0], whole, 0, 0);
  }
}

/// 256 taps of one element, which are loops.
TEST_F(KernelResize, CubicOfFourAxes) {
  Settings s{"cubic", "half_pixel"};
  Settings inside = s;
  inside.exclude = true;
  auto text = [&](const Settings &settings) -> GroupText {
    return {{"@f32[N, 3, H, W]"},
            {"@f32[N, 3, P, Q]"},
            "%s = dyn.symbolic [f32_from_bits(E), f32_from_bits(E), "
            "f32_from_bits(F), f32_from_bits(G)] : @f32[4]\n"
            "%r = Resize(%0, _, %s, _) " +
                settings.text() + " : @f32[N, 3, P, Q]",
            "%r"};
  };
  auto kernels = compileAll({text(s), text(inside)});
  ASSERT_EQ(kernels.size(), 2u);
  auto bits = [](float x) -> int64_t { return std::bit_cast<int32_t>(x); };
  for (auto [y, x] : {std::pair{2.0f, 0.5f}, {0.3f, 1.7f}, {1.0f, 1.0f}}) {
    Array image = Array::random({2, 3, 9, 14}, -1, 1, 8);
    auto h = static_cast<int64_t>(y * 9), w = static_cast<int64_t>(x * 14);
    Symbols symbols{{"N", 2}, {"H", 9},       {"W", 14},      {"P", h},
                    {"Q", w}, {"E", bits(1)}, {"F", bits(y)}, {"G", bits(x)}};
    for (size_t i : {0, 1})
      expectNear(kernels[i]->run(symbols, {image.values})[0],
                 resizeImage(i == 0 ? s : inside, image, h, w,
                             static_cast<double>(y), static_cast<double>(x)),
                 1e-4, 2e-5);
  }
}

TEST_F(KernelResize, CropsToRegions) {
  Settings s{"linear", "tf_crop_and_resize"};
  auto k = compile({{"@f32[A, B]", "@f32[2]"},
                    {"@f32[A, C]"},
                    "%s = dyn.symbolic [C] : @i64[1]\n"
                    "%r = Resize(%0, %1, _, %s) {axes = array<i64: 1>, " +
                        s.text().substr(1) + " : @f32[A, C]",
                    "%r"});
  ASSERT_TRUE(k);
  Array x = Array::random({2, 9}, -1, 1, 3);
  for (auto [start, end] : {std::pair{0.25, 0.75}, {-0.25, 1.5}, {0.5, 0.25}}) {
    s.roiStart = start, s.roiEnd = end;
    for (int64_t out : {1, 5, 17})
      expectNear(
          k->run({{"A", 2}, {"B", 9}, {"C", out}}, {x.values, {start, end}})[0],
          resizeRows(s, x, out, static_cast<double>(out) / 9), 1e-5, 1e-5);
  }
}

TEST_F(KernelResize, ImagesInBothLayoutsAndIntegers) {
  auto kernels = compileAll(
      {{{"@f32[N, 3, H, W; channels_last<8>]"},
        {"@f32[N, 3, 2 * H, 2 * W; channels_last<8>]"},
        "%s = dyn.symbolic [2 * H, 2 * W] : @i64[2]\n"
        "%r = Resize(%0, _, _, %s) {axes = array<i64: 2, 3>, mode = \"linear\"}"
        " : @f32[N, 3, 2 * H, 2 * W]",
        "%r"},
       {{"@ui8[N, 3, H, W]"},
        {"@ui8[N, 3, 2 * H, 2 * W]"},
        "%s = Constant() {value = dense<[1.0, 1.0, 2.0, 2.0]> : tensor<4xf32>} "
        ": @f32[4]\n"
        "%r = Resize(%0, _, %s, _) {mode = \"linear\"}"
        " : @ui8[N, 3, 2 * H, 2 * W]",
        "%r"},
       {{"@f32[N, 3, H, W]"},
        {"@f32[N, 3, P, Q]"},
        "%s = dyn.symbolic [R, S] : @i64[2]\n"
        "%r = Resize(%0, _, _, %s) {axes = array<i64: 2, 3>, mode = \"linear\","
        " keep_aspect_ratio_policy = \"not_larger\"} : @f32[N, 3, P, Q]",
        "%r"}});
  ASSERT_EQ(kernels.size(), 3u);
  Settings s{"linear", "half_pixel"};
  for (Place d : {Place{2, 3, 4, 5}, Place{1, 3, 1, 1}, Place{1, 3, 3, 20}}) {
    Symbols symbols{{"N", d[0]}, {"H", d[2]}, {"W", d[3]}};
    Array x = Array::random(d, 0, 200, 4, true);
    Values expected = resizeImage(s, x, 2 * d[2], 2 * d[3], 2, 2);
    expectNear(kernels[0]->run(symbols, {x.values})[0], expected, 1e-5, 1e-4);
    Values whole;
    for (double v : expected)
      whole.push_back(std::floor(v));
    expectNear(kernels[1]->run(symbols, {x.values})[0], whole, 0, 0);
    int64_t p = 2 * d[2], q = 2 * d[3];
    symbols.insert({{"P", p}, {"Q", q}, {"R", p}, {"S", q + 3}});
    expectNear(kernels[2]->run(symbols, {x.values})[0], expected, 1e-5, 1e-4);
  }
}

TEST_F(KernelResize, RefusesUnknownModes) {
  auto error = [&](const std::string &attributes) {
    return compileError({{"@f32[A]"},
                         {"@f32[B]"},
                         "%s = dyn.symbolic [B] : @i64[1]\n"
                         "%r = Resize(%0, _, _, %s) " +
                             attributes + " : @f32[B]",
                         "%r"});
  };
  EXPECT_NE(error("{mode = \"other\"}")
                .find("expects mode nearest, linear or cubic, got 'other'"),
            std::string::npos);
  EXPECT_NE(error("{antialias = 1 : i64}")
                .find("expects mode linear or cubic with antialias, got "
                      "'nearest'"),
            std::string::npos);
  EXPECT_NE(error("{nearest_mode = \"other\"}")
                .find("expects a known nearest_mode, got 'other'"),
            std::string::npos);
  EXPECT_NE(error("{coordinate_transformation_mode = \"other\"}")
                .find("expects a known coordinate_transformation_mode, got "
                      "'other'"),
            std::string::npos);
  EXPECT_NE(error("{axes = array<i64: 0, 1>}")
                .find("expects 2 scales or sizes, got 1"),
            std::string::npos);
}

} // namespace
