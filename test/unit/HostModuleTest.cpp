// What can go wrong between LLVM IR and an object.
#include "codegen/llvm/HostModule.h"

#include "llvm/IR/IRBuilder.h"

#include <gtest/gtest.h>

using namespace dycc::codegen;

namespace {

/// The error of emitObject() for a function that `fill` completes.
std::string errorFor(const char *triple,
                     llvm::function_ref<void(llvm::IRBuilder<> &)> fill) {
  llvm::LLVMContext context;
  llvm::Module module("test", context);
  llvm::IRBuilder<> builder(context);
  auto *function = llvm::Function::Create(
      llvm::FunctionType::get(builder.getVoidTy(), false),
      llvm::GlobalValue::ExternalLinkage, "f", module);
  builder.SetInsertPoint(llvm::BasicBlock::Create(context, "", function));
  fill(builder);
  HostOptions options;
  options.triple = triple;
  llvm::Expected<std::string> object = emitObject(module, options);
  return object ? "" : llvm::toString(object.takeError());
}

TEST(HostModule, BecomesAnObject) {
  for (const char *triple : {"x86_64-linux-gnu", "aarch64-linux-gnu"})
    EXPECT_EQ(errorFor(triple, [](auto &builder) { builder.CreateRetVoid(); }),
              "");
}

TEST(HostModule, NamesATargetWithoutCodeGenerator) {
  EXPECT_TRUE(llvm::StringRef(errorFor("z80-linux", [](auto &) {
              })).starts_with("no code generator for target 'z80-linux': "));
}

TEST(HostModule, NamesATargetWithoutObjects) {
  EXPECT_EQ(errorFor("nvptx64-nvidia-cuda",
                     [](auto &builder) { builder.CreateRetVoid(); }),
            "target 'nvptx64-nvidia-cuda' cannot write object files");
}

TEST(HostModule, RefusesBrokenCode) {
  EXPECT_TRUE(llvm::StringRef(errorFor("x86_64-linux-gnu", [](auto &) {
              })).starts_with("the host program is not valid LLVM IR: "));
}

} // namespace
