#include "KernelHarness.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace dycc::test;
using dycc::codegen::TargetInfo;

namespace {

class KernelCompiler : public KernelTest {
protected:
  KernelCompiler() {
    llvm::sys::fs::createUniqueDirectory("dycc-kernel-test", folder);
  }
  ~KernelCompiler() override { llvm::sys::fs::remove_directories(folder); }

  std::vector<std::string> cachedFiles() {
    std::vector<std::string> files;
    std::error_code error;
    for (llvm::sys::fs::directory_iterator it(folder, error), end;
         it != end && !error; it.increment(error))
      if (llvm::sys::path::filename(it->path()).starts_with("llvmcache-"))
        files.push_back(it->path());
    return files;
  }

  GroupText relu(const std::string &symbol) {
    std::string type = "@f32[" + symbol + "]";
    return {{type}, {type}, "%r = Relu(%0) : " + type, "%r"};
  }

  llvm::SmallString<128> folder;
};

std::string errorOf(llvm::Expected<TargetInfo> target) {
  EXPECT_FALSE(static_cast<bool>(target));
  return llvm::toString(target.takeError());
}

TEST_F(KernelCompiler, EqualKernelsAreCompiledOnceAndKept) {
  dycc::codegen::KernelOptions options{2, folder.str().str()};
  std::vector<dycc::dyn::KernelOp> jobs = {parse(relu("N"), "k"),
                                           parse(relu("N"), "k")};
  auto first = dycc::codegen::compileKernels(jobs, backend(), options);
  ASSERT_TRUE(succeeded(first));
  ASSERT_EQ(cachedFiles().size(), 1u);
  EXPECT_EQ((*first)[0].object, (*first)[1].object);
  // What is in the folder is taken, not made again.
  namespace fs = std::filesystem;
  fs::file_time_type before = fs::last_write_time(cachedFiles()[0]);
  auto second = dycc::codegen::compileKernels(jobs, backend(), options);
  ASSERT_TRUE(succeeded(second));
  EXPECT_EQ((*second)[0].object, (*first)[0].object);
  EXPECT_EQ(fs::last_write_time(cachedFiles()[0]), before);
}

TEST_F(KernelCompiler, WhatNobodyReadForLongGoes) {
  std::string old = (folder + "/llvmcache-old").str(),
              other = (folder + "/other").str();
  for (const std::string &path : {old, other}) {
    std::ofstream(path) << "bytes";
    timespec past[] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), past, 0), 0);
  }
  dycc::codegen::KernelOptions options{1, folder.str().str()};
  dycc::dyn::KernelOp job = parse(relu("N"), "k");
  ASSERT_TRUE(
      succeeded(dycc::codegen::compileKernels(job, backend(), options)));
  EXPECT_FALSE(std::filesystem::exists(old));
  EXPECT_TRUE(std::filesystem::exists(other));
}

TEST_F(KernelCompiler, AFileThatIsNoKernelIsReplaced) {
  dycc::codegen::KernelOptions options{1, folder.str().str()};
  dycc::dyn::KernelOp job = parse(relu("N"), "k");
  auto first = dycc::codegen::compileKernels(job, backend(), options);
  ASSERT_TRUE(succeeded(first));
  std::string path = cachedFiles()[0];
  std::ofstream(path, std::ios::app | std::ios::binary) << "tail";
  for (int round = 0; round < 2; ++round) {
    auto again = dycc::codegen::compileKernels(job, backend(), options);
    ASSERT_TRUE(succeeded(again));
    EXPECT_EQ((*again)[0].object, (*first)[0].object);
    EXPECT_EQ(cachedFiles(), std::vector<std::string>{path});
    std::ofstream(path, std::ios::trunc) << "other";
  }
}

TEST_F(KernelCompiler, AWholeFileWithOtherContentIsAnError) {
  dycc::codegen::KernelOptions options{1, folder.str().str()};
  dycc::dyn::KernelOp job = parse(relu("N"), "k");
  ASSERT_TRUE(
      succeeded(dycc::codegen::compileKernels(job, backend(), options)));
  std::string content = "no expression\nobject";
  llvm::SHA256 hash;
  hash.update(content);
  std::ofstream(cachedFiles()[0], std::ios::trunc)
      << llvm::toHex(hash.final(), /*LowerCase=*/true) << '\n'
      << content;
  std::string message;
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &d) {
    message += d.str();
    return mlir::success();
  });
  EXPECT_TRUE(failed(dycc::codegen::compileKernels(job, backend(), options)));
  EXPECT_NE(message.find("expects a kernel in '"), std::string::npos);
  EXPECT_NE(message.find("', got other data"), std::string::npos);
}

TEST_F(KernelCompiler, AFolderThatCannotBeWrittenIsNoCache) {
  dycc::codegen::KernelOptions options{1, "/proc/nothing"};
  dycc::dyn::KernelOp job = parse(relu("N"), "k");
  EXPECT_TRUE(
      succeeded(dycc::codegen::compileKernels(job, backend(), options)));
}

TEST_F(KernelCompiler, TextTellsKernelsApart) {
  using dycc::codegen::kernelText;
  EXPECT_EQ(kernelText(parse(relu("N"))), kernelText(parse(relu("N"))));
  EXPECT_NE(kernelText(parse(relu("N"))), kernelText(parse(relu("2 * N"))));
  GroupText plain{{"@f32[N, 8, W]"}, {"@f32[N, 8, W]"}, "", "%0"};
  GroupText image = plain;
  image.results = {"@f32[N, 8, W; channels_last<8>]"};
  EXPECT_NE(kernelText(parse(plain)), kernelText(parse(image)));
}

TEST_F(KernelCompiler, ObjectsAreForTheTarget) {
  GroupText convolution{
      {"@f32[N, 8, H, W; channels_last<8>]", "@f32[16, 8, 3, 3; panels<16>]"},
      {"@f32[N, 16, H, W; channels_last<8>]"},
      "%c = Conv(%0, %1, _) {pads = array<i64: 1, 1, 1, 1>} : "
      "@f32[N, 16, H, W]",
      "%c"};
  struct Machine {
    const char *triple, *cpu;
    uint16_t elf;
  };
  for (Machine machine : {Machine{"aarch64-linux-gnu", "", 183},
                          {"aarch64-linux-gnu", "cortex-a76", 183},
                          {"x86_64-linux-gnu", "", 62},
                          {"x86_64-linux-gnu", "haswell", 62}}) {
    SCOPED_TRACE(machine.cpu);
    auto info = TargetInfo::get(machine.triple, machine.cpu, "");
    ASSERT_TRUE(static_cast<bool>(info)) << llvm::toString(info.takeError());
    dycc::dyn::KernelOp job = parse(convolution, "k");
    auto kernels = dycc::codegen::compileKernels(
        job, dycc::halide::CpuBackend(*info), {1, ""});
    ASSERT_TRUE(succeeded(kernels));
    const std::string &object = (*kernels)[0].object;
    ASSERT_GT(object.size(), 64u);
    EXPECT_EQ(static_cast<uint8_t>(object[18]), machine.elf);
  }
}

TEST_F(KernelCompiler, TargetsFollowTheirFeatures) {
  auto avx512 = TargetInfo::get("x86_64-linux-gnu", "skylake-avx512", "");
  ASSERT_TRUE(static_cast<bool>(avx512));
  EXPECT_EQ(avx512->vectorBytes, 64u);
  EXPECT_EQ(avx512->panelWidths(), (std::vector<int64_t>{64, 32, 48}));
  EXPECT_EQ(avx512->filterWidths(), (std::vector<int64_t>{32, 48, 64}));
  auto level = TargetInfo::get("x86_64-linux-gnu", "x86-64-v4", "");
  ASSERT_TRUE(static_cast<bool>(level));
  EXPECT_EQ(level->machine, "x86-64-v4");
  EXPECT_TRUE(level->hasFeature("avx512f"));
  auto avx2 = TargetInfo::get("x86_64-linux-gnu", "znver3", "");
  ASSERT_TRUE(static_cast<bool>(avx2));
  EXPECT_EQ(avx2->vectorBytes, 32u);
  EXPECT_TRUE(avx2->hasFeature("fma"));
  auto without = TargetInfo::get("x86_64-linux-gnu", "znver3", "-avx2");
  ASSERT_TRUE(static_cast<bool>(without));
  EXPECT_EQ(without->vectorBytes, 16u);
  EXPECT_NE(avx2->key(), without->key());
  auto arm = TargetInfo::get("aarch64-linux-gnu", "", "+fullfp16");
  ASSERT_TRUE(static_cast<bool>(arm));
  EXPECT_TRUE(arm->hasFeature("fullfp16"));
  EXPECT_EQ(arm->panelWidths(), std::vector<int64_t>{16});
}

TEST_F(KernelCompiler, UnknownTargetsAreRefused) {
  EXPECT_EQ(errorOf(TargetInfo::get("x86_64-linux-gnu", "z80", "")),
            "unknown x86-64 CPU 'z80'");
  EXPECT_EQ(errorOf(TargetInfo::get("aarch64-linux-gnu", "z80", "")),
            "unknown AArch64 CPU 'z80'");
  EXPECT_EQ(errorOf(TargetInfo::get("riscv64-linux-gnu", "", "")),
            "unsupported target 'riscv64-linux-gnu': expects x86_64 or "
            "aarch64");
  EXPECT_EQ(errorOf(TargetInfo::get("x86_64-pc-windows-msvc", "", "")),
            "unsupported target 'x86_64-pc-windows-msvc': expects Linux");
  EXPECT_EQ(errorOf(TargetInfo::get("x86_64-linux-android", "", "")),
            "unsupported target 'x86_64-linux-android': expects aarch64 for "
            "Android");
  EXPECT_EQ(errorOf(TargetInfo::get("aarch64-linux-android19", "", "")),
            "unsupported target 'aarch64-linux-android19': expects Android's "
            "API level 21 or later, got 19");
  EXPECT_EQ(errorOf(TargetInfo::get("x86_64-linux-gnu", "", "+avx2,+")),
            "expects +feature or -feature, got '+avx2,+'");
}

TEST_F(KernelCompiler, WhatAKernelCannotHoldIsNamed) {
  auto error = [&](GroupText text) { return compileError(text); };
  EXPECT_NE(error({{"@f32[N, 4, W]", "@f32[8, 4, 3; panels<4>]"},
                   {"@f32[N, 8, W - 2]"},
                   "%r = Conv(%0, %1, _) : @f32[N, 8, W - 2]",
                   "%r"})
                .find("expects panels of a multiple of "),
            std::string::npos);
  EXPECT_NE(
      error({{"@f32[N, 4, H, W]", "@f32[16, 4, 3, 3; panels<16, winograd 4>]"},
             {"@f32[N, 16, H - 4, W - 4]"},
             "%r = Conv(%0, %1, _) {dilations = array<i64: 2, 2>} : "
             "@f32[N, 16, H - 4, W - 4]",
             "%r"})
          .find("expects one group and windows one apart for a filter "
                "that is transformed for Winograd's tiles"),
      std::string::npos);
  EXPECT_NE(error({{"@f32[M, K]", "@f32[K, N; panels<4>]"},
                   {"@f32[M, N]"},
                   "%r = MatMul(%0, %1) : @f32[M, N]",
                   "%r"})
                .find("expects panels of a multiple of "),
            std::string::npos);
  EXPECT_NE(
      error(
          {{"@f32[A, ?]"}, {"@f32[A, ?]"}, "%r = Relu(%0) : @f32[A, ?]", "%r"})
          .find("expects known extents in a kernel, got '?'"),
      std::string::npos);
  EXPECT_NE(error({{"@i3[N]"}, {"@i3[N]"}, "%r = Identity(%0) : @i3[N]", "%r"})
                .find("expects bool, integers or floats of at most 64 bits in "
                      "a kernel, got i3"),
            std::string::npos);
}

} // namespace
