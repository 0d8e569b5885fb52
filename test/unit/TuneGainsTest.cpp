// What dycc says of the plans that were faster.
#include "compiler/tune/Gains.h"

#include <gtest/gtest.h>

using namespace dycc::tune;

namespace {

TEST(TuneGains, SaysWhatGainedMostFirst) {
  std::string text;
  llvm::raw_string_ostream os(text);
  printGains(
      {{"conv_1: a", {1e-4, 5e-5}, 2}, {"conv_2: b, c", {3e-3, 2e-3}, 1.4}},
      {{"the model at H=64", {0.01, 0.008}, 1.25}}, os);
  EXPECT_EQ(text, "   before us     after us   ratio  kernel: nodes\n"
                  "     3000.00      2000.00    1.40  conv_2: b, c\n"
                  "      100.00        50.00    2.00  conv_1: a\n"
                  "    10000.00      8000.00    1.25  the model at H=64\n");
}

} // namespace
