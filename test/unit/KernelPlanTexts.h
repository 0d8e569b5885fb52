// Kernels that plans are written for, and the texts of such plans.
#ifndef DYCC_TEST_UNIT_KERNELPLANTEXTS_H
#define DYCC_TEST_UNIT_KERNELPLANTEXTS_H

#include "KernelPlanHarness.h"

namespace dycc::test {

inline const GroupText convolution{
    {"@f32[N, 20, H, W; channels_last<8>]", "@f32[24, 20, 3, 3; panels<16>]",
     "@f32[24]"},
    {"@f32[N, 24, H, W; channels_last<8>]"},
    "%y = Conv(%0, %1, %2) {pads = array<i64: 1, 1, 1, "
    "1>} : @f32[N, 24, H, W]",
    "%y"};
/// Whose taps lie outside of small images.
inline const GroupText farTaps{
    {"@f32[N, 20, H, W; channels_last<8>]", "@f32[24, 20, 3, 3; panels<16>]"},
    {"@f32[N, 24, (H - 1) floordiv 2 + 1, W + 2; channels_last<8>]"},
    "%y = Conv(%0, %1, _) {strides = array<i64: 2, 1>, dilations = array<i64: "
    "5, 7>, pads = array<i64: 5, 9, 5, 7>} : "
    "@f32[N, 24, (H - 1) floordiv 2 + 1, W + 2]",
    "%y"};
/// Of pairs of bf16 among `channels`, which are summed up as f32.
inline GroupText pairsOf(const std::string &channels) {
  return {{"@bf16[N, " + channels + ", H, W; channels_last<8>]",
           "@bf16[24, " + channels + ", 3, 3; panels<16, group 2>]"},
          {"@f32[N, 24, H, W; channels_last<8>]"},
          "%s = Conv(%0, %1, _) {dilations = array<i64: 4, 5>, pads = "
          "array<i64: 4, 5, 4, 5>} : @bf16[N, 24, H, W]\n%y = Cast(%s) {to = 1 "
          ": i64} : @f32[N, 24, H, W]",
          "%y"};
}
inline const GroupText product{{"@f32[M, 40]", "@f32[40, 48; panels<16>]"},
                               {"@f32[M, 48]"},
                               "%y = MatMul(%0, %1) : @f32[M, 48]",
                               "%y"};
inline const GroupText unpacked{{"@f32[M, 40]", "@f32[40, 50]"},
                                {"@f32[M, 50]"},
                                "%y = MatMul(%0, %1) : @f32[M, 50]",
                                "%y"};
inline const GroupText softmax{
    {"@f32[M, K]"},
    {"@f32[M, K]"},
    "%y = Softmax(%0) {axis = -1 : si64} : @f32[M, K]",
    "%y"};

inline const GroupText attention{
    {"@f32[M, 8]", "@f32[8, N]", "@f32[N, 20]"},
    {"@f32[M, 20]"},
    "%p = MatMul(%0, %1) : @f32[M, N]\n"
    "%w = Softmax(%p) {axis = -1 : i64} : @f32[M, N]\n"
    "%y = MatMul(%w, %2) : @f32[M, 20]",
    "%y"};

inline const GroupText row{
    {"@f32[N, 20, W; channels_last<8>]", "@f32[24, 20, 3; panels<16>]"},
    {"@f32[N, 24, W; channels_last<8>]"},
    "%y = Conv(%0, %1, _) {pads = array<i64: 1, 1>} : "
    "@f32[N, 24, W]",
    "%y"};
inline const GroupText depthwise{
    {"@f32[N, 16, H, W; channels_last<8>]", "@f32[16, 1, 3, 3; panels<16>]"},
    {"@f32[N, 16, H, W; channels_last<8>]"},
    "%y = Conv(%0, %1, _) {group = 16 : si64, pads = "
    "array<i64: 1, 1, 1, 1>} : @f32[N, 16, H, W]",
    "%y"};

inline const GroupText pool{
    {"@f32[N, 3, H, W]"},
    {"@f32[N, 3, H, W]"},
    "%y = AveragePool(%0) {kernel_shape = array<i64: 3, 3>, "
    "pads = array<i64: 1, 1, 1, 1>} : @f32[N, 3, H, W]",
    "%y"};
/// Of which the machine's plan brings channels together.
inline const GroupText depthwiseRows{
    {"@f32[N, 6, H, W]", "@f32[6, 1, 5, 4; panels<16>]", "@f32[6]"},
    {"@f32[N, 6, (H - 1) floordiv 2 + 1, W - 2]"},
    "%y = Conv(%0, %1, %2) {group = 6 : si64, strides = array<i64: 2, 1>, "
    "dilations = array<i64: 1, 2>, pads = array<i64: 2, 1, 2, 3>} : "
    "@f32[N, 6, (H - 1) floordiv 2 + 1, W - 2]",
    "%y"};
inline const GroupText pooledRows{
    {"@f32[N, 3, W]"},
    {"@f32[N, 3, W - 1]"},
    "%y = MaxPool(%0) {kernel_shape = array<i64: 2>} : "
    "@f32[N, 3, W - 1]",
    "%y"};
inline const GroupText pooledChannels{
    {"@f32[N, 11, H, W; channels_last<8>]"},
    {"@f32[N, 11, (H - 1) floordiv 2 + 1, W; channels_last<8>]"},
    "%y = AveragePool(%0) {kernel_shape = array<i64: 3, 5>, strides = "
    "array<i64: 2, 1>, pads = array<i64: 1, 2, 1, 2>} : "
    "@f32[N, 11, (H - 1) floordiv 2 + 1, W]",
    "%y"};
inline const GroupText scan{
    {"@f32[M, K]"},
    {"@f32[M, K]"},
    "%s = dyn.symbolic [1] : @i64[1]\n%y = CumSum(%0, %s) : @f32[M, K]",
    "%y"};

inline const GroupText anyChannels{
    {"@f32[N, 4 * I, H, W; channels_last<8>]",
     "@f32[16 * C, 4 * I, 3, 3; panels<16>]", "@f32[16 * C]"},
    {"@f32[N, 16 * C, H, W; channels_last<8>]"},
    "%y = Conv(%0, %1, %2) {pads = array<i64: 1, 1, 1, "
    "1>} : @f32[N, 16 * C, H, W]",
    "%y"};

inline const GroupText anyInputs{
    {"@f32[N, I, H, W; channels_last<8>]", "@f32[16, I, 3, 3; panels<16>]"},
    {"@f32[N, 16, H, W; channels_last<8>]"},
    "%y = Conv(%0, %1, _) {pads = array<i64: 1, 1, 1, 1>} : @f32[N, 16, H, W]",
    "%y"};

inline std::string direct(const std::string &tile, const std::string &loops,
                          const std::string &input, const std::string &ahead) {
  return "#dyn.convolution_plan<tile = " + tile + ", loops = " + loops +
         ", input = " + input + ", ahead = " + ahead + ">";
}

inline std::string tiles(const std::string &tile, const std::string &rest) {
  return "#dyn.product_plan<tile = " + tile + ", " + rest + ">";
}

/// The steps of an attention with tiles for its two products.
inline std::string products(const std::string &scores,
                            const std::string &values,
                            const std::string &inPlace) {
  std::string rest =
      "few = 1, many = 1, strip = 0, ahead = false, inPlace = " + inPlace +
      ", task = 1";
  return tiles(scores, rest) +
         ", #dyn.loops_plan<form = lanes, vectors = 1>, " + tiles(values, rest);
}

inline const GroupText pixels{{"@f32[N, 8, H, W; channels_last<8>]",
                               "@f32[20, 8, 1, 1; panels<16>]",
                               "@f32[6, 20, 1, 1; panels<16>]"},
                              {"@f32[N, 6, H, W; channels_last<8>]"},
                              "%a = Conv(%0, %1, _) : @f32[N, 20, H, W]\n"
                              "%y = Conv(%a, %2, _) : @f32[N, 6, H, W]",
                              "%y"};

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_KERNELPLANTEXTS_H
