// What a tuner may try in the place of a plan: each fits, differs from it, and
// computes the same. Three of each kernel are compiled; with
// DYCC_ALL_CANDIDATES in the environment all of them, which takes minutes.
#include "KernelConvolutionCase.h"
#include "KernelPlanTexts.h"

#include "dialects/onnx/OnnxDialect.h"

#include "llvm/ADT/SetVector.h"

#include <cstdlib>

using namespace dycc::test;
using dycc::dyn::KernelOp;
using dycc::dyn::KernelPlanAttr;
using dycc::dyn::VersionAttr;

namespace {

class TuneCandidates : public KernelTest {
protected:
  /// The plans near the one for all symbols.
  std::vector<KernelPlanAttr> candidates(KernelOp kernel) {
    EXPECT_FALSE(backend().plan(kernel).has_value());
    VersionAttr chosen = kernel.getVersion(kernel.getNumVersions() - 1);
    auto near = backend().neighbours(kernel, chosen);
    llvm::SetVector<mlir::Attribute> different(near.begin(), near.end());
    EXPECT_EQ(different.size(), near.size());
    EXPECT_FALSE(different.contains(chosen.getPlan()));
    return near;
  }

  VersionAttr version(const std::string &name, KernelPlanAttr plan,
                      bool isLast) {
    auto always = dycc::dyn::ExprAttr::constant(&context, 1);
    return VersionAttr::get(&context, mlir::StringAttr::get(&context, name),
                            isLast ? dycc::dyn::ExprAttr() : always, plan, {});
  }

  /// Gives the kernel a version for some of the plans: all of them have to fit.
  void setVersions(KernelOp kernel, llvm::ArrayRef<KernelPlanAttr> plans) {
    for (KernelPlanAttr plan : plans)
      EXPECT_EQ(backend().whyNot(kernel, version("tried", plan, true)), "");
    size_t step = std::getenv("DYCC_ALL_CANDIDATES")
                      ? 1
                      : std::max<size_t>(1, plans.size() / 3);
    std::vector<KernelPlanAttr> some;
    for (size_t i = step / 2; i < plans.size(); i += step)
      some.push_back(plans[i]);
    std::vector<mlir::Attribute> versions;
    for (auto [i, plan] : llvm::enumerate(some))
      versions.push_back(
          version("v" + std::to_string(i), plan, i + 1 == some.size()));
    kernel.setVersionsAttr(mlir::ArrayAttr::get(&context, versions));
  }

  static std::vector<Values> inputsOf(KernelOp kernel, const Symbols &symbols) {
    std::vector<Values> inputs;
    for (mlir::Value argument : kernel.getBody().getArguments()) {
      int64_t count = 1;
      for (dycc::dyn::ExprAttr dim : dycc::dyn::getDims(argument.getType()))
        count *= *dim.evaluate([&](llvm::StringRef name) {
          return std::optional(symbols.at(name.str()));
        });
      inputs.push_back(randomValues(static_cast<size_t>(count), -1, 1,
                                    static_cast<unsigned>(inputs.size()) + 1));
    }
    return inputs;
  }

  void expectSame(const GroupText &text, const std::vector<Symbols> &sizes) {
    auto chosen = compile(text);
    ASSERT_TRUE(chosen);
    KernelOp kernel = parse(text);
    std::vector<KernelPlanAttr> plans = candidates(kernel);
    ASSERT_GE(plans.size(), 2u);
    setVersions(kernel, plans);
    ASSERT_GT(kernel.getVersions()->size(), 0u);
    auto made = dycc::codegen::compileKernels(kernel, backend(),
                                              {.jobs = 2, .cacheDir = ""});
    ASSERT_TRUE(mlir::succeeded(made));
    for (auto [i, one] : llvm::enumerate(*made)) {
      std::string name;
      llvm::raw_string_ostream(name) << kernel.getVersion(i).getPlan();
      SCOPED_TRACE(name);
      LoadedKernel loaded(kernel, one);
      for (const Symbols &size : sizes) {
        std::vector<Values> in = inputsOf(kernel, size);
        expectNear(loaded.run(size, in)[0], chosen->run(size, in)[0], 2e-5,
                   2e-5);
      }
    }
  }
};

const std::vector<Symbols> images = {{{"N", 2}, {"H", 7}, {"W", 33}},
                                     {{"N", 1}, {"H", 1}, {"W", 1}}};

TEST_F(TuneCandidates, OfConvolutionsComputeTheSame) {
  expectSame(convolution, images);
  expectSame(row, {{{"N", 2}, {"W", 37}}});
  // Channels that are symbols: whole vectors, whole panels.
  GroupText any{{"@f32[N, 16 * I, H, W; channels_last<16>]",
                 "@f32[32 * C, 16 * I, 3, 3; panels<32>]"},
                {"@f32[N, 32 * C, H, W; channels_last<16>]"},
                "%y = Conv(%0, %1, _) {pads = array<i64: 1, 1, 1, 1>} : "
                "@f32[N, 32 * C, H, W]",
                "%y"};
  expectSame(any, {{{"N", 1}, {"H", 5}, {"W", 33}, {"I", 3}, {"C", 2}}});
}

TEST_F(TuneCandidates, OfWinogradsComputeTheSame) {
  Case winograd{.name = "", .channels = 24, .filters = 32};
  winograd.weightLayout = "panels<16, winograd 4>";
  expectSame(groupOf(winograd), {{{"N", 1}, {"H", 19}, {"W", 35}}});
}

TEST_F(TuneCandidates, OfDepthwiseConvolutionsAndPoolingsComputeTheSame) {
  expectSame(depthwise, images);
  expectSame(pool, images);
}

TEST_F(TuneCandidates, OfProductsComputeTheSame) {
  expectSame(product, {{{"M", 1}}, {{"M", 65}}});
  expectSame(unpacked, {{{"M", 65}}});
}

/// Two products with tiles of as many rows.
TEST_F(TuneCandidates, OfAttentionsAndChainsComputeTheSame) {
  // Which roots are a chain follows from what operators are.
  context.loadDialect<dycc::onnx::OnnxDialect>();
  expectSame(attention, {{{"M", 9}, {"N", 45}}});
  expectSame(pixels, {{{"N", 2}, {"H", 3}, {"W", 17}}});
}

TEST_F(TuneCandidates, OfReductionsAndScansComputeTheSame) {
  expectSame(softmax, {{{"M", 5}, {"K", 37}}});
  expectSame(scan, {{{"M", 9}, {"K", 37}}});
}

} // namespace
