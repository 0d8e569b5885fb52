#ifndef DYCC_CODEGEN_LLVM_HOSTPROGRAM_H
#define DYCC_CODEGEN_LLVM_HOSTPROGRAM_H

#include "codegen/llvm/AbiTypes.h"
#include "codegen/llvm/ExprEmitter.h"
#include "codegen/llvm/HostModule.h"
#include "codegen/llvm/MemoryFormula.h"
#include "runtime/abi/Model.h"

#include "dycc/runtime.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/MapVector.h"

namespace dycc::codegen {

/// What the emitters of one host program share: the LLVM module, the symbols
/// and their numbers, the slot table, and helpers for calls to the runtime.
class HostProgram {
public:
  HostProgram(mlir::ModuleOp source, const HostOptions &options,
              llvm::Module &module);

  llvm::LLVMContext &context() { return module.getContext(); }
  llvm::Type *i32() { return llvm::Type::getInt32Ty(context()); }
  llvm::Type *i64() { return llvm::Type::getInt64Ty(context()); }
  llvm::Type *ptr() { return llvm::PointerType::getUnqual(context()); }

  /// Input symbols first, then execution symbols. A derived symbol has no
  /// number: it is computed where it is used.
  llvm::ArrayRef<dyn::SymbolOp> symbols() const { return symbolOps; }
  unsigned numInputSymbols() const { return inputSymbols; }
  unsigned symbolIndex(llvm::StringRef name) const {
    return symbolIndices.lookup(name);
  }
  /// What a derived symbol stands for; null for other symbols.
  dyn::ExprAttr definitionOf(llvm::StringRef name) const {
    return definitions.lookup(name);
  }
  /// `expr` as a person reads it: derived symbols as what they stand for,
  /// where that is short.
  std::string textOf(dyn::ExprAttr expr) const;

  /// The slot that holds the offset of arena slot `index`.
  unsigned offsetSlot(unsigned index) const;
  /// The slot that plan() stores `expr` (over input symbols) in.
  unsigned slotOf(dyn::ExprAttr expr);
  unsigned numSlots() const;
  /// All launches of the program, in the order of the text: their numbers.
  llvm::ArrayRef<dyn::LaunchOp> launches() const { return launchOps; }
  unsigned numberOf(dyn::LaunchOp launch) const {
    return launchNumbers.lookup(launch);
  }
  /// Whether some launch runs on a device, of a machine that has one.
  bool hasDevice();
  /// The runtime's table of a kind of device, from runtime/abi/Model.h; null
  /// for none.
  llvm::Constant *deviceKind(llvm::StringRef device);
  /// Expressions that have a slot, in the order of the slots.
  auto slotExprs() const { return llvm::make_first_range(slots); }

  /// A zero-terminated string constant.
  llvm::Constant *string(llvm::StringRef text);
  /// `array[index]`, loaded as `type`.
  llvm::Value *loadElement(llvm::IRBuilder<> &builder, llvm::Type *type,
                           llvm::Value *array, unsigned index);
  void storeElement(llvm::IRBuilder<> &builder, llvm::Value *value,
                    llvm::Value *array, unsigned index);
  static llvm::Value *fieldAddress(llvm::IRBuilder<> &builder,
                                   llvm::Value *base, uint64_t offset);
  /// A field of entry `index` of an array of structs.
  template <typename S, typename F>
  llvm::Value *loadField(llvm::IRBuilder<> &builder, llvm::Value *structs,
                         F S::*field, unsigned index = 0) {
    return builder.CreateLoad(
        abiType<F>(context()),
        fieldAddress(builder, structs, index * sizeof(S) + abiOffset(field)));
  }
  template <typename S, typename F>
  void storeField(llvm::IRBuilder<> &builder, llvm::Value *value,
                  llvm::Value *structs, F S::*field, unsigned index = 0) {
    assert(value->getType() == abiType<F>(context()) && "the field's type");
    builder.CreateStore(
        value,
        fieldAddress(builder, structs, index * sizeof(S) + abiOffset(field)));
  }
  template <typename S, typename F>
  void storeField(llvm::IRBuilder<> &builder, int64_t value,
                  llvm::Value *structs, F S::*field, unsigned index = 0) {
    storeField(builder,
               llvm::ConstantInt::get(abiType<F>(context()), value,
                                      /*IsSigned=*/true),
               structs, field, index);
  }
  /// `pointer` to a tensor of so many elements as readers get it: without
  /// elements, readable memory of the frame in its place.
  llvm::Value *readable(llvm::IRBuilder<> &builder, llvm::Value *frame,
                        llvm::Value *pointer, llvm::Value *elements);
  /// Stack memory of the current function's entry block.
  llvm::Value *allocate(llvm::IRBuilder<> &builder, llvm::Type *type,
                        unsigned count = 1);
  /// The same for an array of structs of the contract.
  template <typename S>
  llvm::Value *allocateStructs(llvm::IRBuilder<> &builder, unsigned count = 1) {
    static_assert(alignof(S) <= alignof(int64_t) &&
                  sizeof(S) % sizeof(int64_t) == 0);
    return allocate(builder, i64(), count * (sizeof(S) / sizeof(int64_t)));
  }

  /// Ends the block: sets the text and returns the status. `arguments` are
  /// i64 for %d, pointers for %s.
  void emitFail(llvm::IRBuilder<> &builder, llvm::Value *frame,
                dycc_status status, llvm::StringRef format,
                llvm::ArrayRef<llvm::Value *> arguments);
  /// Goes on where `condition` (i1) holds; fails as emitFail() otherwise.
  void emitCheck(llvm::IRBuilder<> &builder, llvm::Value *frame,
                 llvm::Value *condition, dycc_status status,
                 llvm::StringRef format,
                 llvm::ArrayRef<llvm::Value *> arguments);
  /// Returns `status` (i32) where it is not 0.
  void emitReturnIf(llvm::IRBuilder<> &builder, llvm::Value *status);
  /// What `valueOn` makes for the machine that runs: of `count`, the one that
  /// `machine` (i64) is the number of, which is asked for where there are
  /// several.
  llvm::Value *
  emitByMachine(llvm::IRBuilder<> &builder, unsigned count,
                llvm::function_ref<llvm::Value *()> machine,
                llvm::function_ref<llvm::Value *(unsigned)> valueOn);

  /// A function of the runtime or the kernels, declared on first use.
  llvm::FunctionCallee declare(llvm::StringRef name, llvm::FunctionType *type);
  /// A new hidden function `dycc_<name>`; its entry block is empty.
  llvm::Function *define(llvm::StringRef name, llvm::FunctionType *type);
  /// The same for functions of runtime/abi.
  template <typename F>
  llvm::FunctionCallee declare(llvm::StringRef name) {
    return declare(name, AbiFunction<F>::get(context()));
  }
  template <typename F>
  llvm::Function *define(llvm::StringRef name) {
    return define(name, AbiFunction<F>::get(context()));
  }

  mlir::ModuleOp source;
  mlir::func::FuncOp main;
  const HostOptions &options;
  llvm::Module &module;
  mlir::SymbolTable kernels; ///< Of the source: launches find their kernels.
  dyn::ExecutionBounds bounds;
  const MemoryFormula memory;

private:
  llvm::SmallVector<dyn::SymbolOp> symbolOps;
  llvm::StringMap<unsigned> symbolIndices;
  llvm::StringMap<dyn::ExprAttr> definitions;
  unsigned inputSymbols = 0;
  llvm::MapVector<dyn::ExprAttr, unsigned> slots;
  llvm::SmallVector<dyn::LaunchOp> launchOps;
  llvm::DenseMap<mlir::Operation *, unsigned> launchNumbers;
};

/// The node that an operation came from, as errors and profiles name it.
std::string nodeName(mlir::Location location);

/// The functions of the model, each from its own file.
llvm::Function *emitBind(HostProgram &program);     // BindEmitter.cpp
llvm::Function *emitInfer(HostProgram &program);    // PlanEmitter.cpp
llvm::Function *emitPlan(HostProgram &program);     // PlanEmitter.cpp
llvm::Function *emitBound(HostProgram &program);    // PlanEmitter.cpp
llvm::Function *emitEstimate(HostProgram &program); // PlanEmitter.cpp
llvm::Function *emitLiveSizes(HostProgram &program,
                              llvm::ArrayRef<dyn::ExprAttr> sizes); // The same.
llvm::Function *emitRun(HostProgram &program); // RunEmitter.cpp
/// `i32 dycc_call_<kernel>(frame, inputs..., outputs..., symbols (i64)...,
/// [version (i64),] launch (i32))`: describes the buffers, calls the kernel and
/// tells who listens.
llvm::Function *emitKernelAdapter(HostProgram &program, dyn::KernelOp kernel,
                                  unsigned number); // KernelAdapter.cpp
/// The constant that describes the model.
void emitModelDesc(HostProgram &program); // Describe.cpp

/// Code and bits of a tensor's element type as DLPack has them.
std::pair<unsigned, unsigned> dlpackType(mlir::Type elementType);

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_LLVM_HOSTPROGRAM_H
