// dycc-run as a program, on a model that the linker made.
#include "test/unit/RuntimeLinkFixture.h"
#include "tools/dycc-run/Npy.h"

#include <cmath>
#include <filesystem>
#include <fstream>

namespace dycc::link {
namespace {

/// y[i] = exp(x[i] * weights[i % 4]), weights 1, 2, 3, 4.
class RunTool : public RuntimeLink {
protected:
  void SetUp() override {
    RuntimeLink::SetUp();
    ASSERT_LINKED(linkShared(makeJob("model.so")));
  }

  std::string runTool(std::vector<std::string> arguments, int code = 0) {
    arguments.insert(arguments.begin(), {DYCC_TEST_RUN, path("model.so")});
    return runProgram(arguments, code);
  }

  void expectText(const std::string &found, llvm::StringRef text) {
    EXPECT_TRUE(llvm::StringRef(found).contains(text)) << found;
  }
};

TEST_F(RunTool, Describes) {
  EXPECT_EQ(runTool({"--describe"}), "model linked (interface 1)\n"
                                     "  input  x: f32[N]\n"
                                     "  output y: f32[N]\n"
                                     "  symbol N: 1..1000\n"
                                     "  weights: 16 bytes\n"
                                     "  processor: any\n"
                                     "  kernels: 0\n"
                                     "  memory: exact\n"
                                     "  metadata: {}\n");
  expectText(runTool({"--describe", "--input", "x=5xf32"}), "\npeak ");
}

TEST_F(RunTool, ReadsAndWritesFiles) {
  run::HostTensor x(*run::parseType("f32"), {3});
  for (int i = 0; i < 3; ++i)
    x.set(i, i);
  run::writeNpy(path("x.npy"), x);
  EXPECT_EQ(runTool({"--input", "x=@" + path("x.npy"), "--output",
                     "y=@" + path("y.npy")}),
            "y = f32[3]: 1, 7.389056, 403.4288\n");
  run::HostTensor y = run::readNpy(path("y.npy"));
  ASSERT_EQ(y.describe(), "f32[3]");
  EXPECT_FLOAT_EQ(float(y.at(1)), std::exp(2.f));
  expectText(
      runTool({"-i", "x=@" + path("x.npy"), "-e", "y=@" + path("y.npy")}),
      "y matches: 3 elements equal\n");
  y.set(1, 7);
  run::writeNpy(path("y.npy"), y);
  expectText(
      runTool({"-i", "x=@" + path("x.npy"), "-e", "y=@" + path("y.npy")}, 1),
      "y differs: 1 of 3 elements beyond the tolerance, worst "
      "deviation 0.389 at [1]");
  runTool({"-i", "x=@" + path("x.npy"), "-e", "y=@" + path("y.npy"), "--atol",
           "0.5"});
}

TEST_F(RunTool, RunsATestDataSet) {
  auto write = [&](const char *name, std::string_view text) {
    std::ofstream(path(name), std::ios::binary) << text;
  };
  // float tensors of one element; the input's name is unknown to the model.
  write("input_0.pb",
        std::string_view("\x08\x01\x10\x01\x4a\x04\0\0\0\0\x42\x01q", 13));
  write("output_0.pb",
        std::string_view("\x08\x01\x10\x01\x4a\x04\0\0\x80\x3f", 10));
  expectText(runTool({"--data", folder.str().str()}), "y matches: 1 elements");
  write("output_0.pb",
        std::string_view("\x08\x01\x10\x01\x4a\x04\0\0\0\x40", 10));
  expectText(runTool({"--data", folder.str().str()}, 1),
             "y differs: 1 of 1 elements beyond the tolerance, worst "
             "deviation 1 at [0]: 1, expects 2");
}

TEST_F(RunTool, RunsArraysByName) {
  run::writeNpy(path("x.npy"), run::makeTensor("3xf32", /*seed=*/7));
  runTool({"-i", "x=@" + path("x.npy"), "-o", "y=@" + path("y.npy")});
  std::string text = runTool({"--data", folder.str().str()});
  expectText(text, "y matches: 3 elements equal");
}

TEST_F(RunTool, RepeatsAndTimes) {
  expectText(runTool({"-i", "x=7xf32", "--repeat", "5", "--threads", "2"}),
             "5 runs: first ");
}

TEST_F(RunTool, ExitsWithOneWhereDataIsRefused) {
  expectText(runTool({"-i", "x=1001xf32"}, 1),
             "dycc-run: error: DYCC_INVALID_ARGUMENT: input \"x\": dim 0 (N) "
             "is 1001, expects 1 to 1000");
  expectText(runTool({"-i", "x=1xf64"}, 1), "element type is f64, expects f32");
  expectText(runTool({"-i", "x=1x1xf32"}, 1),
             "input 'x': is f32[1, 1], expects rank 1");
  expectText(runTool({"-i", "x=@/nonexistent.npy"}, 1),
             "'/nonexistent.npy': No such file or directory");
  expectText(runProgram({DYCC_TEST_RUN, "/nonexistent.so", "--describe"}, 1),
             "/nonexistent.so: cannot open shared object file");
  expectText(
      runProgram(
          {DYCC_TEST_RUN, "/lib/x86_64-linux-gnu/libm.so.6", "--describe"}, 1),
      "libm.so.6': is no model of dycc");
}

TEST_F(RunTool, ExitsWithTwoOnBadUsage) {
  expectText(runTool({}, 2), "no value for input 'x': pass --input "
                             "x=@FILE.npy or x=1x3x64x64xf32");
  expectText(runTool({"-i", "z=1xf32"}, 2),
             "model has no input 'z', expects one of 'x'");
  expectText(runTool({"-i", "x=1xf32", "-o", "q=@a"}, 2),
             "model has no output 'q', expects one of 'y'");
  expectText(runTool({"-i", "x"}, 2), "'x': expects NAME=VALUE");
  expectText(runTool({"-i", "x=1xf32", "-o", "y=a"}, 2),
             "'y=a': expects NAME=@FILE");
  expectText(runTool({"--nonsense"}, 2), "nonsense");
  expectText(runTool({"-i", "x=1xf32", "--repeat", "0"}, 2), "--repeat");
}

} // namespace
} // namespace dycc::link
