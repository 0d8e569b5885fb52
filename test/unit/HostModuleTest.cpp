// What the host program writes, and what can go wrong between LLVM IR and an
// object.
#include "codegen/llvm/HostModule.h"

#include "dialects/dyn/DynOps.h"
#include "dialects/onnx/OnnxOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

#include <gtest/gtest.h>
#include <set>

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

/// A planned module with two slots in the arena.
const char *const planned = R"mlir(
!t = tensor<?xf32, #dyn.value<[N]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
dyn.symbol @N in [1, 64]
func.func @main(%x: !t {onnx.name = "x"}) -> (!t {onnx.name = "y"}) attributes {
    dyn.arena = [#dyn.expr<4 * N>, #dyn.expr<4 * N>],
    dyn.output_inputs = array<i64: -1>, dyn.output_slots = array<i64: 1>,
    dyn.pointers = 0 : i64,
    dyn.unbounded = 0 : i64, dyn.weight_bytes = 0 : i64} {
  %a = dyn.group(%x) symbols [N] kernel "k"
      {places = [#dyn.place<arena, 0>]} : (!t) -> !t {
  ^bb0(%i: !k):
    %r = onnx.Relu %i : (!k) -> !k
    dyn.yield %r : !k
  }
  %b = dyn.group(%a) symbols [N] kernel "k"
      {places = [#dyn.place<output, 0>]} : (!t) -> !t {
  ^bb0(%i: !k):
    %r = onnx.Relu %i : (!k) -> !k
    dyn.yield %r : !k
  }
  return %b : !t
}
)mlir";

/// Indices of the slots that a function of the module stores to.
std::set<int64_t> slotsWrittenBy(llvm::Module &module, const char *name) {
  llvm::Function *function = module.getFunction(name);
  std::set<int64_t> slots;
  for (llvm::Instruction &instruction : llvm::instructions(function)) {
    auto *store = llvm::dyn_cast<llvm::StoreInst>(&instruction);
    if (!store)
      continue;
    llvm::APInt offset(64, 0);
    auto *base = store->getPointerOperand()->stripAndAccumulateConstantOffsets(
        module.getDataLayout(), offset, /*AllowNonInbounds=*/false);
    if (base == function->getArg(2))
      slots.insert(offset.getSExtValue() / int64_t(sizeof(int64_t)));
  }
  return slots;
}

// The runtime gives bound() memory for the first two slots, plan() for all.
TEST(HostModule, BoundWritesTheArenaAndTheScratchAlone) {
  mlir::MLIRContext context;
  context.loadDialect<dycc::dyn::DynDialect, dycc::onnx::OnnxDialect,
                      mlir::func::FuncDialect>();
  auto source = mlir::parseSourceString<mlir::ModuleOp>(planned, &context);
  ASSERT_TRUE(source);
  llvm::LLVMContext llvmContext;
  auto module = emitHostModule(*source, HostOptions(), llvmContext);
  EXPECT_EQ(slotsWrittenBy(*module, "dycc_bound"), (std::set<int64_t>{0, 1}));
  EXPECT_EQ(slotsWrittenBy(*module, "dycc_plan"),
            (std::set<int64_t>{0, 1, 2, 3}));
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
