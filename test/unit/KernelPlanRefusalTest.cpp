// Plans written by hand that do not fit are refused with the reason.
#include "KernelPlanTexts.h"

using namespace dycc::test;

namespace {

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
       "expects a pooling or a depthwise convolution whose channels and "
       "filters lie in whole vectors of 4"},
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

TEST_F(KernelPlan, RefusesToLeaveTapsOutOfRows) {
  EXPECT_NE(refusal(convolution, steps(direct("<4 x 16, [4, 1], unroll 1>",
                                              "rows", "reached", "nothing")))
                .find("expects a convolution of floats, not one filter per "
                      "channel, and loops over panels to leave taps out"),
            std::string::npos);
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
       "expects a pooling or a depthwise convolution whose channels and "
       "filters lie in whole vectors of 4"},
      {pool, direct("<4 x 16, [4, 1], unroll 1>", "rows", "copied", "nothing"),
       "expects a plan of a pooling, got #dyn.convolution_plan<"},
      {row, direct("<4 x 16, [4, 1], unroll 1>", "pixels", "copied", "nothing"),
       "expects windows of one pixel, one apart, to copy an image for loops "
       "over pixels"},
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
