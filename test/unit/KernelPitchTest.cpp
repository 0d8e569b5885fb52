// Images that lie among other channels give what they give by themselves, and
// leave their neighbours alone (LoadedKernel::run looks).
#include "KernelHarness.h"

using namespace dycc::test;

namespace {

class KernelPitch : public KernelTest {
protected:
  /// `text` with each image where # stands among other channels, or by itself.
  static GroupText placed(GroupText text, const std::string &pitch) {
    for (std::vector<std::string> *types : {&text.inputs, &text.results})
      for (std::string &type : *types)
        if (size_t at = type.find('#'); at != std::string::npos)
          type.replace(at, 1, pitch);
    return text;
  }

  void expectEqual(const std::vector<GroupText> &texts) {
    std::vector<GroupText> both;
    for (const GroupText &text : texts) {
      both.push_back(placed(text, ""));
      both.push_back(placed(text, ", pitch 80"));
    }
    auto kernels = compileAll(both);
    ASSERT_EQ(kernels.size(), both.size());
    for (size_t i = 0; i < kernels.size(); i += 2)
      for (auto [h, w] : {std::pair(9, 13), std::pair(1, 1), std::pair(0, 5)}) {
        SCOPED_TRACE(texts[i / 2].body);
        Symbols symbols{{"N", 2}, {"H", h}, {"W", w}};
        std::vector<Values> inputs;
        for (int64_t count : countsOf(texts[i / 2], symbols))
          inputs.push_back(randomValues(count, -1, 1, 5 + inputs.size()));
        std::vector<Values> alone = kernels[i]->run(symbols, inputs);
        std::vector<Values> among = kernels[i + 1]->run(symbols, inputs);
        for (auto [a, b] : llvm::zip(alone, among))
          expectNear(b, a, 1e-6, 1e-6);
      }
  }

private:
  /// Elements of each input: `@f32[N, 16, H, W; ...]`.
  static std::vector<int64_t> countsOf(const GroupText &text,
                                       const Symbols &symbols) {
    std::vector<int64_t> counts;
    for (llvm::StringRef type : text.inputs) {
      llvm::StringRef list = type.split('[').second.split(']').first;
      llvm::SmallVector<llvm::StringRef> dims;
      list.split(';').first.split(dims, ',');
      int64_t count = 1;
      for (llvm::StringRef dim : dims) {
        auto it = symbols.find(dim.trim().str());
        count *=
            it != symbols.end() ? it->second : std::stoll(dim.trim().str());
      }
      counts.push_back(count);
    }
    return counts;
  }
};

const std::string image = "@f32[N, 16, H, W; channels_last<16#>]";
const std::string wide = "@f32[N, 48, H, W; channels_last<16#>]";
/// The last channels of a whole: their padding is the whole's.
const std::string last = "@f32[N, 24, H, W; channels_last<16#>]";

TEST_F(KernelPitch, Convolutions) {
  std::string padded = "{pads = array<i64: 1, 1, 1, 1>} : @f32[N, ";
  expectEqual(
      {{{image, "@f32[48, 16, 3, 3; panels<16>]"},
        {wide},
        "%r = Conv(%0, %1, _) " + padded + "48, H, W]",
        "%r"},
       {{image, "@f32[24, 16, 3, 3; panels<16, winograd 4>]"},
        {last},
        "%r = Conv(%0, %1, _) " + padded + "24, H, W]",
        "%r"},
       {{last, "@f32[16, 24, 1, 1; panels<16>]"},
        {image},
        "%c = Conv(%0, %1, _) : @f32[N, 16, H, W]\n"
        "%r = Relu(%c) : @f32[N, 16, H, W]",
        "%r"},
       {{wide, "@f32[48, 1, 3, 3; panels<16>]", wide},
        {wide},
        "%c = Conv(%0, %1, _) {group = 48 : i64, pads = array<i64: 1, 1, 1, "
        "1>} : @f32[N, 48, H, W]\n"
        "%r = Add(%c, %2) : @f32[N, 48, H, W]",
        "%r"}});
}

TEST_F(KernelPitch, PoolsAndReductions) {
  std::string window = "{kernel_shape = array<i64: 3, 3>, pads = array<i64: 1, "
                       "1, 1, 1>} : @f32[N, 16, H, W]";
  std::string pooled = "@f32[N, 48, 1, 1; channels_last<16#>]";
  expectEqual({{{image}, {image}, "%r = MaxPool(%0) " + window, "%r"},
               {{image}, {image}, "%r = AveragePool(%0) " + window, "%r"},
               {{wide},
                {pooled},
                "%r = GlobalAveragePool(%0) : @f32[N, 48, 1, 1]",
                "%r"},
               {{image, "@f32[16]", "@f32[16]"},
                {image},
                "%r = InstanceNormalization(%0, %1, %2) : @f32[N, 16, H, W]",
                "%r"}});
}

TEST_F(KernelPitch, ElementsAndMovement) {
  expectEqual(
      {{{image, image, "@f32[16, 1, 1]"},
        {image},
        "%a = Add(%0, %1) : @f32[N, 16, H, W]\n"
        "%b = Mul(%a, %2) : @f32[N, 16, H, W]\n"
        "%r = Sigmoid(%b) : @f32[N, 16, H, W]",
        "%r"},
       {{wide}, {"@f32[N, 48, H, W]"}, "", "%0"},
       {{"@f32[N, 16, H, W]"}, {image}, "", "%0"},
       {{image, last},
        {"@f32[N, 40, H, W; channels_last<16#>]"},
        "%r = Concat(%0, %1) {axis = 1 : i64} : @f32[N, 40, H, W]",
        "%r"},
       {{image},
        {"@f32[N, 16, 2 * H, 2 * W; channels_last<16#>]"},
        "%s = Constant() {value = dense<[1.0, 1.0, 2.0, 2.0]> : tensor<4xf32>} "
        ": @f32[4]\n"
        "%r = Resize(%0, _, %s, _) {mode = \"nearest\", "
        "coordinate_transformation_mode = \"asymmetric\", nearest_mode = "
        "\"floor\"} : @f32[N, 16, 2 * H, 2 * W]",
        "%r"}});
}

/// Three axes are no rows of pixels that could be joined.
TEST_F(KernelPitch, RowsOfChannels) {
  std::string row = "@f32[N, 16, W; channels_last<16#>]";
  expectEqual({{{row, row}, {row}, "%r = Add(%0, %1) : @f32[N, 16, W]", "%r"}});
}

} // namespace
