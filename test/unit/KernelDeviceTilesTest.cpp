// What a thread of a device computes and loads, in the text of its program.
#include "KernelHarness.h"
#include "codegen/halide/opencl/EmitDevice.h"

#include "llvm/ADT/StringRef.h"

using namespace dycc;
using namespace dycc::test;

namespace {

class KernelDeviceTiles : public KernelTest {
protected:
  std::string textOf(const GroupText &group, int64_t lanes = 4,
                     int64_t rows = 4) {
    dyn::KernelOp kernel = parse(group);
    auto plan = dyn::DevicePlanAttr::get(&context, /*threads=*/64, lanes, rows);
    return halide::DeviceKernel(kernel, "kernel", plan, target).getText();
  }
};

size_t count(const std::string &text, llvm::StringRef part) {
  return llvm::StringRef(text).count(part);
}

GroupText product(const std::string &left, const std::string &right,
                  const std::string &result) {
  return {.inputs = {left, right},
          .results = {result},
          .body = "%c = MatMul(%0, %1) : " + result,
          .yield = "%c"};
}

/// Loads of a lane of a vector: "_V0.s0 = ((__address_space__in1 float*)".
constexpr const char *gather = ".s0 = ((__address_space__in1";

TEST_F(KernelDeviceTiles, FourStepsOfATileLoadEachNumberOnce) {
  std::string text =
      textOf(product("@f32[M, 64]", "@f32[64, 48]", "@f32[M, 48]"));
  EXPECT_EQ(count(text, "= dycc_multiply_add("), 16u) << text;
  EXPECT_EQ(count(text, "float4 *)_in"), 0u) << text;
  EXPECT_EQ(count(text, "_in0 +"), 4u) << text;
  EXPECT_EQ(count(text, gather), 0u) << text;
}

TEST_F(KernelDeviceTiles, AnElementForEachThreadIsAPlanToo) {
  std::string text =
      textOf(product("@f32[M, 64]", "@f32[64, 48]", "@f32[M, 48]"), 1, 1);
  EXPECT_EQ(count(text, "float4"), 0u) << text;
}

TEST_F(KernelDeviceTiles, OnlyTheLastTileLoadsElementsOneByOne) {
  std::string text = textOf(product("@f32[M, 8]", "@f32[8, N]", "@f32[M, N]"));
  EXPECT_EQ(count(text, "for ("), 2u) << text;
  EXPECT_EQ(count(text, gather), 4u) << text;
}

TEST_F(KernelDeviceTiles, FewColumnsAreShortVectors) {
  std::string text =
      textOf(product("@f32[M, 64]", "@f32[64, 3]", "@f32[M, 3]"));
  EXPECT_GT(count(text, "vload3("), 0u) << text;
}

TEST_F(KernelDeviceTiles, WhatSharesNoLoadHasNoTile) {
  GroupText group{.inputs = {"@f32[M, 64]"},
                  .results = {"@f32[M, 64]"},
                  .body = "%y = Exp(%0) : @f32[M, 64]",
                  .yield = "%y"};
  EXPECT_EQ(count(textOf(group), "float4"), 0u);
}

} // namespace
