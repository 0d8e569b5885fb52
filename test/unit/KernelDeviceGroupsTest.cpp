// Reductions of a device: one launch, whose groups of threads share a total.
#include "KernelHarness.h"
#include "codegen/halide/opencl/EmitDevice.h"

#include "llvm/ADT/StringRef.h"

using namespace dycc;
using namespace dycc::test;

namespace {

class KernelDeviceGroups : public KernelTest {
protected:
  std::string textOf(const GroupText &group) {
    dyn::KernelOp kernel = parse(group);
    auto plan = dyn::DevicePlanAttr::get(&context, /*threads=*/64, /*lanes=*/4,
                                         /*rows=*/4);
    return halide::DeviceKernel(kernel, "kernel", plan, target).getText();
  }
  static size_t count(const std::string &text, llvm::StringRef part) {
    return llvm::StringRef(text).count(part);
  }
  /// Launches, without the empty kernel that Halide adds.
  static size_t launches(const std::string &text) {
    return count(text, "__kernel void _kernel_");
  }
};

constexpr const char *barrier = "barrier(";
/// The place along a second axis: used, where there are threads along it.
constexpr const char *rows = "_thread_id_y";

GroupText unary(const std::string &shape, const std::string &body,
                const std::string &result = "") {
  const std::string &type = result.empty() ? shape : result;
  return {.inputs = {"@f32" + shape},
          .results = {"@f32" + type},
          .body = "%y = " + body + " : @f32" + type,
          .yield = "%y"};
}

TEST_F(KernelDeviceGroups, RowsAreOneLaunch) {
  std::string text =
      textOf(unary("[M, 256]", "Softmax(%0) {axis = -1 : si64}"));
  EXPECT_EQ(launches(text), 1u) << text;
  // Of each reduction 64 threads have parts, 8 of them sums, one the total.
  EXPECT_EQ(count(text, barrier), 6u) << text;
  EXPECT_EQ(count(text, rows), 1u) << text;
}

TEST_F(KernelDeviceGroups, ShortRowsShareAGroup) {
  std::string text = textOf(unary("[M, 20]", "Softmax(%0) {axis = -1 : si64}"));
  EXPECT_EQ(launches(text), 1u) << text;
  EXPECT_EQ(count(text, barrier), 4u) << text; // 4 parts have no sums.
  EXPECT_GT(count(text, rows), 1u) << text;
}

TEST_F(KernelDeviceGroups, ColumnsAreNeighboursInMemory) {
  std::string text = textOf(unary("[M, 64]", "Softmax(%0) {axis = 0 : si64}"));
  EXPECT_EQ(launches(text), 1u) << text;
  EXPECT_EQ(count(text, barrier), 4u) << text;
  EXPECT_GT(count(text, rows), 1u) << text;
}

TEST_F(KernelDeviceGroups, WhatIsKeptAloneIsOneLaunch) {
  std::string text =
      textOf(unary("[N, C, H, W]", "GlobalAveragePool(%0)", "[N, C, 1, 1]"));
  EXPECT_EQ(launches(text), 1u) << text;
}

} // namespace
