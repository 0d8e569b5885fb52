#include "codegen/link/Process.h"
#include "codegen/link/WeightsObject.h"
#include "test/unit/RuntimeLinkFixture.h"

#include "dycc/runtime.h"

#include "llvm/Object/Archive.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <csignal>
#include <dlfcn.h>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace llvm;

namespace dycc::link {
namespace {

/// exp(weight), as the host program prints it.
std::string answer(float weight) {
  std::string text;
  raw_string_ostream(text) << format("%.3f\n", std::exp(weight));
  return text;
}

#if defined(__x86_64__)
TEST_F(RuntimeLink, SharedLibraryRuns) {
  ASSERT_LINKED(linkShared(makeJob("model.so")));
  EXPECT_EQ(runProgram({DYCC_TEST_OBJECTS "/link-host-x86_64-linux-gnu",
                        path("model.so")}),
            answer(2));
}

TEST_F(RuntimeLink, StaticModelsLinkIntoOneProgram) {
  LinkJob one = makeJob("one.o"), two = makeJob("libtwo.a");
  one.prefix = "one";
  two.prefix = "two";
  ASSERT_LINKED(linkObject(one));
  weights[1] = 1;
  ASSERT_LINKED(linkStatic(two));
  runProgram({DYCC_TEST_COMPILER, "-DDYCC_TEST_LINKED", "-I",
              std::string(DYCC_TEST_SOURCE) + "/runtime/include",
              std::string(DYCC_TEST_SOURCE) + "/test/unit/RuntimeLinkHost.c",
              one.output, two.output, "-lm", "-o", path("program")});
  EXPECT_EQ(runProgram({path("program")}), answer(2) + answer(1));
}

TEST_F(RuntimeLink, TwoSharedLibrariesShareAProcess) {
  ASSERT_LINKED(linkShared(makeJob("one.so")));
  weights[1] = 1;
  ASSERT_LINKED(linkShared(makeJob("two.so")));
  float results[2];
  const char *names[] = {"one.so", "two.so"};
  for (int i = 0; i < 2; ++i) {
    void *library = dlopen(path(names[i]).c_str(), RTLD_NOW | RTLD_GLOBAL);
    ASSERT_NE(library, nullptr) << dlerror();
    auto query = dycc_query_fn(dlsym(library, "dycc_model_query"));
    const dycc_api *api = query(1);
    dycc_model *model;
    dycc_context *context;
    ASSERT_EQ(api->model_create(nullptr, &model, nullptr), DYCC_OK);
    ASSERT_EQ(api->context_create(model, nullptr, &context, nullptr), DYCC_OK);
    float x[2] = {0, 1}, y[2];
    int64_t shape[] = {2};
    DLTensor in = {x, {kDLCPU, 0}, 1, {kDLFloat, 32, 1}, shape, nullptr, 0};
    DLTensor out = in;
    out.data = y;
    const DLTensor *inputs[] = {&in};
    DLTensor *outputs[] = {&out};
    ASSERT_EQ(api->run(context, inputs, outputs, nullptr), DYCC_OK);
    results[i] = y[1];
    api->context_destroy(context);
    EXPECT_EQ(api->model_destroy(model), DYCC_OK);
    dlclose(library);
  }
  EXPECT_FLOAT_EQ(results[0], std::exp(2.f));
  EXPECT_FLOAT_EQ(results[1], std::exp(1.f));
}
#endif

TEST_F(RuntimeLink, SharedLibraryRunsOnAarch64) {
  ASSERT_LINKED(linkShared(makeJob("model.so", "aarch64-linux-gnu")));
  EXPECT_EQ(runProgram({"/usr/bin/qemu-aarch64", "-L", "/usr/aarch64-linux-gnu",
                        std::string(DYCC_TEST_OBJECTS) +
                            "/link-host-aarch64-linux-gnu",
                        path("model.so")}),
            answer(2));
}

TEST_F(RuntimeLink, ExportsOneSymbolAndNeedsTheCLibraryAlone) {
  for (const char *model : {"x86_64-linux-gnu", "aarch64-linux-gnu"}) {
    ASSERT_LINKED(linkShared(makeJob("model.so", model)));
    auto file = object::ObjectFile::createObjectFile(path("model.so"));
    ASSERT_TRUE(bool(file)) << toString(file.takeError());
    auto *elf = cast<object::ELFObjectFileBase>(file->getBinary());
    std::vector<std::string> defined;
    for (const object::ELFSymbolRef &symbol : elf->getDynamicSymbolIterators())
      if (!(cantFail(symbol.getFlags()) & object::SymbolRef::SF_Undefined))
        defined.push_back(cantFail(symbol.getName()).str());
    EXPECT_EQ(defined, std::vector<std::string>{"dycc_model_query"});
    auto *elf64 = cast<object::ELF64LEObjectFile>(elf);
    for (auto &entry : cantFail(elf64->getELFFile().dynamicEntries())) {
      EXPECT_NE(entry.getTag(), ELF::DT_TEXTREL);
      EXPECT_NE(entry.getTag(), ELF::DT_RUNPATH);
    }
  }
}

TEST_F(RuntimeLink, GivesTheSameBytesAgain) {
  ASSERT_LINKED(linkShared(makeJob("model.so")));
  auto first = MemoryBuffer::getFile(path("model.so"));
  ASSERT_LINKED(linkShared(makeJob("model.so")));
  auto second = MemoryBuffer::getFile(path("model.so"));
  ASSERT_TRUE(first && second);
  EXPECT_EQ((*first)->getBuffer(), (*second)->getBuffer());
}

TEST_F(RuntimeLink, PlacesWeightsAtTheirOffsets) {
  LinkJob job = makeJob("weights.o");
  job.weights = {{ArrayRef("ab", 2), 3}, {ArrayRef("c", 1), 9000}};
  job.weightBytes = 10000;
  ASSERT_LINKED(writeWeightsObject(job, job.output));
  auto file = object::ObjectFile::createObjectFile(job.output);
  ASSERT_TRUE(bool(file)) << toString(file.takeError());
  int sections = 0;
  for (const object::SectionRef &section : file->getBinary()->sections()) {
    if (cantFail(section.getName()) != ".dycc_weights")
      continue;
    ++sections;
    EXPECT_EQ(section.getAlignment(), Align(4096));
    std::string expected(10000, '\0');
    expected[3] = 'a', expected[4] = 'b', expected[9000] = 'c';
    EXPECT_EQ(cantFail(section.getContents()), expected);
  }
  EXPECT_EQ(sections, 1);
}

TEST_F(RuntimeLink, WritesWeightsOfManyGigabytes) {
  LinkJob job = makeJob("weights.o");
  job.weightBytes = (uint64_t(5) << 30) + 1; // Almost all of it a hole.
  job.weights.push_back({ArrayRef("z", 1), job.weightBytes - 1});
  ASSERT_LINKED(writeWeightsObject(job, job.output));
  auto file = object::ObjectFile::createObjectFile(job.output);
  ASSERT_TRUE(bool(file)) << toString(file.takeError());
  for (const object::SectionRef &section : file->getBinary()->sections())
    if (cantFail(section.getName()) == ".dycc_weights") {
      EXPECT_EQ(section.getSize(), job.weightBytes);
      EXPECT_EQ(cantFail(section.getContents()).back(), 'z');
    }
  for (const object::ELFSymbolRef symbol : file->getBinary()->symbols())
    EXPECT_EQ(symbol.getSize(), job.weightBytes);
}

/// Weights between code and data would put them out of each other's reach.
TEST_F(RuntimeLink, PlacesWeightsAfterCodeAndData) {
  for (const char *model : {"x86_64-linux-gnu", "aarch64-linux-gnu"}) {
    ASSERT_LINKED(linkShared(makeJob("model.so", model)));
    auto file = object::ObjectFile::createObjectFile(path("model.so"));
    ASSERT_TRUE(bool(file)) << toString(file.takeError());
    uint64_t weightsAt = 0, othersEnd = 0;
    for (const object::SectionRef &section : file->getBinary()->sections())
      if (cantFail(section.getName()) == ".dycc_weights")
        weightsAt = section.getAddress();
      else
        othersEnd =
            std::max(othersEnd, section.getAddress() + section.getSize());
    EXPECT_GE(weightsAt, othersEnd);
    EXPECT_EQ(weightsAt % 4096, 0u);
  }
}

TEST_F(RuntimeLink, LinksMoreThanTwoGigabytes) {
  if (!getenv("DYCC_TEST_LARGE"))
    GTEST_SKIP() << "writes 5 GB; runs where DYCC_TEST_LARGE is set";
  LinkJob job = makeJob("model.so");
  job.weightBytes = (uint64_t(9) << 28) + 1;
  job.weights.push_back({ArrayRef("z", 1), job.weightBytes - 1});
  ASSERT_LINKED(linkShared(job));
  EXPECT_EQ(runProgram({DYCC_TEST_OBJECTS "/link-host-x86_64-linux-gnu",
                        path("model.so")}),
            answer(2));
}

TEST_F(RuntimeLink, LinksAModelWithoutWeights) {
  LinkJob job = makeJob("model.so");
  job.weights.clear();
  job.weightBytes = 0;
  ASSERT_LINKED(linkShared(job));
}

TEST_F(RuntimeLink, RefusesWeightsThatDoNotFit) {
  LinkJob job = makeJob("model.so");
  job.weights.push_back({ArrayRef("ab", 2), 15});
  expectError(linkShared(job),
              "weight at offset 15 overlaps the one before, which ends at 16");
  job.weights.back().offset = 16;
  expectError(linkShared(job), "weight ends at 18, expects at most 16");
}

TEST_F(RuntimeLink, NamesAMissingLinker) {
  LinkJob job = makeJob("model.so");
  job.onlyToolDirs = true;
  job.toolDirs = {"/nonexistent"};
  expectError(linkShared(job), "cannot find 'ld.lld' in '/nonexistent'");
  job.onlyToolDirs = false;
  std::string text = toString(runTool(job, "no-such-tool", {}, folder));
  EXPECT_TRUE(StringRef(text).starts_with("cannot find 'no-such-tool' in '"));
  EXPECT_TRUE(StringRef(text).ends_with("' or in PATH")) << text;
}

TEST_F(RuntimeLink, NamesAnOutputThatCannotBeWritten) {
  LinkJob job = makeJob("no/such/folder/model.so");
  expectError(linkShared(job),
              "cannot write '" + job.output + "': No such file or directory");
  job.output = "/proc/model.so";
  expectError(linkShared(job), "cannot write '/proc/model.so': ");
  job.output = folder.str().str();
  expectError(linkShared(job),
              "cannot write '" + job.output + "': Is a directory");
}

TEST_F(RuntimeLink, DoesNotReplaceAPipe) {
  LinkJob job = makeJob("pipe");
  ASSERT_EQ(mkfifo(job.output.c_str(), 0600), 0);
  EXPECT_EQ(toString(linkShared(job)),
            "cannot write '" + job.output + "': expects a regular file");
  EXPECT_EQ(listFolder(), std::vector<std::string>{"pipe"});
}

TEST_F(RuntimeLink, NamesUndefinedSymbols) {
  LinkJob job = makeJob("model", "undefined");
  expectError(linkShared(job), "undefined symbol: nobody_has_this");
  expectError(linkObject(job), "undefined symbol: nobody_has_this");
  expectError(linkStatic(job), "undefined symbol: nobody_has_this");
}

TEST_F(RuntimeLink, NamesABrokenObject) {
  LinkJob job = makeJob("model.so");
  job.objects.push_back("/nonexistent.o");
  expectError(linkShared(job), "/nonexistent.o");
  job.objects.back() = DYCC_TEST_SOURCE "/LICENSE";
  expectError(linkShared(job), "LICENSE");
}

TEST_F(RuntimeLink, RefusesTargetsWithoutARuntime) {
  LinkJob job = makeJob("model.so");
  job.triple = Triple("riscv64-linux-gnu");
  expectError(linkShared(job), "cannot link for 'riscv64-linux-gnu', expects "
                               "x86_64 or aarch64 Linux");
  expectError(findRuntime(job.triple).takeError(),
              "no runtime for 'riscv64-linux-gnu': expects "
              "'riscv64-linux-gnu/libdycc_rt.a' in ");
}

TEST_F(RuntimeLink, LeavesNothingWhenTheDiskIsFull) {
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  auto handler = std::signal(SIGXFSZ, SIG_IGN);
  LinkJob job = makeJob("model.so");
  auto linkWithin = [&](rlim_t bytes) {
    rlimit limit = {bytes, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    Error error = linkShared(job);
    setrlimit(RLIMIT_FSIZE, &before);
    return error;
  };
  expectError(linkWithin(2000), "cannot write weights to '");
  // Enough for the weights, but not for the library.
  expectError(linkWithin(12000), "ld.lld");
  std::signal(SIGXFSZ, handler);
}

} // namespace
} // namespace dycc::link
