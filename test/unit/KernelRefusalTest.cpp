// What a kernel cannot be made of is an error that names operator and reason.
#include "KernelHarness.h"
#include "codegen/kernels/KernelCache.h"

using namespace dycc::test;

namespace {

class KernelRefusal : public KernelTest {
protected:
  /// A group of one input and one result.
  void expectError(const std::string &input, const std::string &result,
                   const std::string &body, const std::string &text) {
    expectError({{input}, {result}, body, "%r"}, text);
  }
  void expectError(const GroupText &group, const std::string &text) {
    std::string found = compileError(group);
    EXPECT_NE(found.find(text), std::string::npos) << found;
  }
};

TEST_F(KernelRefusal, SteeringOperandsAreSymbolic) {
  expectError({{"@f32[N]", "@i64[1]"},
               {"@f32[N]"},
               "%r = Slice(%0, %1, %1, _, _) : @f32[N]",
               "%r"},
              "expects operand 1 to be symbolic, got data");
  expectError("@f32[N]", "@f32[N]",
              "%a = dyn.symbolic [1] : @i64[1]\n"
              "%r = CumSum(%0, %a) : @f32[N]",
              "expects axes to be constants within rank 1, got '1'");
  expectError("@f32[N]", "@f32[1]",
              "%a = dyn.symbolic [1] : @i64[1]\n"
              "%r = ReduceSum(%0, %a) : @f32[1]",
              "expects axes in the rank, got '1'");
  expectError("@f32[N, 4]", "@f32[N, 4]",
              "%a = dyn.symbolic [0, 1] : @i64[2]\n"
              "%r = CumSum(%0, %a) : @f32[N, 4]",
              "expects one axis, got 2");
}

TEST_F(KernelRefusal, BlocksHaveNumbersForEachAxis) {
  expectError("@f32[N, 4, 9]", "@f32[N, 1, 4, 4]",
              "%s = dyn.symbolic [4, 4] : @i64[2]\n"
              "%b = dyn.symbolic [2, 2] : @i64[2]\n"
              "%r = Col2Im(%0, %s, %b) {dilations = array<i64: 2>} : "
              "@f32[N, 1, 4, 4]",
              "expects 2 dilations, got 1");
}

TEST_F(KernelRefusal, OperandsHaveTheRankThatIsRead) {
  expectError({{"@f32[N, C, H, W]", "@f32[R, 4]", "@i64[R, 1]"},
               {"@f32[R, C, 2, 2]"},
               "%r = RoiAlign(%0, %1, %2) {output_height = 2 : i64, "
               "output_width = 2 : i64} : @f32[R, C, 2, 2]",
               "%r"},
              "expects an operand of rank 1, got rank 2");
}

TEST_F(KernelRefusal, PadsFollowTheirModes) {
  expectError("@f32[N]", "@f32[N + 2]",
              "%p = dyn.symbolic [1, 1] : @i64[2]\n"
              "%r = Pad(%0, %p, _, _) {mode = \"other\"} : @f32[N + 2]",
              "expects mode constant, edge, reflect or wrap, got 'other'");
  expectError("@f32[N]", "@f32[N + 2]",
              "%p = dyn.symbolic [1, 1, 1] : @i64[3]\n"
              "%r = Pad(%0, %p, _, _) : @f32[N + 2]",
              "expects 2 pads, got 3");
}

TEST_F(KernelRefusal, IndexTuplesAndFillsAreConstant) {
  expectError({{"@f32[N]", "@i64[M, K]"},
               {"@f32[M]"},
               "%r = GatherND(%0, %1) : @f32[M]",
               "%r"},
              "expects a constant length of index tuples, got 'K'");
  expectError({{},
               {"@i64[N]"},
               "%s = dyn.symbolic [N] : @i64[1]\n"
               "%r = ConstantOfShape(%s) {value = dense<[1, 2]> : "
               "tensor<2xi64>} : @i64[N]",
               "%r"},
              "expects a value of one element");
}

TEST_F(KernelRefusal, TypesThatAKernelDoesNotKnow) {
  expectError("@f32[N]", "@f8E8M0FNU[N]",
              "%r = Cast(%0) {round_mode = \"odd\"} : @f8E8M0FNU[N]",
              "expects round_mode up, down or nearest, got 'odd'");
  expectError("@i32[N]", "@i32[1]", "%r = ReduceLogSumExp(%0, _) : @i32[1]",
              "expects floats");
}

TEST_F(KernelRefusal, PackedWeightsAreNotTransposed) {
  expectError({{"@f32[N, 8]", "@f32[16, 8; panels<16>]"},
               {"@f32[N, 16]"},
               "%r = Gemm(%0, %1, _) {transB = 1 : si64} : @f32[N, 16]",
               "%r"},
              "expects a packed weight that is not transposed");
}

TEST_F(KernelRefusal, NormalizationsHaveOneResult) {
  expectError({{"@f32[N, 8]", "@f32[8]"},
               {"@f32[N, 8]"},
               "%r:2 = LayerNormalization(%0, %1, _) "
               ": @f32[N, 8] @f32[N, 1]",
               "%r#0"},
              "expects no second result");
}

/// What Backend::plan() should have found is a defect: the user reads no
/// reason.
TEST_F(KernelRefusal, LateOnesAreDefects) {
  dycc::dyn::KernelOp kernel =
      parse({{"@f32[N]"}, {"@f32[N]"}, "%r = Frobnicate(%0) : @f32[N]", "%r"});
  std::string message, defect;
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &d) {
    message += d.str();
    return mlir::success();
  });
  dycc::codegen::KernelOptions options;
  options.onDefect = [&](llvm::StringRef text) { defect += text; };
  EXPECT_TRUE(
      failed(dycc::codegen::compileKernels(kernel, backend(), options)));
  EXPECT_EQ(message,
            "cannot compile the kernel of Frobnicate: a defect of dycc");
  EXPECT_EQ(defect, "Frobnicate: has no kernel");
}

TEST_F(KernelRefusal, ElementsAreCountedIn32Bits) {
  auto refusal = backend().plan(parse({{"@f32[N, 65536, 65536]"},
                                       {"@f32[N, 65536, 65536]"},
                                       "%r = Relu(%0) : @f32[N, 65536, 65536]",
                                       "%r"}));
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason, "expects tensors of at most 2147483647 elements, "
                             "got [N, 65536, 65536]");
}

/// What only the machine's code of a kernel shows.
TEST_F(KernelRefusal, IndicesAreComputedIn32Bits) {
  expectError("@i64[N]", "@i64[N]",
              "%p = dyn.symbolic [2147483647, -2147483647] : @i64[2]\n"
              "%r = Pad(%0, %p, _, _) : @i64[N]",
              "cannot compile the kernel of Pad: expects indices that are "
              "computed in 32 bits");
}

TEST_F(KernelRefusal, AMissingObjectIsNamed) {
  dycc::codegen::KernelFile file("/nonexistent/kernel");
  EXPECT_EQ(file.publish("16", "/nonexistent/kernel.o"),
            "expects an object file, got: No such file or directory");
}

} // namespace
