// Plans written by hand: each that fits computes what the others compute.
#include "KernelPlanTexts.h"

using namespace dycc::test;

namespace {

TEST_F(KernelPlan, ConvolutionsRunAsWritten) {
  std::vector<std::string> plans = {
      steps(
          direct("<4 x 16, [4, 2, 1], unroll 1>", "rows", "copied", "nothing")),
      steps(direct("<3 x 16, [3], unroll 4>", "panels", "copied", "weights")),
      steps(direct("<6 x 16, [6, 5, 1 in 4], unroll 2>", "rows", "edges",
                   "image")),
      steps(
          direct("<4 x 16, [4, 1 in 2], unroll 5>", "rows", "copied", "image"),
          0)};
  expectEqual(convolution, plans,
              {{{"N", 2}, {"H", 7}, {"W", 33}}, {{"N", 1}, {"H", 1}, {"W", 1}}},
              [](Symbols s) {
                return std::vector<Values>{
                    randomValues(s["N"] * 20 * s["H"] * s["W"], -1, 1, 1),
                    randomValues(24 * 20 * 9, -1, 1, 2),
                    randomValues(24, -1, 1, 3)};
              });
}

/// Images of which taps far apart leave little, or nothing but the middle one.
const std::vector<Symbols> farSizes = {{{"N", 2}, {"H", 17}, {"W", 33}},
                                       {{"N", 1}, {"H", 3}, {"W", 4}},
                                       {{"N", 2}, {"H", 1}, {"W", 1}}};

std::vector<Values> farOperands(Symbols s) {
  return {randomValues(s["N"] * 20 * s["H"] * s["W"], -1, 1, 1),
          randomValues(24 * 20 * 9, -1, 1, 2)};
}

/// A tap that no pixel of a tile, or of a row, has inside is left out.
TEST_F(KernelPlan, TapsOutsideAreLeftOut) {
  const std::string whole = "<4 x 16, [4, 2, 1], unroll 1>",
                    parts = "<6 x 16, [6, 5, 1 in 4], unroll 2>";
  std::vector<std::string> plans = {
      steps(direct(whole, "panels", "reached", "weights")),
      steps(direct(parts, "panels", "reached", "nothing"), 0)};
  expectEqual(farTaps, plans, farSizes, farOperands);
}

/// Channels two at a time, wherever they are read.
TEST_F(KernelPlan, ConvolutionsOfPairsRunAsWritten) {
  std::vector<std::string> plans;
  for (std::string input : {"copied", "reached"})
    plans.push_back(steps(
        direct("<4 x 16, [4, 2, 1], unroll 1>", "panels", input, "weights")));
  plans.push_back(steps(
      direct("<6 x 16, [6, 5, 1 in 2], unroll 2>", "rows", "edges", "image")));
  plans.push_back(steps(
      direct("<4 x 16, [4, 1 in 2], unroll 2>", "rows", "copied", "image"), 0));
  expectEqual(pairsOf("20"), plans, farSizes, farOperands);
}

/// Of whole vectors of channels, not of pairs.
TEST_F(KernelPlan, PairsOfAnyChannelsRunAsWritten) {
  std::string plan =
      direct("<4 x 16, [4, 2, 1], unroll 1>", "rows", "copied", "nothing");
  plan.pop_back();
  auto any = compileAs(pairsOf("4 * I"), steps(plan + ", anyInputs = true>"));
  ASSERT_TRUE(any);
  for (int64_t in : {4, 20}) {
    auto expected = compile(pairsOf(std::to_string(in)));
    ASSERT_TRUE(expected);
    Symbols size{{"N", 2}, {"H", 7}, {"W", 29}, {"I", in / 4}};
    std::vector<Values> values{randomValues(2 * in * 7 * 29, -1, 1, 1),
                               randomValues(24 * in * 9, -1, 1, 2)};
    expectNear(any->run(size, values)[0], expected->run(size, values)[0], 1e-5,
               1e-5);
  }
}

/// Whole tiles cover each row: the conditions of the others are constants,
/// which the size of the copy does not depend on.
TEST_F(KernelPlan, RowsOfWholeTilesHaveScratchOfTheShape) {
  GroupText transposed{
      {"@f32[N, 24, H, 8 * W; channels_last<8>]", "@f32[24, 24, 2, 2]"},
      {"@f32[N, 24, 2 * H, 16 * W; channels_last<8>]"},
      "%y = ConvTranspose(%0, %1, _) {strides = array<i64: 2, 2>} : "
      "@f32[N, 24, 2 * H, 16 * W]",
      "%y"};
  expectEqual(transposed,
              {steps(direct("<4 x 24, [4, 3, 2, 1], unroll 1>", "rows",
                            "copied", "nothing"))},
              {{{"N", 1}, {"H", 3}, {"W", 2}}}, [](Symbols s) {
                return std::vector<Values>{
                    randomValues(s["N"] * 24 * s["H"] * 8 * s["W"], -1, 1, 1),
                    randomValues(24 * 24 * 4, -1, 1, 2)};
              });
}

/// The convolution of any channels with constants in the place of its symbols.
GroupText constantChannels(const std::string &in, const std::string &out) {
  return {{"@f32[N, " + in + ", H, W; channels_last<8>]",
           "@f32[" + out + ", " + in + ", 3, 3; panels<16>]",
           "@f32[" + out + "]"},
          {"@f32[N, " + out + ", H, W; channels_last<8>]"},
          "%y = Conv(%0, %1, %2) {pads = array<i64: 1, 1, 1, 1>} : @f32[N, " +
              out + ", H, W]",
          "%y"};
}

/// One kernel for any number of panels and of input channels.
TEST_F(KernelPlan, ConvolutionsOfAnyChannelsRunAsWritten) {
  auto anyDirect = [&](const std::string &tile, const std::string &loops,
                       const std::string &input, const std::string &ahead) {
    std::string plan = direct(tile, loops, input, ahead);
    plan.pop_back();
    return compileAs(anyChannels,
                     steps(plan + ", anyOutputs = true, anyInputs = true>"));
  };
  std::unique_ptr<LoadedKernel> kernels[] = {
      anyDirect("<4 x 16, [4, 2, 1], unroll 1>", "rows", "copied", "nothing"),
      anyDirect("<3 x 16, [3], unroll 4>", "panels", "copied", "weights"),
      anyDirect("<6 x 16, [6, 5, 1 in 4], unroll 2>", "rows", "edges",
                "image")};
  for (auto [in, out] : {std::pair(4, 16), {20, 16}, {4, 48}, {20, 48}}) {
    auto expected =
        compile(constantChannels(std::to_string(in), std::to_string(out)));
    ASSERT_TRUE(expected);
    for (int64_t width : {1, 29}) {
      Symbols size{{"N", 2}, {"H", 7}, {"W", width}};
      std::vector<Values> values{randomValues(2 * in * 7 * width, -1, 1, 1),
                                 randomValues(out * in * 9, -1, 1, 2),
                                 randomValues(out, -1, 1, 3)};
      Values wanted = expected->run(size, values)[0];
      size["I"] = in / 4;
      size["C"] = out / 16;
      for (const auto &kernel : kernels) {
        ASSERT_TRUE(kernel);
        expectNear(kernel->run(size, values)[0], wanted, 1e-5, 1e-5);
      }
    }
  }
}

TEST_F(KernelPlan, ProductsRunAsWritten) {
  std::vector<std::string> plans = {
      steps(tiles("<4 x 16, [4, 2, 1], unroll 1>",
                  "few = 64, many = 256, strip = 0, ahead = false, inPlace = "
                  "false, task = 4")),
      steps(tiles(
          "<5 x 16, [5 in 2, 1 in 8], unroll 4>",
          "few = 1, many = 2, strip = 4096, ahead = true, inPlace = false, "
          "task = 1")),
      steps(
          tiles("<1 x 16, [1 in 4], unroll 1>",
                "few = 7, many = 7, strip = 0, ahead = false, inPlace = false, "
                "task = 2"),
          0),
      steps(tiles("<3 x 16, [3, 1], unroll 1>",
                  "few = 2, many = 2, strip = 0, ahead = false, inPlace = "
                  "false, task = 1, sharesPanels = true"))};
  expectEqual(product, plans, {{{"M", 1}}, {{"M", 23}}, {{"M", 200}}},
              [](Symbols s) {
                return std::vector<Values>{randomValues(s["M"] * 40, -1, 1, 1),
                                           randomValues(40 * 48, -1, 1, 2)};
              });
  plans.erase(plans.begin() + 1); // A right side that is not packed.
  plans.push_back(
      steps(tiles("<4 x 16, [4, 2, 1], unroll 1>",
                  "few = 64, many = 256, strip = 0, ahead = false, inPlace = "
                  "true, task = 4")));
  expectEqual(unpacked, plans, {{{"M", 2}}, {{"M", 65}}}, [](Symbols s) {
    return std::vector<Values>{randomValues(s["M"] * 40, -1, 1, 1),
                               randomValues(40 * 50, -1, 1, 2)};
  });
}

TEST_F(KernelPlan, AttentionsRunAsWritten) {
  const std::string narrow = "<4 x 8, [4, 3, 1], unroll 1>",
                    wide = "<4 x 16, [4, 1], unroll 2>";
  expectEqual(
      attention,
      {steps(products(narrow, wide, "false")),
       steps(products(wide, narrow, "true")),
       steps(products(narrow, narrow, "true"), 0)},
      {{{"M", 1}, {"N", 1}}, {{"M", 9}, {"N", 8}}, {{"M", 3}, {"N", 45}}},
      [](Symbols s) {
        return std::vector<Values>{randomValues(s["M"] * 8, -1, 1, 1),
                                   randomValues(s["N"] * 8, -1, 1, 2),
                                   randomValues(s["N"] * 20, -1, 1, 3)};
      });
  std::string other = products("<2 x 8, [2, 1], unroll 1>", narrow, "false");
  EXPECT_NE(refusal(attention, steps(other))
                .find("plan: expects both products of an attention to have "
                      "tiles of as many rows, got 2 and 4"),
            std::string::npos);
}

TEST_F(KernelPlan, ChainsOfPixelsRunAsWritten) {
  const std::string tile = "<4 x 16, [4, 3, 1], unroll 1>";
  auto both = [&](const std::string &first, const std::string &loops) {
    return direct(first, "pixels", "in_place", "nothing") + ", " +
           direct(tile, loops, "copied", "nothing");
  };
  expectEqual(pixels,
              {steps(both(tile, "pixels")), steps(both(tile, "pixels"), 0)},
              {{{"N", 1}, {"H", 1}, {"W", 1}}, {{"N", 2}, {"H", 3}, {"W", 7}}},
              [](Symbols s) {
                return std::vector<Values>{
                    randomValues(s["N"] * 8 * s["H"] * s["W"], -1, 1, 1),
                    randomValues(160, -1, 1, 2), randomValues(120, -1, 1, 3)};
              });
  EXPECT_NE(
      refusal(pixels, steps(both("<2 x 16, [2, 1], unroll 1>", "pixels")))
          .find("plan: expects both convolutions of a chain to have tiles "
                "of as many pixels, got 2 and 4"),
      std::string::npos);
  EXPECT_NE(refusal(pixels, steps(both(tile, "panels")))
                .find("expects loops over rows or pixels of a convolution in a "
                      "chain"),
            std::string::npos);
}

TEST_F(KernelPlan, ReductionsRunAsWritten) {
  std::vector<std::string> plans = {
      steps("#dyn.loops_plan<form = lanes, vectors = 1>"),
      steps("#dyn.loops_plan<form = lanes, vectors = 4>"),
      steps("#dyn.loops_plan<form = lanes, vectors = 2>", 0)};
  expectEqual(softmax, plans, {{{"M", 5}, {"K", 37}}, {{"M", 1}, {"K", 3}}},
              [](Symbols s) {
                return std::vector<Values>{
                    randomValues(s["M"] * s["K"], -3, 3, 1)};
              });
}

TEST_F(KernelPlan, WindowsRunAsWritten) {
  std::vector<std::string> plans = {
      steps("#dyn.window_plan<rows = 1, strip = 1, unrolled = false>"),
      steps("#dyn.window_plan<rows = 3, strip = 4096, unrolled = true>"),
      steps("#dyn.window_plan<rows = 8, strip = 100000, unrolled = true>", 0),
      steps("#dyn.loops_plan<form = columns, vectors = 2>")};
  expectEqual(
      pool, plans,
      {{{"N", 2}, {"H", 23}, {"W", 33}}, {{"N", 1}, {"H", 1}, {"W", 1}}},
      [](Symbols s) {
        return std::vector<Values>{
            randomValues(s["N"] * 3 * s["H"] * s["W"], -1, 1, 1)};
      });
}

TEST_F(KernelPlan, PooledChannelsRunAsWritten) {
  std::vector<std::string> plans = {
      steps("#dyn.depthwise_plan<pixels = 4, unrolled = true>"),
      steps("#dyn.depthwise_plan<pixels = 3, unrolled = false>"),
      steps("#dyn.depthwise_plan<pixels = 1, unrolled = true>", 0),
      steps("#dyn.loops_plan<form = columns, vectors = 2>")};
  expectEqual(
      pooledChannels, plans,
      {{{"N", 2}, {"H", 23}, {"W", 33}}, {{"N", 1}, {"H", 1}, {"W", 1}}},
      [](Symbols s) {
        return std::vector<Values>{
            randomValues(s["N"] * 11 * s["H"] * s["W"], -1, 1, 1)};
      });
}

TEST_F(KernelPlan, DepthwiseWindowsRunAsWritten) {
  std::vector<std::string> plans = {
      steps("#dyn.window_plan<rows = 1, strip = 4096, unrolled = false>"),
      steps("#dyn.window_plan<rows = 2, strip = 16384, unrolled = true>")};
  expectEqual(
      depthwiseRows, plans,
      {{{"N", 2}, {"H", 31}, {"W", 70}}, {{"N", 1}, {"H", 1}, {"W", 3}}},
      [](Symbols s) {
        return std::vector<Values>{
            randomValues(s["N"] * 6 * s["H"] * s["W"], -1, 1, 1),
            randomValues(6 * 20, -1, 1, 2), randomValues(6, -1, 1, 3)};
      });
}

TEST_F(KernelPlan, ScansRunAsWritten) {
  std::vector<std::string> plans = {
      steps("#dyn.loops_plan<form = lanes>"),
      steps("#dyn.loops_plan<form = rows, vectors = 1>"),
      steps("#dyn.loops_plan<form = rows, vectors = 8>", 0)};
  expectEqual(scan, plans, {{{"M", 13}, {"K", 37}}, {{"M", 1}, {"K", 3}}},
              [](Symbols s) {
                return std::vector<Values>{
                    randomValues(s["M"] * s["K"], -3, 3, 1)};
              });
}

} // namespace
