#include "codegen/llvm/HostProgram.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;
using dycc::dyn::ExprAttr;

namespace dycc::codegen {

/// DYCC_SLOT_FIRST of runtime/src/ModelDesc.h.
static constexpr unsigned kFirstSlot = 2;

HostProgram::HostProgram(mlir::ModuleOp source, const HostOptions &options,
                         Module &module)
    : source(source), main(source.lookupSymbol<mlir::func::FuncOp>("main")),
      options(options), module(module), bounds(source) {
  for (bool execution : {false, true})
    for (auto symbol : source.getOps<dyn::SymbolOp>())
      if (symbol.getDefinition()) {
        definitions[symbol.getSymName()] = *symbol.getDefinition();
      } else if (symbol.getExecution() == execution) {
        symbolIndices[symbol.getSymName()] = symbolOps.size();
        symbolOps.push_back(symbol);
        inputSymbols += !execution;
      }
  if (auto slots = main->getAttrOfType<mlir::ArrayAttr>("dyn.arena"))
    arena.assign(slots.begin(), slots.end());
}

std::string HostProgram::textOf(ExprAttr expr) const {
  constexpr uint32_t kReadable = 48;
  return dyn::expandNames(expr, kReadable,
                          [&](StringRef name) { return definitionOf(name); })
      .str();
}

unsigned HostProgram::offsetSlot(unsigned index) const {
  return kFirstSlot + index;
}

unsigned HostProgram::slotOf(ExprAttr expr) {
  unsigned next = kFirstSlot + arena.size() + slots.size();
  return slots.insert({expr, next}).first->second;
}

unsigned HostProgram::numSlots() const {
  return kFirstSlot + arena.size() + slots.size();
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

Value *HostProgram::loadField(IRBuilder<> &builder, Value *frame,
                              FrameField field) {
  return loadElement(builder, ptr(), frame, static_cast<unsigned>(field));
}

Value *HostProgram::readable(IRBuilder<> &builder, Value *frame, Value *pointer,
                             Value *elements) {
  if (auto *count = dyn_cast<ConstantInt>(elements); count && !count->isZero())
    return pointer;
  return builder.CreateSelect(
      builder.CreateICmpEQ(elements, builder.getInt64(0)),
      loadField(builder, frame, FrameField::Nothing), pointer);
}

Value *HostProgram::allocate(IRBuilder<> &builder, Type *type, unsigned count) {
  BasicBlock &entry = builder.GetInsertBlock()->getParent()->getEntryBlock();
  IRBuilder<> atEntry(&entry, entry.begin());
  return atEntry.CreateAlloca(type, atEntry.getInt32(count));
}

void HostProgram::emitFail(IRBuilder<> &builder, Value *frame, Status status,
                           StringRef format, ArrayRef<Value *> arguments) {
  Value *array = ConstantPointerNull::get(PointerType::getUnqual(context()));
  if (!arguments.empty())
    array = allocate(builder, i64(), arguments.size());
  for (auto [index, argument] : enumerate(arguments)) {
    Value *word = argument->getType()->isPointerTy()
                      ? builder.CreatePtrToInt(argument, i64())
                      : argument;
    storeElement(builder, word, array, index);
  }
  FunctionCallee fail =
      declare("dycc_rt_fail", i32(), {ptr(), i32(), ptr(), ptr(), i32()});
  builder.CreateRet(builder.CreateCall(
      fail, {frame, builder.getInt32(static_cast<int32_t>(status)),
             string(format), array, builder.getInt32(arguments.size())}));
}

void HostProgram::emitCheck(IRBuilder<> &builder, Value *frame,
                            Value *condition, Status status, StringRef format,
                            ArrayRef<Value *> arguments) {
  Function *function = builder.GetInsertBlock()->getParent();
  BasicBlock *fail = BasicBlock::Create(context(), "fail", function);
  BasicBlock *next = BasicBlock::Create(context(), "", function);
  MDNode *likely = MDBuilder(context()).createBranchWeights(1 << 20, 1);
  builder.CreateCondBr(condition, next, fail, likely);
  builder.SetInsertPoint(fail);
  emitFail(builder, frame, status, format, arguments);
  builder.SetInsertPoint(next);
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

FunctionCallee HostProgram::declare(StringRef name, Type *result,
                                    ArrayRef<Type *> arguments) {
  FunctionCallee callee = module.getOrInsertFunction(
      name, FunctionType::get(result, arguments, /*isVarArg=*/false));
  auto *function = cast<Function>(callee.getCallee());
  function->setVisibility(GlobalValue::HiddenVisibility);
  function->setDoesNotThrow();
  return callee;
}

Function *HostProgram::define(StringRef name, Type *result,
                              ArrayRef<Type *> arguments) {
  auto *function =
      Function::Create(FunctionType::get(result, arguments, /*isVarArg=*/false),
                       GlobalValue::InternalLinkage, "dycc_" + name, module);
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

std::pair<unsigned, unsigned> dlpackType(mlir::Type type) {
  unsigned bits = type.isInteger(1) ? 8 : type.getIntOrFloatBitWidth();
  if (type.isInteger(1))
    return {6, bits};
  if (type.isBF16())
    return {4, bits};
  if (isa<mlir::FloatType>(type))
    return {2, bits};
  return {type.isUnsignedInteger() ? 1 : 0, bits};
}

} // namespace dycc::codegen
