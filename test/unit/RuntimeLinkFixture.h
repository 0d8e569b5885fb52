// What tests of the linker and of dycc-run have in common: a folder, and a
// model to link in it.
#ifndef DYCC_TEST_UNIT_RUNTIMELINKFIXTURE_H
#define DYCC_TEST_UNIT_RUNTIMELINKFIXTURE_H

#include "codegen/link/Link.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

#include <gtest/gtest.h>

namespace dycc::link {

/// A folder of its own per test, and jobs that link RuntimeLinkModel.cpp.
class RuntimeLink : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("dycc-link", folder));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  std::string path(llvm::StringRef name) const {
    llvm::SmallString<128> result(folder);
    llvm::sys::path::append(result, name);
    return result.str().str();
  }

  /// `model` is the object's name without ".o".
  LinkJob makeJob(llvm::StringRef output,
                  llvm::StringRef model = "x86_64-linux-gnu") {
    LinkJob job;
    job.triple = llvm::Triple(model.contains("aarch64") ? "aarch64-linux-gnu"
                                                        : "x86_64-linux-gnu");
    job.objects = {(DYCC_TEST_OBJECTS "/link-model-" + model + ".o").str()};
    job.weightBytes = sizeof(weights);
    job.weights = {{llvm::ArrayRef(reinterpret_cast<const char *>(weights),
                                   sizeof(weights)),
                    0}};
    job.output = path(output);
    return job;
  }

  /// Runs a program that ends with `code`; returns what it printed.
  std::string runProgram(std::vector<std::string> arguments, int code = 0) {
    std::string out = path("stdout");
    llvm::SmallVector<llvm::StringRef> argv(arguments.begin(), arguments.end());
    std::optional<llvm::StringRef> redirects[] = {
        std::nullopt, llvm::StringRef(out), llvm::StringRef(out)};
    EXPECT_EQ(llvm::sys::ExecuteAndWait(argv[0], argv, std::nullopt, redirects),
              code);
    auto text = llvm::MemoryBuffer::getFile(out);
    return text ? (*text)->getBuffer().str() : "";
  }

  /// Names in the folder: after a failure nothing may be left.
  std::vector<std::string> listFolder() {
    std::vector<std::string> names;
    std::error_code code;
    for (llvm::sys::fs::directory_iterator it(folder, code), end; it != end;
         it.increment(code))
      names.push_back(llvm::sys::path::filename(it->path()).str());
    return names;
  }

  void expectError(llvm::Error error, llvm::StringRef text) {
    std::string found = llvm::toString(std::move(error));
    EXPECT_TRUE(llvm::StringRef(found).contains(text)) << found;
    EXPECT_EQ(listFolder(), std::vector<std::string>());
  }

  llvm::SmallString<128> folder;
  float weights[4] = {1, 2, 3, 4};
};

#define ASSERT_LINKED(call) ASSERT_EQ(llvm::toString(call), std::string())

} // namespace dycc::link

#endif // DYCC_TEST_UNIT_RUNTIMELINKFIXTURE_H
