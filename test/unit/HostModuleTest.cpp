// What the host program writes, and what can go wrong between LLVM IR and an
// object.
#include "codegen/llvm/HostModule.h"
#include "codegen/llvm/AbiTypes.h"

#include "dialects/dyn/DynOps.h"
#include "dialects/onnx/OnnxOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "runtime/abi/Memory.h"
#include "runtime/abi/Model.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/TargetParser/Triple.h"

#include <gtest/gtest.h>
#include <map>
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
dyn.kernel @k(%i: !k) -> !k symbols [s0 in [1, 64]] {
  %r = onnx.Relu %i : (!k) -> !k
  dyn.yield %r : !k
}
func.func @main(%x: !t {onnx.name = "x"}) -> (!t {onnx.name = "y"}) attributes {
    dyn.memory = #dyn.memory<slots [4 * N, 4 * N], outputs [slot 1],
                             pointers 0, unbounded 0, weights 0>} {
  %a = dyn.launch @k(%x) symbols [N]
      {places = [#dyn.place<arena, 0>]} : (!t) -> !t
  %b = dyn.launch @k(%a) symbols [N]
      {places = [#dyn.place<output, 0>]} : (!t) -> !t
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

/// Where each part of the constant `value` lies in it.
std::map<uint64_t, llvm::Constant *> partsOf(llvm::Constant *value,
                                             const llvm::DataLayout &layout) {
  auto *type = llvm::cast<llvm::StructType>(value->getType());
  std::map<uint64_t, llvm::Constant *> parts;
  for (unsigned i = 0; i < type->getNumElements(); ++i)
    parts[layout.getStructLayout(type)->getElementOffset(i)] =
        value->getAggregateElement(i);
  return parts;
}

/// The description of the planned module and the layout of a target.
struct Described {
  mlir::MLIRContext context;
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> module;
  llvm::DataLayout layout;

  explicit Described(const char *triple)
      : layout(llvm::Triple(triple).computeDataLayout()) {
    context.loadDialect<dycc::dyn::DynDialect, dycc::onnx::OnnxDialect,
                        mlir::func::FuncDialect>();
    auto source = mlir::parseSourceString<mlir::ModuleOp>(planned, &context);
    module = emitHostModule(*source, HostOptions(), llvmContext);
  }
};

// Fields are named by the C struct: LLVM has to put them where C has them.
TEST(HostModule, DescriptionLiesAsTheContractSays) {
  for (const char *triple : {"x86_64-linux-gnu", "aarch64-linux-gnu"}) {
    Described model(triple);
    auto *desc = model.module->getNamedGlobal("dycc_model_desc");
    llvm::Constant *value = desc->getInitializer();
    EXPECT_EQ(model.layout.getTypeAllocSize(value->getType()),
              sizeof(DyccModelDesc));
    auto parts = partsOf(value, model.layout);
    auto number = [&](uint64_t offset) {
      return llvm::cast<llvm::ConstantInt>(parts.at(offset))->getZExtValue();
    };
    EXPECT_EQ(number(offsetof(DyccModelDesc, version)),
              DYCC_MODEL_DESC_VERSION);
    EXPECT_EQ(number(offsetof(DyccModelDesc, numSlots)), DYCC_SLOT_FIRST + 2u);
    EXPECT_EQ(number(offsetof(DyccModelDesc, numKernels)), 1u);
    EXPECT_EQ(parts.at(offsetof(DyccModelDesc, weights))->getName(),
              "dycc_weights");
    EXPECT_EQ(parts.at(offsetof(DyccModelDesc, run))->getName(), "dycc_run");
  }
}

// A gap is a field that nobody sets.
TEST(HostModule, EveryFieldOfTheDescriptionIsSet) {
  Described model("x86_64-linux-gnu");
  int structs = 0;
  for (llvm::GlobalVariable &global : model.module->globals()) {
    llvm::Type *type = global.getValueType();
    if (auto *array = llvm::dyn_cast<llvm::ArrayType>(type))
      type = array->getElementType();
    auto *fields = llvm::dyn_cast<llvm::StructType>(type);
    structs += fields != nullptr;
    for (unsigned i = 0; fields && i < fields->getNumElements(); ++i)
      EXPECT_FALSE(fields->getElementType(i)->isArrayTy());
  }
  EXPECT_GE(structs, 5);
}

TEST(HostModule, UnsetFieldsOfAStructAreZero) {
  llvm::LLVMContext context;
  AbiConstant<DyccDimDesc> dim(context);
  llvm::Constant *value = dim.set(&DyccDimDesc::symbol, 7).get();
  for (const char *triple : {"x86_64-linux-gnu", "aarch64-linux-gnu"}) {
    llvm::DataLayout layout(llvm::Triple(triple).computeDataLayout());
    EXPECT_EQ(layout.getTypeAllocSize(value->getType()), sizeof(DyccDimDesc));
    auto parts = partsOf(value, layout);
    EXPECT_EQ(parts.count(offsetof(DyccDimDesc, symbol)), 1u);
    EXPECT_TRUE(parts.at(0)->isNullValue());
  }
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
