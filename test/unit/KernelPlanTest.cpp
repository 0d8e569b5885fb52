// Plans written by hand: each that fits computes what the others compute, and
// one that does not is refused with the reason.
#include "KernelPlanHarness.h"

using namespace dycc::test;

namespace {

const GroupText convolution{{"@f32[N, 20, H, W; channels_last<8>]",
                             "@f32[24, 20, 3, 3; panels<16>]", "@f32[24]"},
                            {"@f32[N, 24, H, W; channels_last<8>]"},
                            "%y = Conv(%0, %1, %2) {pads = array<i64: 1, 1, 1, "
                            "1>} : @f32[N, 24, H, W]",
                            "%y"};
const GroupText product{{"@f32[M, 40]", "@f32[40, 48; panels<16>]"},
                        {"@f32[M, 48]"},
                        "%y = MatMul(%0, %1) : @f32[M, 48]",
                        "%y"};
const GroupText unpacked{{"@f32[M, 40]", "@f32[40, 50]"},
                         {"@f32[M, 50]"},
                         "%y = MatMul(%0, %1) : @f32[M, 50]",
                         "%y"};
const GroupText softmax{{"@f32[M, K]"},
                        {"@f32[M, K]"},
                        "%y = Softmax(%0) {axis = -1 : si64} : @f32[M, K]",
                        "%y"};

const GroupText attention{{"@f32[M, 8]", "@f32[8, N]", "@f32[N, 20]"},
                          {"@f32[M, 20]"},
                          "%p = MatMul(%0, %1) : @f32[M, N]\n"
                          "%w = Softmax(%p) {axis = -1 : i64} : @f32[M, N]\n"
                          "%y = MatMul(%w, %2) : @f32[M, 20]",
                          "%y"};

const GroupText row{
    {"@f32[N, 20, W; channels_last<8>]", "@f32[24, 20, 3; panels<16>]"},
    {"@f32[N, 24, W; channels_last<8>]"},
    "%y = Conv(%0, %1, _) {pads = array<i64: 1, 1>} : "
    "@f32[N, 24, W]",
    "%y"};
const GroupText depthwise{
    {"@f32[N, 16, H, W; channels_last<8>]", "@f32[16, 1, 3, 3; panels<16>]"},
    {"@f32[N, 16, H, W; channels_last<8>]"},
    "%y = Conv(%0, %1, _) {group = 16 : si64, pads = "
    "array<i64: 1, 1, 1, 1>} : @f32[N, 16, H, W]",
    "%y"};

const GroupText pool{{"@f32[N, 3, H, W]"},
                     {"@f32[N, 3, H, W]"},
                     "%y = AveragePool(%0) {kernel_shape = array<i64: 3, 3>, "
                     "pads = array<i64: 1, 1, 1, 1>} : @f32[N, 3, H, W]",
                     "%y"};
/// Of which the machine's plan brings channels together.
const GroupText depthwiseRows{
    {"@f32[N, 6, H, W]", "@f32[6, 1, 5, 4; panels<16>]", "@f32[6]"},
    {"@f32[N, 6, (H - 1) floordiv 2 + 1, W - 2]"},
    "%y = Conv(%0, %1, %2) {group = 6 : si64, strides = array<i64: 2, 1>, "
    "dilations = array<i64: 1, 2>, pads = array<i64: 2, 1, 2, 3>} : "
    "@f32[N, 6, (H - 1) floordiv 2 + 1, W - 2]",
    "%y"};
const GroupText pooledRows{{"@f32[N, 3, W]"},
                           {"@f32[N, 3, W - 1]"},
                           "%y = MaxPool(%0) {kernel_shape = array<i64: 2>} : "
                           "@f32[N, 3, W - 1]",
                           "%y"};
const GroupText scan{
    {"@f32[M, K]"},
    {"@f32[M, K]"},
    "%s = dyn.symbolic [1] : @i64[1]\n%y = CumSum(%0, %s) : @f32[M, K]",
    "%y"};

const GroupText anyChannels{{"@f32[N, 4 * I, H, W; channels_last<8>]",
                             "@f32[16 * C, 4 * I, 3, 3; panels<16>]",
                             "@f32[16 * C]"},
                            {"@f32[N, 16 * C, H, W; channels_last<8>]"},
                            "%y = Conv(%0, %1, %2) {pads = array<i64: 1, 1, 1, "
                            "1>} : @f32[N, 16 * C, H, W]",
                            "%y"};

const GroupText anyInputs{
    {"@f32[N, I, H, W; channels_last<8>]", "@f32[16, I, 3, 3; panels<16>]"},
    {"@f32[N, 16, H, W; channels_last<8>]"},
    "%y = Conv(%0, %1, _) {pads = array<i64: 1, 1, 1, 1>} : @f32[N, 16, H, W]",
    "%y"};

std::string direct(const std::string &tile, const std::string &loops,
                   const std::string &input, const std::string &ahead) {
  return "#dyn.convolution_plan<tile = " + tile + ", loops = " + loops +
         ", input = " + input + ", ahead = " + ahead + ">";
}

std::string tiles(const std::string &tile, const std::string &rest) {
  return "#dyn.product_plan<tile = " + tile + ", " + rest + ">";
}

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

/// The steps of an attention with tiles for its two products.
std::string products(const std::string &scores, const std::string &values,
                     const std::string &inPlace) {
  std::string rest =
      "few = 1, many = 1, strip = 0, ahead = false, inPlace = " + inPlace +
      ", task = 1";
  return tiles(scores, rest) +
         ", #dyn.loops_plan<form = lanes, vectors = 1>, " + tiles(values, rest);
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

const GroupText pixels{{"@f32[N, 8, H, W; channels_last<8>]",
                        "@f32[20, 8, 1, 1; panels<16>]",
                        "@f32[6, 20, 1, 1; panels<16>]"},
                       {"@f32[N, 6, H, W; channels_last<8>]"},
                       "%a = Conv(%0, %1, _) : @f32[N, 20, H, W]\n"
                       "%y = Conv(%a, %2, _) : @f32[N, 6, H, W]",
                       "%y"};

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

/// The text of a refusal without the plan that it starts with.
struct Refusal {
  const GroupText &text;
  std::string step, reason;
};

TEST_F(KernelPlan, RefusesWhatDoesNotFit) {
  std::string rest = "few = 64, many = 256, strip = 0, ahead = false, inPlace "
                     "= false, task = 4";
  const std::string tile = "<4 x 16, [4, 1], unroll 1>";
  Refusal cases[] = {
      {convolution,
       direct("<2 x 32, [2, 1], unroll 1>", "rows", "copied", "nothing"),
       "expects tiles as wide as the packed panels, 16, got 32"},
      {unpacked, tiles("<2 x 18, [2, 1], unroll 1>", rest),
       "expects tiles of whole vectors of 4, got 18"},
      {product, tiles("<4 x 16, [2, 1], unroll 1>", rest),
       "expects heights for 'M' rows"},
      {product, tiles("<4 x 16, [4 in 16], unroll 1>", rest),
       "expects parts that divide the sum's 40 products, got 16"},
      {product,
       tiles(tile, "few = 0, many = 256, strip = 0, ahead = false, "
                   "inPlace = false, task = 4"),
       "expects positive numbers of tiles and panels, got few 0, many 256, "
       "task 4"},
      {unpacked,
       tiles(tile, "few = 1, many = 1, strip = 0, ahead = true, "
                   "inPlace = false, task = 4"),
       "expects a packed right side to ask for ahead"},
      {product,
       tiles(tile, "few = 1, many = 1, strip = 0, ahead = false, "
                   "inPlace = true, task = 4"),
       "expects a right side that is not packed and lies row by row to read in "
       "place"},
      {convolution, direct(tile, "pixels", "copied", "nothing"),
       "expects one axis for loops over pixels, got 2"},
      {row, direct(tile, "rows", "copied", "nothing"),
       "expects an image of two axes for loops over rows, got 1"},
      {row, direct(tile, "panels", "copied", "image"),
       "expects an image of two axes to ask for ahead, got 1"},
      {depthwise, "#dyn.depthwise_plan<pixels = 0, unrolled = true>",
       "expects a positive number of pixels, got 0"},
      {convolution, direct(tile, "rows", "in_place", "nothing"),
       "expects an image without padding and with channels innermost to read "
       "in place"},
      {convolution, direct(tile, "panels", "edges", "nothing"),
       "expects a padded image with channels innermost and loops over rows to "
       "copy its edges alone"},
      {convolution, "#dyn.depthwise_plan<pixels = 4, unrolled = true>",
       "expects a depthwise convolution whose channels and filters lie in "
       "whole vectors of 4"},
      {product, direct(tile, "rows", "copied", "nothing"),
       "expects a plan of a product, got #dyn.convolution_plan<"},
      {convolution, tiles(tile, rest),
       "expects a plan of a convolution, got #dyn.product_plan<"},
      {softmax, tiles(tile, rest),
       "expects a plan of plain loops, got #dyn.product_plan<"},
      {softmax, "#dyn.loops_plan<form = columns>",
       "has no loops of form 'columns' for what it computes"},
      {softmax, "#dyn.loops_plan<form = lanes, vectors = 3>",
       "expects a power of two as number of vectors, got 3"}};
  for (const Refusal &c : cases)
    EXPECT_NE(refusal(c.text, steps(c.step)).find(c.reason), std::string::npos)
        << c.reason << "\n"
        << refusal(c.text, steps(c.step));
}

TEST_F(KernelPlan, RefusesWindowsThatDoNotFit) {
  Refusal cases[] = {
      {pool, "#dyn.window_plan<rows = 0, strip = 1, unrolled = true>",
       "expects positive numbers of rows and bytes, got rows 0, strip 1"},
      {pooledRows, "#dyn.window_plan<rows = 1, strip = 1, unrolled = true>",
       "expects images of two axes or more in row-major order and steps of at "
       "most 8 for windows over rows"},
      {convolution, "#dyn.window_plan<rows = 1, strip = 1, unrolled = true>",
       "expects a pooling or a depthwise convolution for windows over rows"},
      {pool, "#dyn.depthwise_plan<pixels = 4, unrolled = true>",
       "expects a plan of a pooling, got #dyn.depthwise_plan<"},
      {pool, "#dyn.loops_plan<form = lanes>",
       "has no loops of form 'lanes' for what it computes"}};
  for (const Refusal &c : cases)
    EXPECT_NE(refusal(c.text, steps(c.step)).find(c.reason), std::string::npos)
        << c.reason << "\n"
        << refusal(c.text, steps(c.step));
}

TEST_F(KernelPlan, RefusesChannelsThatDoNotFit) {
  std::string plan =
      direct("<4 x 16, [4, 1], unroll 1>", "rows", "copied", "nothing");
  EXPECT_NE(refusal(anyChannels, steps(plan))
                .find("expects a constant number of output channels, got "
                      "'16 * C'"),
            std::string::npos);
  plan.pop_back();
  EXPECT_NE(refusal(anyInputs, steps(plan + ", anyInputs = true>"))
                .find("expects a multiple of 4 input channels, got 'I'"),
            std::string::npos);
}

TEST_F(KernelPlan, RefusesVectorsThatTheMachineHasNot) {
  auto oldest = dycc::codegen::TargetInfo::get("x86_64-linux-gnu", "", "");
  ASSERT_TRUE(static_cast<bool>(oldest)) << toString(oldest.takeError());
  target = *oldest;
  EXPECT_NE(refusal(softmax, "vector = 32, task = 0, steps = []")
                .find("version 'kernel': plan: expects vectors of at most 16 "
                      "bytes, as machine x86-64 has, got 32"),
            std::string::npos);
}

/// Softmax is no scan.
TEST_F(KernelPlan, RefusesRowsOfWhatIsNoScan) {
  EXPECT_NE(refusal(softmax, steps("#dyn.loops_plan<form = rows>"))
                .find("has no loops of form 'rows' for what it computes"),
            std::string::npos);
}

TEST_F(KernelPlan, RefusesOtherNumbersOfSteps) {
  EXPECT_NE(refusal(softmax, steps(""))
                .find("plan: expects a step for each root, got 0"),
            std::string::npos);
  std::string lanes = "#dyn.loops_plan<form = lanes, vectors = 2>";
  EXPECT_NE(refusal(softmax, steps(lanes + ", " + lanes))
                .find("plan: expects 1 steps, got 2"),
            std::string::npos);
}

} // namespace
