#ifndef DYCC_CODEGEN_LLVM_RUNEMITTER_H
#define DYCC_CODEGEN_LLVM_RUNEMITTER_H

#include "codegen/llvm/HostProgram.h"

namespace dycc::codegen {

/// Emits operations of the planned program into one LLVM function at a time.
class RunEmitter {
public:
  explicit RunEmitter(HostProgram &program);

  /// The function `run`. Straight-line code is cut into pieces, one LLVM
  /// function each: LLVM's time grows faster than linearly with a function.
  llvm::Function *emit();

private:
  llvm::Function *emitPiece(unsigned number,
                            llvm::ArrayRef<mlir::Operation *> operations);
  void emitBlock(mlir::Block &block);
  void emitOperation(mlir::Operation *op);
  void emitLaunch(dyn::LaunchOp op);
  /// Whether a launch has anything to do; null where it always may.
  llvm::Value *whetherNeeded(dyn::LaunchOp op);
  /// The number of the version that a launch takes.
  llvm::Value *chosenVersion(dyn::KernelOp kernel, mlir::ArrayAttr symbols);
  // RuntimeOpEmitter.cpp
  void emitRuntime(dyn::RuntimeOp op);
  llvm::Value *emitTensors(dyn::RuntimeOp op, mlir::ValueRange values,
                           llvm::SmallVectorImpl<llvm::Value *> &dimArrays);
  void emitSymbolic(dyn::SymbolicOp op);
  void emitRead(dyn::ReadOp op);
  void emitRequire(dyn::RequireOp op);
  void emitRoom(dyn::RoomOp op);
  // TransferEmitter.cpp
  void emitTransfer(mlir::Operation *op);
  /// Copies `bytes` of memory that do not overlap, wherever their values are.
  void emitCopy(llvm::Value *to, llvm::Value *from, llvm::Value *bytes);
  // HeapEmitter.cpp
  /// Memory beyond the arena for entry `entry` of the table, for a tensor of
  /// this type as its extents are now.
  void emitAllocate(unsigned entry, mlir::Type type, mlir::Location location);
  /// The same for each result of `op` that lies there.
  void emitResultMemory(mlir::Operation *op);
  /// Makes place behind the first `used` bytes of an entry's memory.
  void emitGrow(unsigned entry, llvm::Value *used, llvm::Value *more,
                mlir::Location location);
  void emitRelease(unsigned entry);
  /// What dycc-plan-memory has found dead behind `op`.
  void emitReleases(mlir::Operation *op);
  llvm::Value *tableAddress(unsigned index);
  void emitOutputPlaces();
  /// Lets `output` be computed in the memory of `input` where that is donated.
  void emitDonatedPlace(llvm::Value *outputs, unsigned output, unsigned input);
  void emitOutputs(mlir::Operation *terminator);
  // ControlFlowEmitter.cpp
  void emitIf(dyn::IfOp op);
  void emitLoop(dyn::LoopOp op);
  void emitBranch(dyn::IfOp op, mlir::Region &region);
  struct Loop;
  void emitLoopBody(Loop &loop);
  void emitLoopCheck(Loop &loop, llvm::BasicBlock *body,
                     llvm::BasicBlock *exit);
  void emitCarry(Loop &loop);
  void emitCarriedCopy(Loop &loop, unsigned index);
  void emitStrip(Loop &loop, unsigned index, dyn::ExprAttr row);
  void emitScan(Loop &loop);
  void emitScanStart(Loop &loop);
  void emitSliceCheck(Loop &loop, unsigned index);
  void emitFinalSymbols(Loop &loop);

  /// First byte of a value, from its place.
  llvm::Value *pointerOf(mlir::Value value);
  /// Of an element in the tensor's memory.
  llvm::Value *pointerOfElement(mlir::Value tensor, dyn::ExprAttr number);
  /// First byte of a value for reading: readable where the value has no
  /// elements too.
  llvm::Value *readablePointerOf(mlir::Value value);
  llvm::Value *pointerOfPlace(dyn::PlaceAttr place, mlir::Operation *op);
  llvm::Value *tableEntry(unsigned index);
  llvm::Value *value(dyn::ExprAttr expr) { return expressions->emit(expr); }
  llvm::Value *bytesOf(mlir::Type type) {
    return value(dyn::getSizeInBytes(type));
  }
  void setSymbol(llvm::StringRef name, llvm::Value *value);
  llvm::Value *leaf(dyn::ExprAttr expr);
  /// Sets the symbols of `defines` from the dims that `values` have where the
  /// types of `results` are just that symbol.
  void defineSymbols(mlir::ArrayAttr defines, mlir::TypeRange results,
                     mlir::TypeRange values);
  llvm::Value *loadScalar(mlir::Value tensor, int64_t index);
  llvm::BasicBlock *block(llvm::StringRef name);

  HostProgram &program;
  llvm::IRBuilder<> builder;
  std::unique_ptr<ExprEmitter> expressions;
  llvm::Function *function = nullptr;
  llvm::Value *frame = nullptr, *table = nullptr;
  llvm::StringMap<llvm::Function *> adapters; ///< By kernel.
};

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_LLVM_RUNEMITTER_H
