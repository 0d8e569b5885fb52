// What becomes of Halide's text of OpenCL C, and what is refused.
#include "codegen/halide/opencl/DeviceText.h"
#include "codegen/halide/KernelError.h"

#include <gtest/gtest.h>

using namespace dycc::halide;

namespace {

std::string kernelText(const std::string &body) {
  return "/*OpenCL C some-target*/\n"
         "inline float nan_f32() { return NAN; }\n"
         "__kernel void _at_least_one_kernel(int x) { }\n"
         "// Address spaces for _kernel_y\n"
         "#define __address_space__x __global\n"
         "#define __address_space__y __global\n"
         "__kernel void _kernel_y(\n"
         " __address_space__x const float *restrict _x,\n"
         " __address_space__y float *restrict _y,\n"
         " const int _n,\n"
         " __local int16* __shared)\n"
         "{\n" +
         body + "} // kernel _kernel_y\n";
}

std::string errorOf(const std::string &text) {
  try {
    rewriteDeviceText(text);
    return "";
  } catch (const KernelError &error) {
    return error.what();
  }
}

TEST(DeviceText, BuffersAreMemoryAndAnOffset) {
  std::string text = rewriteDeviceText(kernelText(" _y[_n] = _x[_n];\n"));
  EXPECT_NE(text.find("__kernel void _kernel_y(\n"
                      " __global char *_x_memory, const ulong _x_offset,\n"
                      " __global char *_y_memory, const ulong _y_offset,\n"
                      " const int _n,\n"
                      " __local int16* __shared)\n"
                      "{\n"
                      " __global const float *_x = (__global const float *)"
                      "(_x_memory + _x_offset);\n"
                      " __global float *_y = (__global float *)"
                      "(_y_memory + _y_offset);\n"
                      " _y[_n] = _x[_n];\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("restrict"), std::string::npos);
  EXPECT_EQ(text.find("some-target"), std::string::npos);
}

TEST(DeviceText, FunctionsOfTheCLibraryAreOpenCls) {
  std::string text = rewriteDeviceText(kernelText(" _y[0] = coshf(_x[0]);\n"));
  EXPECT_EQ(text.find("#ifdef FP_FAST_FMAF\n"
                      "#define dycc_multiply_add fma\n"),
            0u);
  EXPECT_NE(text.find("#define coshf cosh\n"), std::string::npos);
}

TEST(DeviceText, VectorsHaveTheAlignmentOfTheirElements) {
  std::string text = rewriteDeviceText(
      kernelText(" float3 _1 = ((__address_space__x float3 *)_x)[_n];\n"
                 "  ((__address_space__y int16 *)_y)[4] = _1;\n"));
  EXPECT_NE(text.find("\n float3 _1 = vload3(_n, _x);\n"
                      "  vstore16(_1, 4, _y);\n"),
            std::string::npos)
      << text;
}

TEST(DeviceText, WhatDevicesMayLackIsRefused) {
  EXPECT_EQ(errorOf(kernelText(" double4 a = 0;\n")),
            "needs floats of 64 bits, which not every device has");
  EXPECT_EQ(errorOf(kernelText(" half a = 0;\n")),
            "needs floats of 16 bits, which not every device has");
  EXPECT_EQ(errorOf(kernelText(" float half_way = 0;\n")), "");
}

TEST(DeviceText, ConversionsOfHalvesAreThereWhereTheyAreCalled) {
  const char *vectors = "static float4 dycc_from_half4(ushort4 bits)";
  std::string text =
      rewriteDeviceText(kernelText(" float4 _1 = dycc_from_half4(_2);\n"));
  EXPECT_NE(text.find(vectors), std::string::npos) << text;
  EXPECT_NE(text.find("vstore_half_rte(value, 0, "), std::string::npos);
  EXPECT_EQ(rewriteDeviceText(kernelText("")).find("half"), std::string::npos);
}

TEST(DeviceText, OtherTextThanHalidesIsRefused) {
  EXPECT_EQ(errorOf("/**/\nint x;\n"),
            "expects a kernel in the text of a program, got none");
  EXPECT_EQ(errorOf(kernelText(" f(((__address_space__x float2 *)_x)[0]);\n")),
            "expects an access of a vector, got "
            "'f(((__address_space__x float2 *)_x)[0]);'");
  std::string text = kernelText("");
  text.replace(text.find(" *restrict _x,"), 14, " *_x,");
  EXPECT_EQ(errorOf(text), "expects a buffer in a signature, got ' "
                           "__address_space__x const float *_x,'");
}

} // namespace
