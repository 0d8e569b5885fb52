// Elements of 16 and 8 bits on a device: converted where they are loaded and
// stored.
#include "KernelHarness.h"
#include "codegen/halide/KernelError.h"
#include "codegen/halide/opencl/EmitDevice.h"
#include "codegen/halide/opencl/HalfStorage.h"

#include "llvm/ADT/StringRef.h"

using namespace dycc;
using namespace dycc::test;

namespace {

class KernelDeviceHalf : public KernelTest {
protected:
  std::string textOf(const GroupText &group) {
    dyn::KernelOp kernel = parse(group);
    auto plan = dyn::DevicePlanAttr::get(&context, /*threads=*/64, /*lanes=*/4,
                                         /*rows=*/4);
    return halide::DeviceKernel(kernel, "kernel", plan, target).getText();
  }
  static bool has(const std::string &text, llvm::StringRef part) {
    return llvm::StringRef(text).contains(part);
  }
};

GroupText product(const std::string &element) {
  std::string matrix = "@" + element;
  return {.inputs = {matrix + "[M, 64]", matrix + "[64, 32]"},
          .results = {matrix + "[M, 32]"},
          .body = "%y = MatMul(%0, %1) : " + matrix + "[M, 32]",
          .yield = "%y"};
}

TEST_F(KernelDeviceHalf, TilesConvertVectorsAndSumUpInFloats) {
  std::string text = textOf(product("f16"));
  EXPECT_TRUE(has(text, "__global const ushort *")) << text;
  EXPECT_TRUE(has(text, " = vload4(")) << text;
  EXPECT_TRUE(has(text, " = dycc_from_half4(")) << text;
  EXPECT_TRUE(has(text, " = dycc_to_half(")) << text;
  EXPECT_TRUE(has(text, "dycc_multiply_add(")) << text;
}

TEST_F(KernelDeviceHalf, NoExtensionIsAskedFor) {
  std::string text = textOf(product("f16"));
  EXPECT_FALSE(has(text, "cl_khr_fp16")) << text;
  EXPECT_FALSE(has(text, "half4 ")) << text;
  EXPECT_FALSE(has(text, "__global half")) << text;
}

TEST_F(KernelDeviceHalf, Bf16IsIntegersAlone) {
  std::string text = textOf(product("bf16"));
  EXPECT_TRUE(has(text, "__global const ushort *")) << text;
  EXPECT_FALSE(has(text, "half")) << text;
}

TEST_F(KernelDeviceHalf, RowsShareATotalInFloats) {
  std::string text =
      textOf({.inputs = {"@f16[M, 256]"},
              .results = {"@f16[M, 256]"},
              .body = "%y = Softmax(%0) {axis = -1 : si64} : @f16[M, 256]",
              .yield = "%y"});
  EXPECT_EQ(llvm::StringRef(text).count("__kernel void _kernel_"), 1u) << text;
  EXPECT_TRUE(has(text, "barrier(")) << text;
  EXPECT_TRUE(has(text, " = dycc_from_half(")) << text;
}

/// C has no int for the sign's bit times 2^24: compilers left the sign out.
TEST_F(KernelDeviceHalf, SignsOfEightBitsMoveInUnsignedIntegers) {
  std::string text = textOf({.inputs = {"@f8E5M2[M, 64]"},
                             .results = {"@f32[M, 64]"},
                             .body = "%y = Cast(%0) : @f32[M, 64]",
                             .yield = "%y"});
  EXPECT_TRUE(has(text, " = (uint)(16777216ul);")) << text;
}

/// Why a program with `value` of %x, a vector of f16, is not made; or nothing.
std::string errorOf(Halide::Expr (*value)(const Halide::Expr &x)) {
  Halide::ImageParam in(Halide::Float(16), 1, "in");
  Halide::Var i("i");
  Halide::Func out("out");
  out(i) = value(in(i));
  Halide::Pipeline pipeline(out);
  halide::addHalfStorage(pipeline);
  try {
    pipeline.compile_to_module({in}, "halves");
    return "";
  } catch (const halide::KernelError &error) {
    return error.what();
  }
}

TEST(HalfStorage, ArithmeticInHalvesIsRefused) {
  const char *reason =
      "computes in floats of 16 bits, which not every device can";
  EXPECT_EQ(errorOf([](const Halide::Expr &x) { return x + x; }), reason);
  EXPECT_EQ(errorOf([](const Halide::Expr &x) { return sqrt(x); }), reason);
  EXPECT_EQ(errorOf([](const Halide::Expr &x) {
              return Halide::select(x < 2 * x, 1, 0);
            }),
            reason);
  EXPECT_EQ(errorOf([](const Halide::Expr &x) {
              return Halide::cast(Halide::Int(32), Halide::is_nan(x));
            }),
            reason);
}

TEST(HalfStorage, HalvesThatMoveOrAreConvertedAreIntegers) {
  EXPECT_EQ(errorOf([](const Halide::Expr &x) { return x; }), "");
  EXPECT_EQ(errorOf([](const Halide::Expr &x) {
              return Halide::cast(Halide::Float(16),
                                  Halide::cast(Halide::Float(32), x) + 1.0f);
            }),
            "");
}

} // namespace
