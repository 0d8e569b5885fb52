#include "codegen/llvm/HostProgram.h"

#include "dialects/dyn/DynDevice.h"
#include "dialects/dyn/Handles.h"
#include "runtime/abi/Calls.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;
using dycc::dyn::ExprAttr;

namespace dycc::codegen {

HostProgram::HostProgram(mlir::ModuleOp source, const HostOptions &options,
                         Module &module)
    : source(source), main(source.lookupSymbol<mlir::func::FuncOp>("main")),
      options(options), module(module), kernels(source), bounds(source),
      memory(main, bounds, options.scratch) {
  for (bool execution : {false, true})
    for (auto symbol : source.getOps<dyn::SymbolOp>())
      if (symbol.getDefinition()) {
        definitions[symbol.getSymName()] = *symbol.getDefinition();
      } else if (symbol.getExecution() == execution) {
        symbolIndices[symbol.getSymName()] = symbolOps.size();
        symbolOps.push_back(symbol);
        inputSymbols += !execution;
      }
  main.walk<mlir::WalkOrder::PreOrder>([&](dyn::LaunchOp launch) {
    launchNumbers[launch] = launchOps.size();
    launchOps.push_back(launch);
  });
}

std::string HostProgram::textOf(ExprAttr expr) const {
  constexpr uint32_t kReadable = 48;
  return dyn::expandNames(expr, kReadable,
                          [&](StringRef name) { return definitionOf(name); })
      .str();
}

unsigned HostProgram::offsetSlot(unsigned index) const {
  return DYCC_SLOT_FIRST + index;
}

unsigned HostProgram::slotOf(ExprAttr expr) {
  unsigned next = DYCC_SLOT_FIRST + memory.slots.size() + slots.size();
  return slots.insert({expr, next}).first->second;
}

unsigned HostProgram::numSlots() const {
  return DYCC_SLOT_FIRST + memory.slots.size() + slots.size();
}

bool HostProgram::hasDevice() {
  return any_of(launchOps, [&](dyn::LaunchOp launch) {
    return dyn::hasDeviceVersion(launch.getKernelIn(kernels));
  });
}

Constant *HostProgram::deviceKind(StringRef device) {
  if (device.empty())
    return ConstantPointerNull::get(PointerType::getUnqual(context()));
  auto *kind = cast<GlobalVariable>(module.getOrInsertGlobal(
      ("dycc_device_" + device).str(), Type::getInt8Ty(context())));
  kind->setVisibility(GlobalValue::HiddenVisibility);
  return kind;
}

Constant *HostProgram::string(StringRef text) {
  std::string name = ("dycc.text." + Twine(xxh3_64bits(text))).str();
  if (GlobalVariable *known = module.getNamedGlobal(name))
    return known;
  Constant *data = ConstantDataArray::getString(context(), text);
  auto *global =
      new GlobalVariable(module, data->getType(), /*isConstant=*/true,
                         GlobalValue::PrivateLinkage, data, name);
  global->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
  return global;
}

Value *HostProgram::loadElement(IRBuilder<> &builder, Type *type, Value *array,
                                unsigned index) {
  Value *address = builder.CreateConstInBoundsGEP1_64(type, array, index);
  return builder.CreateLoad(type, address);
}

void HostProgram::storeElement(IRBuilder<> &builder, Value *value, Value *array,
                               unsigned index) {
  builder.CreateStore(value, builder.CreateConstInBoundsGEP1_64(
                                 value->getType(), array, index));
}

Value *HostProgram::fieldAddress(IRBuilder<> &builder, Value *base,
                                 uint64_t offset) {
  return builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), base, offset);
}

Value *HostProgram::readable(IRBuilder<> &builder, Value *frame, Value *pointer,
                             Value *elements) {
  if (auto *count = dyn_cast<ConstantInt>(elements); count && !count->isZero())
    return pointer;
  return builder.CreateSelect(
      builder.CreateICmpEQ(elements, builder.getInt64(0)),
      loadField(builder, frame, &DyccFrame::nothing), pointer);
}

Value *HostProgram::allocate(IRBuilder<> &builder, Type *type, unsigned count) {
  BasicBlock &entry = builder.GetInsertBlock()->getParent()->getEntryBlock();
  IRBuilder<> atEntry(&entry, entry.begin());
  return atEntry.CreateAlloca(type, atEntry.getInt32(count));
}

void HostProgram::emitFail(IRBuilder<> &builder, Value *frame,
                           dycc_status status, StringRef format,
                           ArrayRef<Value *> arguments) {
  Value *array = ConstantPointerNull::get(PointerType::getUnqual(context()));
  if (!arguments.empty())
    array = allocate(builder, i64(), arguments.size());
  for (auto [index, argument] : enumerate(arguments)) {
    Value *word = argument->getType()->isPointerTy()
                      ? builder.CreatePtrToInt(argument, i64())
                      : argument;
    storeElement(builder, word, array, index);
  }
  builder.CreateRet(
      builder.CreateCall(declare<decltype(dycc_rt_fail)>("dycc_rt_fail"),
                         {frame, builder.getInt32(status), string(format),
                          array, builder.getInt32(arguments.size())}));
}

void HostProgram::emitCheck(IRBuilder<> &builder, Value *frame,
                            Value *condition, dycc_status status,
                            StringRef format, ArrayRef<Value *> arguments) {
  Function *function = builder.GetInsertBlock()->getParent();
  BasicBlock *fail = BasicBlock::Create(context(), "fail", function);
  BasicBlock *next = BasicBlock::Create(context(), "", function);
  MDNode *likely = MDBuilder(context()).createBranchWeights(1 << 20, 1);
  builder.CreateCondBr(condition, next, fail, likely);
  builder.SetInsertPoint(fail);
  emitFail(builder, frame, status, format, arguments);
  builder.SetInsertPoint(next);
}

Value *HostProgram::emitByMachine(IRBuilder<> &builder, unsigned count,
                                  function_ref<Value *()> machine,
                                  function_ref<Value *(unsigned)> valueOn) {
  Value *result = valueOn(count - 1);
  Value *running = count > 1 ? machine() : nullptr;
  for (unsigned number = count - 1; number-- > 0;)
    result = builder.CreateSelect(
        builder.CreateICmpEQ(running, builder.getInt64(number)),
        valueOn(number), result);
  return result;
}

void HostProgram::emitReturnIf(IRBuilder<> &builder, Value *status) {
  Function *function = builder.GetInsertBlock()->getParent();
  BasicBlock *leave = BasicBlock::Create(context(), "leave", function);
  BasicBlock *next = BasicBlock::Create(context(), "", function);
  MDNode *unlikely = MDBuilder(context()).createBranchWeights(1, 1 << 20);
  builder.CreateCondBr(builder.CreateICmpNE(status, builder.getInt32(0)), leave,
                       next, unlikely);
  IRBuilder<>(leave).CreateRet(status);
  builder.SetInsertPoint(next);
}

FunctionCallee HostProgram::declare(StringRef name, FunctionType *type) {
  FunctionCallee callee = module.getOrInsertFunction(name, type);
  auto *function = cast<Function>(callee.getCallee());
  function->setVisibility(GlobalValue::HiddenVisibility);
  function->setDoesNotThrow();
  return callee;
}

Function *HostProgram::define(StringRef name, FunctionType *type) {
  auto *function = Function::Create(type, GlobalValue::InternalLinkage,
                                    "dycc_" + name, module);
  function->setDoesNotThrow();
  BasicBlock::Create(context(), "entry", function);
  return function;
}

static void appendNames(mlir::Location location, std::string &names) {
  if (auto name = dyn_cast<mlir::NameLoc>(location)) {
    if (!names.empty())
      names += ", ";
    names += name.getName().getValue();
    return;
  }
  if (auto fused = dyn_cast<mlir::FusedLoc>(location))
    for (mlir::Location part : fused.getLocations())
      appendNames(part, names);
}

std::string nodeName(mlir::Location location) {
  std::string names;
  appendNames(location, names);
  return names.empty() ? "?" : names;
}

static unsigned dlpackCode(mlir::Type type) {
  using namespace mlir;
  return llvm::TypeSwitch<mlir::Type, unsigned>(type)
      .Case([](BFloat16Type) { return kDLBfloat; })
      .Case([](Float8E4M3FNType) { return DYCC_DTYPE_FLOAT8_E4M3FN; })
      .Case([](Float8E4M3FNUZType) { return DYCC_DTYPE_FLOAT8_E4M3FNUZ; })
      .Case([](Float8E5M2Type) { return DYCC_DTYPE_FLOAT8_E5M2; })
      .Case([](Float8E5M2FNUZType) { return DYCC_DTYPE_FLOAT8_E5M2FNUZ; })
      .Case([](Float8E8M0FNUType) { return DYCC_DTYPE_FLOAT8_E8M0FNU; })
      .Case([](Float6E2M3FNType) { return DYCC_DTYPE_FLOAT6_E2M3FN; })
      .Case([](Float6E3M2FNType) { return DYCC_DTYPE_FLOAT6_E3M2FN; })
      .Case([](Float4E2M1FNType) { return DYCC_DTYPE_FLOAT4_E2M1FN; })
      .Case([](mlir::FloatType) { return kDLFloat; })
      .Default([](mlir::Type integer) {
        return integer.isUnsignedInteger() ? kDLUInt : kDLInt;
      });
}

std::pair<unsigned, unsigned> dlpackType(mlir::Type type) {
  if (dyn::isHandle(type))
    return {DYCC_DTYPE_STRING, DYCC_HANDLE_BITS};
  if (type.isInteger(1))
    return {DYCC_DTYPE_BOOL, 8};
  return {dlpackCode(type), type.getIntOrFloatBitWidth()};
}

} // namespace dycc::codegen
