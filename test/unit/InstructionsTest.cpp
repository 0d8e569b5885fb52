#include "codegen/llvm/Instructions.h"
#include "codegen/llvm/TargetMachines.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/SourceMgr.h"
#include "gtest/gtest.h"

using namespace llvm;

namespace {

/// A kernel with a call of one instruction, and a function without.
constexpr const char *kernelText = R"(
define i128 @kernel(i128 %sum, i128 %a, i128 %b) #0 {
  %r = call i128 @dycc_instruction_NAME(i128 %sum, i128 %a, i128 %b)
  ret i128 %r
}
define void @other() #0 {
  ret void
}
declare i128 @dycc_instruction_NAME(i128, i128, i128)
attributes #0 = { "target-features"="+dotprod" }
)";

class Instructions : public testing::Test {
protected:
  std::unique_ptr<Module> parse(const std::string &name) {
    std::string text = kernelText;
    for (size_t at; (at = text.find("NAME")) != std::string::npos;)
      text.replace(at, 4, name);
    SMDiagnostic error;
    return parseAssemblyString(text, error, context);
  }

  static std::string featuresOf(const Module &module, const char *function) {
    return module.getFunction(function)
        ->getFnAttribute("target-features")
        .getValueAsString()
        .str();
  }

  LLVMContext context;
};

TEST_F(Instructions, TakeThePlaceOfCalls) {
  for (std::string name : {"smmla", "usmmla"}) {
    auto module = parse(name);
    ASSERT_TRUE(module);
    ASSERT_FALSE(errorToBool(dycc::codegen::placeInstructions(*module)));
    EXPECT_FALSE(verifyModule(*module, &errs()));
    EXPECT_FALSE(module->getFunction("dycc_instruction_" + name));
    EXPECT_TRUE(
        module->getFunction("llvm.aarch64.neon." + name + ".v4i32.v16i8"));
  }
}

TEST_F(Instructions, AreAllowedWhereTheyAre) {
  auto module = parse("smmla");
  ASSERT_FALSE(errorToBool(dycc::codegen::placeInstructions(*module)));
  EXPECT_EQ(featuresOf(*module, "kernel"), "+dotprod,+i8mm");
  EXPECT_EQ(featuresOf(*module, "other"), "+dotprod");
}

TEST_F(Instructions, AreCompiledWithoutDeniedFeatures) {
  auto module = parse("smmla");
  ASSERT_FALSE(errorToBool(dycc::codegen::placeInstructions(*module)));
  dycc::codegen::denyFeature(*module, "dotprod");
  EXPECT_EQ(featuresOf(*module, "kernel"), "+i8mm");
  EXPECT_EQ(featuresOf(*module, "other"), "");
}

TEST_F(Instructions, OfOtherNamesAreRefused) {
  auto module = parse("smmlb");
  EXPECT_EQ(toString(dycc::codegen::placeInstructions(*module)),
            "no instruction 'smmlb'");
}

TEST_F(Instructions, OfNoFileIsAnError) {
  EXPECT_TRUE(errorToBool(
      dycc::codegen::compileInstructions("no such file, and no folder/")));
}

TEST_F(Instructions, AreWrittenForTheTargetOfTheirKernel) {
  auto module = parse("smmla");
  module->setTargetTriple(Triple("aarch64-unknown-linux-gnu"));
  ASSERT_FALSE(errorToBool(dycc::codegen::placeInstructions(*module)));
  auto machine =
      dycc::codegen::createTargetMachine("aarch64-unknown-linux-gnu", "", "");
  ASSERT_TRUE(static_cast<bool>(machine));
  module->setDataLayout((*machine)->createDataLayout());
  auto object = dycc::codegen::writeObject(*module, **machine);
  ASSERT_TRUE(static_cast<bool>(object));
  // smmla v2.4s, v1.16b, v0.16b, whatever the registers are.
  bool found = false;
  for (size_t at = 0; at + 4 <= object->size() && !found; at += 4) {
    uint32_t word = 0;
    memcpy(&word, object->data() + at, 4);
    found = (word & 0xffe0fc00) == 0x4e80a400;
  }
  EXPECT_TRUE(found);
}

} // namespace
