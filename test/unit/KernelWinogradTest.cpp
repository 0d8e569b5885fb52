// Convolutions by Winograd's filtering: their results, the errors of these, and
// plans for them that are written by hand.
#include "KernelConvolutionCase.h"
#include "KernelMemory.h"
#include "KernelPlanHarness.h"

using namespace dycc::test;

namespace {

const std::string winograd2 = "panels<16, winograd 2>",
                  winograd4 = "panels<16, winograd 4>",
                  wideWinograd4 = "panels<32, winograd 4>";

const Case cases[] = {
    {.name = "in small tiles",
     .channels = 32,
     .filters = 32,
     .weightLayout = winograd2,
     .residual = true},
    {.name = "in large tiles",
     .channels = 32,
     .filters = 64,
     .inputLayout = vectors,
     .weightLayout = wideWinograd4,
     .outputLayout = vectors,
     .residual = true},
    {.name = "with odd channels",
     .channels = 25,
     .filters = 20,
     .weightLayout = winograd4,
     .bias = false},
    {.name = "from plain to plain",
     .channels = 7,
     .filters = 33,
     .inputLayout = "",
     .weightLayout = winograd4,
     .outputLayout = ""},
    {.name = "with a prologue",
     .channels = 24,
     .filters = 24,
     .weightLayout = winograd4,
     .prologue = true},
    {.name = "without padding",
     .channels = 16,
     .filters = 16,
     .pads = noPads,
     .weightLayout = winograd4},
    {.name = "with odd padding",
     .channels = 16,
     .filters = 16,
     .pads = {2, 0, 1, 3},
     .weightLayout = winograd2},
    {.name = "with many channels",
     .channels = 256,
     .filters = 64,
     .weightLayout = winograd4},
};

using KernelWinograd = KernelConvolution;
using KernelWinogradPlan = KernelPlan;

TEST_F(KernelWinograd, FollowsTheDefinition) {
  checkAll<Case>(cases,
                 {{1, 7, 7},
                  {2, 13, 17},
                  {1, 37, 11},
                  {1, 5, 46},
                  {0, 8, 8},
                  {1, 3, 3},
                  {3, 4, 3},
                  {7, 4, 4},
                  {5, 9, 8}},
                 check);
}

// A version sums up directly.
TEST_F(KernelWinograd, OfFewPixelsFollowsTheDefinition) {
  std::vector<Case> padded;
  llvm::copy_if(cases, std::back_inserter(padded),
                [](const Case &c) { return c.pads != noPads; });
  checkAll<Case>(
      padded, {{1, 1, 1}, {2, 1, 3}, {1, 2, 4}, {1, 5, 1}, {1, 3, 7}}, check);
}

// Behind the whole tiles of a row any number of pixels can be left.
/// The error of Winograd's tiles over the largest value of the result, for few
/// products in a sum and for as many as the compiler uses the tiles for.
TEST_F(KernelWinograd, StaysWithinItsBound) {
  for (const auto &[channels, layout] : {std::pair(8, winograd4),
                                         {512, winograd4},
                                         {8, winograd2},
                                         {640, winograd2}}) {
    SCOPED_TRACE(layout + " of " + std::to_string(channels));
    Case c{.name = layout,
           .channels = channels,
           .filters = 32,
           .weightLayout = layout};
    auto kernel = compile(groupOf(c));
    ASSERT_TRUE(kernel);
    for (double least : {-1.0, 0.0}) { // Also as behind a Relu.
      ImageSize size{1, 12, 13};
      std::vector<Values> in = inputsOf(c, size);
      in[0] = randomValues(static_cast<int64_t>(in[0].size()), least, 1, 5);
      expectFor(*kernel, c, size, in);
    }
  }
}

/// Strips of an image, or panels of few tiles, are dealt out to the threads
/// that there are.
TEST_F(KernelWinograd, IsTheSameForAnyNumberOfThreads) {
  for (const Case &c : cases) {
    SCOPED_TRACE(c.name);
    auto kernel = compile(groupOf(c));
    ASSERT_TRUE(kernel);
    for (ImageSize size :
         {ImageSize{1, 37, 50}, {2, 9, 7}, {1, 4, 70}, {9, 3, 4}}) {
      std::vector<Values> in = inputsOf(c, size), results;
      for (int32_t threads : {1, 2, 3, 7, 64}) {
        setThreads(threads);
        results.push_back(kernel->run(size.symbols(), in)[0]);
      }
      setThreads(3);
      for (const Values &result : llvm::drop_begin(results))
        EXPECT_EQ(result, results.front());
    }
  }
}

/// The same with its filter transformed.
const GroupText transformed{
    {"@f32[N, 20, H, W; channels_last<8>]",
     "@f32[24, 20, 3, 3; panels<16, winograd 4>]", "@f32[24]"},
    {"@f32[N, 24, H, W; channels_last<8>]"},
    "%y = Conv(%0, %1, %2) {pads = array<i64: 1, 1, 1, 1>} : @f32[N, 24, H, W]",
    "%y"};

/// Strips of one tile, of some, and of all.
TEST_F(KernelWinogradPlan, RunsAsWritten) {
  auto winograd = [](const std::string &tile, int strip, int whole) {
    return "#dyn.winograd_plan<tile = " + tile +
           ", strip = " + std::to_string(strip) +
           ", whole = " + std::to_string(whole) +
           ", sharesPanels = " + (whole > 5 ? "true" : "false") + ">";
  };
  expectEqual(
      transformed,
      {steps(winograd("<6 x 16, [6 in 2, 3 in 2, 1 in 2], unroll 2>", 1, 1)),
       steps(winograd("<4 x 16, [4, 2, 1], unroll 1>", 5, 2)),
       steps(winograd("<3 x 16, [3], unroll 4>", 7, 100)),
       steps(winograd("<6 x 16, [6, 1], unroll 5>", 12, 6), 0)},
      {{{"N", 2}, {"H", 7}, {"W", 33}},
       {{"N", 1}, {"H", 1}, {"W", 1}},
       {{"N", 1}, {"H", 41}, {"W", 18}}},
      [](Symbols s) {
        return std::vector<Values>{
            randomValues(s["N"] * 20 * s["H"] * s["W"], -1, 1, 1),
            randomValues(24 * 20 * 9, -1, 1, 2), randomValues(24, -1, 1, 3)};
      },
      5e-4); // Each is within 2e-5 of the largest, about 12.
}

/// Direct sums read the taps back.
TEST_F(KernelWinogradPlan, ReadsTheTapsOfATransformedFilter) {
  auto direct = [](const std::string &tile, const std::string &loops,
                   const std::string &input) {
    return steps("#dyn.convolution_plan<tile = " + tile + ", loops = " + loops +
                 ", input = " + input + ", ahead = nothing>");
  };
  GroupText small = transformed;
  small.inputs[1] = "@f32[24, 20, 3, 3; panels<16, winograd 2>]";
  for (const GroupText &text : {transformed, small})
    expectEqual(
        text,
        {direct("<3 x 16, [3, 1], unroll 1>", "panels", "copied"),
         direct("<4 x 16, [4, 2, 1], unroll 2>", "rows", "edges")},
        {{{"N", 2}, {"H", 7}, {"W", 33}}, {{"N", 3}, {"H", 1}, {"W", 2}}},
        [](Symbols s) {
          return std::vector<Values>{
              randomValues(s["N"] * 20 * s["H"] * s["W"], -1, 1, 1),
              randomValues(24 * 20 * 9, -1, 1, 2), randomValues(24, -1, 1, 3)};
        },
        5e-4);
}

/// One kernel for any number of panels.
TEST_F(KernelWinogradPlan, OfAnyOutputsRunsAsWritten) {
  auto textOf = [](const std::string &out) {
    return GroupText{{"@f32[N, 20, H, W; channels_last<8>]",
                      "@f32[" + out + ", 20, 3, 3; panels<16, winograd 4>]"},
                     {"@f32[N, " + out + ", H, W; channels_last<8>]"},
                     "%y = Conv(%0, %1, _) {pads = array<i64: 1, 1, 1, 1>} : "
                     "@f32[N, " +
                         out + ", H, W]",
                     "%y"};
  };
  std::string plan = "#dyn.winograd_plan<tile = <6 x 16, [6, 3, 1], unroll 2>, "
                     "strip = 6, whole = 12, sharesPanels = true";
  auto any = compileAs(textOf("16 * C"), steps(plan + ", anyOutputs = true>"));
  ASSERT_TRUE(any);
  EXPECT_NE(refusal(textOf("16 * C"), steps(plan + ">"))
                .find("expects a constant number of output channels, got "
                      "'16 * C'"),
            std::string::npos);
  for (int64_t out : {16, 48}) {
    auto expected = compile(textOf(std::to_string(out)));
    ASSERT_TRUE(expected);
    Symbols size{{"N", 2}, {"H", 7}, {"W", 29}};
    std::vector<Values> values{randomValues(2 * 20 * 7 * 29, -1, 1, 1),
                               randomValues(out * 20 * 9, -1, 1, 2)};
    Values wanted = expected->run(size, values)[0];
    size["C"] = out / 16;
    expectNear(any->run(size, values)[0], wanted, 5e-4, 5e-4);
  }
}

TEST_F(KernelWinogradPlan, RefusesWhatDoesNotFit) {
  const std::string tile = "tile = <4 x 16, [4, 1], unroll 1>";
  auto reason = [&](const GroupText &text, const std::string &plan) {
    return refusal(text, steps(plan));
  };
  GroupText direct = transformed;
  direct.inputs[1] = "@f32[24, 20, 3, 3; panels<16>]";
  EXPECT_NE(reason(direct, "#dyn.winograd_plan<" + tile +
                               ", strip = 6, whole = 6, sharesPanels = true>")
                .find("expects a filter that is transformed for Winograd's "
                      "tiles"),
            std::string::npos);
  EXPECT_NE(
      reason(transformed, "#dyn.winograd_plan<" + tile +
                              ", strip = 0, whole = 6, sharesPanels = true>")
          .find("expects positive numbers of tiles, got strip 0, whole "
                "6"),
      std::string::npos);
  EXPECT_NE(reason(transformed,
                   "#dyn.winograd_plan<tile = <4 x 16, [4, 1 in 2], unroll 1>, "
                   "strip = 6, whole = 6, sharesPanels = true>")
                .find("expects sums in as many parts at each height"),
            std::string::npos);
  EXPECT_NE(reason(transformed, "#dyn.convolution_plan<" + tile +
                                    ", loops = panels, input = copied, ahead = "
                                    "weights>")
                .find("expects a filter that is not transformed to ask for it "
                      "ahead"),
            std::string::npos);
  EXPECT_NE(reason(transformed, "#dyn.loops_plan<form = vectors>")
                .find("expects a plan of a convolution by Winograd's "
                      "filtering or a direct one, got #dyn.loops_plan<"),
            std::string::npos);
}

} // namespace
