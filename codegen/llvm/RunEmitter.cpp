#include "codegen/llvm/RunEmitter.h"

#include "dialects/dyn/DimPosition.h"
#include "dialects/dyn/DynDevice.h"
#include "dialects/dyn/Kernels.h"
#include "dialects/dyn/Plan.h"
#include "dialects/dyn/Rows.h"
#include "dialects/onnx/OnnxOps.h"

using namespace llvm;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;
using dycc::dyn::PlaceAttr;
using dycc::dyn::PlaceKind;

namespace dycc::codegen {

/// Operations of the main program in one LLVM function.
static constexpr size_t kPieceSize = 64;

RunEmitter::RunEmitter(HostProgram &program)
    : program(program), builder(program.context()),
      expressions(std::make_unique<ExprEmitter>(
          builder, [this](ExprAttr expr) { return leaf(expr); })) {
  unsigned number = 0; // Of the first version, in the description's table.
  for (auto kernel : program.source.getOps<dyn::KernelOp>()) {
    assert(kernel.getNumMachines() ==
               std::max<size_t>(program.options.machines.size(), 1) &&
           "each kernel has versions for each machine");
    adapters[kernel.getSymName()] = emitKernelAdapter(program, kernel, number);
    number += kernel.getNumVersions();
  }
}

Function *RunEmitter::emit() {
  SmallVector<mlir::Operation *> operations;
  for (mlir::Operation &op : program.main.front().without_terminator())
    if (!isa<onnx::ConstantOp>(op))
      operations.push_back(&op);
  SmallVector<Function *> pieces;
  for (size_t first = 0; first < operations.size(); first += kPieceSize) {
    size_t count = std::min(kPieceSize, operations.size() - first);
    pieces.push_back(
        emitPiece(pieces.size(), ArrayRef(operations).slice(first, count)));
  }

  function = program.define<decltype(DyccModelDesc::run)>("run");
  builder.SetInsertPoint(&function->getEntryBlock());
  frame = function->getArg(0);
  dyn::MemoryAttr memory = dyn::getMemory(program.main);
  int64_t count = std::max<int64_t>(memory.getPointers(), 1);
  table = program.allocate(builder, program.ptr(), count);
  if (memory.getUnbounded() > 0)
    builder.CreateMemSet(table, builder.getInt8(0), count * sizeof(void *),
                         MaybeAlign(alignof(void *)));
  emitOutputPlaces();
  for (Function *piece : pieces)
    program.emitReturnIf(builder, builder.CreateCall(piece, {frame, table}));
  emitOutputs(program.main.front().getTerminator());
  builder.CreateRet(builder.getInt32(0));
  return function;
}

Function *RunEmitter::emitPiece(unsigned number,
                                ArrayRef<mlir::Operation *> operations) {
  using Piece = int32_t(DyccFrame *, void **table);
  function = program.define<Piece>(("piece_" + Twine(number)).str());
  builder.SetInsertPoint(&function->getEntryBlock());
  frame = function->getArg(0);
  table = function->getArg(1);
  for (mlir::Operation *op : operations)
    emitOperation(op);
  builder.CreateRet(builder.getInt32(0));
  return function;
}

void RunEmitter::emitBlock(mlir::Block &block) {
  for (mlir::Operation &op : block.without_terminator())
    emitOperation(&op);
}

void RunEmitter::emitOperation(mlir::Operation *op) {
  mlir::TypeSwitch<mlir::Operation *>(op)
      .Case([&](dyn::LaunchOp launch) { emitLaunch(launch); })
      .Case([&](dyn::RuntimeOp runtime) { emitRuntime(runtime); })
      .Case([&](dyn::SymbolicOp symbolic) { emitSymbolic(symbolic); })
      .Case([&](dyn::ReadOp read) { emitRead(read); })
      .Case([&](dyn::DefineOp define) {
        setSymbol(define.getSymbol(), value(define.getExpression()));
      })
      .Case([&](dyn::RoomOp room) { emitRoom(room); })
      .Case([&](dyn::RequireOp require) { emitRequire(require); })
      .Case([&](dyn::TransferOp transfer) { emitTransfer(transfer); })
      .Case([&](dyn::IfOp branch) { emitIf(branch); })
      .Case([&](dyn::LoopOp loop) { emitLoop(loop); })
      // These are only other names of memory.
      .Case<onnx::ConstantOp, dyn::ConvertLayoutOp, dyn::ViewOp, dyn::PartOp,
            dyn::JoinOp>([](auto) {})
      .Default([](mlir::Operation *) {
        llvm_unreachable("dycc-verify-plan lets no other operation pass");
      });
  emitReleases(op);
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Value *RunEmitter::leaf(ExprAttr expr) {
  if (expr.isConstant() || expr.getKind() == ExprKind::F32Constant)
    return nullptr;
  if (expr.getKind() == ExprKind::Symbol &&
      !program.definitionOf(expr.getSymbol()))
    return program.loadElement(
        builder, program.i64(),
        program.loadField(builder, frame, &DyccFrame::symbols),
        program.symbolIndex(expr.getSymbol()));
  // What only input symbols decide was computed by plan().
  if (expr.isF32() || !program.bounds.isOverInputs(expr))
    return nullptr;
  return program.loadElement(
      builder, program.i64(),
      program.loadField(builder, frame, &DyccFrame::slots),
      program.slotOf(expr));
}

void RunEmitter::setSymbol(StringRef name, Value *value) {
  program.storeElement(builder, value,
                       program.loadField(builder, frame, &DyccFrame::symbols),
                       program.symbolIndex(name));
}

void RunEmitter::defineSymbols(mlir::ArrayAttr defines, mlir::TypeRange results,
                               mlir::TypeRange values) {
  for (auto symbol : defines.getAsRange<mlir::FlatSymbolRefAttr>())
    if (auto dim = dyn::findDim(results, symbol.getValue()))
      setSymbol(symbol.getValue(),
                value(dyn::getDims(values[dim->index])[dim->axis]));
}

Value *RunEmitter::tableEntry(unsigned index) {
  return program.loadElement(builder, program.ptr(), table, index);
}

Value *RunEmitter::pointerOf(mlir::Value value) {
  if (auto argument = dyn_cast<mlir::BlockArgument>(value)) {
    if (isa<mlir::func::FuncOp>(argument.getOwner()->getParentOp()))
      return program.loadElement(
          builder, program.ptr(),
          program.loadField(builder, frame, &DyccFrame::inputs),
          argument.getArgNumber());
    auto loop = cast<dyn::LoopOp>(argument.getOwner()->getParentOp());
    return pointerOfPlace(loop.getArgumentPlace(argument.getArgNumber()), loop);
  }
  auto result = cast<mlir::OpResult>(value);
  PlaceAttr place = dyn::getPlace(result);
  if (place.getKind() != PlaceKind::Joined)
    return pointerOfPlace(place, result.getOwner());
  if (mlir::OpResult whole = dyn::rowsOf(value))
    return pointerOfElement(whole, dyn::elementsBeforeRows(whole));
  auto join = dyn::JoinOp::of(value);
  return builder.CreateInBoundsGEP(
      builder.getInt8Ty(), pointerOf(join.getResult()),
      this->value(join.getOffsetInBytes(place.getIndex())));
}

Value *RunEmitter::pointerOfElement(mlir::Value tensor, ExprAttr number) {
  mlir::Type type = mlir::getElementTypeOrSelf(tensor.getType());
  return builder.CreateInBoundsGEP(
      builder.getIntNTy(8 * dyn::getElementBytes(type)), pointerOf(tensor),
      value(number));
}

Value *RunEmitter::readablePointerOf(mlir::Value value) {
  return program.readable(builder, frame, pointerOf(value),
                          this->value(dyn::getNumElements(value.getType())));
}

Value *RunEmitter::pointerOfPlace(PlaceAttr place, mlir::Operation *op) {
  Type *i8 = builder.getInt8Ty();
  switch (place.getKind()) {
  case PlaceKind::Arena: {
    Value *slots = program.loadField(builder, frame, &DyccFrame::slots);
    Value *offset = program.loadElement(builder, program.i64(), slots,
                                        program.offsetSlot(place.getIndex()));
    return builder.CreateInBoundsGEP(
        i8, program.loadField(builder, frame, &DyccFrame::arena), offset);
  }
  case PlaceKind::Output:
    return program.loadElement(
        builder, program.ptr(),
        program.loadField(builder, frame, &DyccFrame::outputs),
        place.getIndex());
  case PlaceKind::Alias: {
    mlir::Value whole = op->getOperand(place.getIndex());
    auto part = dyn_cast<dyn::PartOp>(op);
    return part ? pointerOfElement(whole, part.getFrom()) : pointerOf(whole);
  }
  case PlaceKind::Heap:
  case PlaceKind::Dynamic:
    return tableEntry(place.getIndex());
  case PlaceKind::Weights:
    return builder.CreateConstInBoundsGEP1_64(
        i8, program.loadField(builder, frame, &DyccFrame::weights),
        place.getIndex());
  case PlaceKind::Joined:
    break; // pointerOf() knows the join.
  }
  llvm_unreachable("every place has a pointer");
}

Value *RunEmitter::loadScalar(mlir::Value tensor, int64_t index) {
  mlir::Type type = mlir::getElementTypeOrSelf(tensor.getType());
  unsigned bits = 8 * dyn::getElementBytes(type);
  Value *element = program.loadElement(builder, builder.getIntNTy(bits),
                                       readablePointerOf(tensor), index);
  bool isSigned = !type.isUnsignedInteger() && !type.isInteger(1);
  return builder.CreateIntCast(element, program.i64(), isSigned);
}

BasicBlock *RunEmitter::block(StringRef name) {
  return BasicBlock::Create(program.context(), name, function);
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

void RunEmitter::emitLaunch(dyn::LaunchOp op) {
  emitResultMemory(op);
  SmallVector<Value *> arguments{frame};
  for (mlir::Value input : op.getInputs())
    arguments.push_back(pointerOf(input));
  for (mlir::Value result : op.getResults())
    arguments.push_back(pointerOf(result));
  for (mlir::Attribute symbol : op.getSymbols())
    arguments.push_back(value(cast<ExprAttr>(symbol)));
  dyn::KernelOp kernel = op.getKernelIn(program.kernels);
  if (kernel.getNumVersions() > 1)
    arguments.push_back(chosenVersion(kernel, op.getSymbols()));
  arguments.push_back(builder.getInt32(program.numberOf(op)));
  auto call = [&] {
    program.emitReturnIf(
        builder,
        builder.CreateCall(adapters.lookup(op.getKernel()), arguments));
  };
  Value *isNeeded = whetherNeeded(op);
  if (!isNeeded)
    return call();
  BasicBlock *launch = block("launch"), *next = block("");
  builder.CreateCondBr(isNeeded, launch, next);
  builder.SetInsertPoint(launch);
  call();
  builder.CreateBr(next);
  builder.SetInsertPoint(next);
}

Value *RunEmitter::whetherNeeded(dyn::LaunchOp op) {
  // A cache that grows in place has its past there already.
  if (dyn::isCopyOfCache(op, program.kernels))
    return builder.CreateICmpNE(pointerOf(op.getInputs().front()),
                                pointerOf(op.getResult(0)));
  return nullptr;
}

void RunEmitter::emitRoom(dyn::RoomOp op) {
  unsigned number = 0;
  for (auto other : program.main.getOps<dyn::RoomOp>()) {
    if (other == op)
      break;
    ++number;
  }
  Value *room = program.loadElement(
      builder, program.i64(),
      program.loadField(builder, frame, &DyccFrame::rooms), number);
  Value *isInPlace = builder.CreateICmpNE(room, builder.getInt64(0));
  setSymbol(op.getSymbol(),
            builder.CreateSelect(isInPlace, room, value(op.getExtent())));
}

Value *RunEmitter::chosenVersion(dyn::KernelOp kernel,
                                 mlir::ArrayAttr symbols) {
  auto chosenOn = [&](unsigned machine) {
    return value(kernel.substitute(kernel.getChosenVersion(machine), symbols));
  };
  return program.emitByMachine(
      builder, kernel.getNumMachines(),
      [&] { return program.loadField(builder, frame, &DyccFrame::machine); },
      chosenOn);
}

void RunEmitter::emitSymbolic(dyn::SymbolicOp op) {
  Value *address = pointerOf(op.getResult());
  mlir::Type type = mlir::getElementTypeOrSelf(op.getType());
  for (auto [index, attribute] : enumerate(op.getElements())) {
    Value *element = value(cast<ExprAttr>(attribute));
    bool isFloat = element->getType()->isFloatTy();
    if (type.isF32() && !isFloat)
      element = builder.CreateSIToFP(element, builder.getFloatTy());
    else if (!isFloat)
      element = builder.CreateIntCast(
          element, builder.getIntNTy(8 * dyn::getElementBytes(type)), true);
    program.storeElement(builder, element, address, index);
  }
}

void RunEmitter::emitRead(dyn::ReadOp op) {
  Value *element = loadScalar(op.getSource(), op.getIndex());
  dyn::SymbolOp symbol = program.symbols()[program.symbolIndex(op.getSymbol())];
  Value *inside = builder.CreateAnd(
      builder.CreateICmpSGE(element, builder.getInt64(symbol.lowerBound())),
      builder.CreateICmpSLE(element, builder.getInt64(symbol.upperBound())));
  program.emitCheck(builder, frame, inside, DYCC_MODEL_ERROR,
                    "node '%s': a value that steers a shape is %d, expected "
                    "one in [%d, %d]",
                    {program.string(nodeName(op.getLoc())), element,
                     builder.getInt64(symbol.lowerBound()),
                     builder.getInt64(symbol.upperBound())});
  setSymbol(op.getSymbol(), element);
}

void RunEmitter::emitRequire(dyn::RequireOp op) {
  // Over input symbols in the main block: plan() has checked it.
  if (program.bounds.isOverInputs(op.getCondition()) &&
      op->getParentOp() == program.main.getOperation())
    return;
  SmallVector<Value *> values{program.string(nodeName(op.getLoc()))};
  for (mlir::Attribute attribute : op.getValues())
    values.push_back(value(cast<ExprAttr>(attribute)));
  program.emitCheck(
      builder, frame,
      builder.CreateICmpNE(value(op.getCondition()), builder.getInt64(0)),
      DYCC_MODEL_ERROR, "node '%s': " + op.getMessage().str(), values);
}

/// An output that the caller brought no memory for goes to its arena slot; one
/// that may be computed in an input goes there once the caller donates it.
void RunEmitter::emitOutputPlaces() {
  dyn::MemoryAttr memory = dyn::getMemory(program.main);
  Value *outputs = program.loadField(builder, frame, &DyccFrame::outputs);
  for (auto [index, slot] : enumerate(memory.getOutputSlots())) {
    if (slot < 0) // Memory beyond the arena; the runtime brings it over.
      continue;
    Value *given = program.loadElement(builder, program.ptr(), outputs, index);
    auto place =
        PlaceAttr::get(program.main.getContext(), PlaceKind::Arena, slot);
    Value *own = pointerOfPlace(place, nullptr);
    program.storeElement(
        builder, builder.CreateSelect(builder.CreateIsNull(given), own, given),
        outputs, index);
    if (int64_t input = memory.getOutputInputs()[index]; input >= 0)
      emitDonatedPlace(outputs, index, input);
  }
}

void RunEmitter::emitDonatedPlace(Value *outputs, unsigned output,
                                  unsigned input) {
  BasicBlock *any = block("any_donated"), *donated = block("donated"),
             *next = block("");
  Value *flags = program.loadField(builder, frame, &DyccFrame::donated);
  builder.CreateCondBr(builder.CreateIsNull(flags), next, any);
  builder.SetInsertPoint(any);
  Value *flag = program.loadElement(builder, builder.getInt8Ty(), flags, input);
  builder.CreateCondBr(builder.CreateIsNull(flag), next, donated);
  builder.SetInsertPoint(donated);
  Value *inputs = program.loadField(builder, frame, &DyccFrame::inputs);
  program.storeElement(
      builder, program.loadElement(builder, program.ptr(), inputs, input),
      outputs, output);
  builder.CreateBr(next);
  builder.SetInsertPoint(next);
}

void RunEmitter::emitOutputs(mlir::Operation *terminator) {
  unsigned position = 0;
  Value *dims = program.loadField(builder, frame, &DyccFrame::outputDims);
  Value *outputs = program.loadField(builder, frame, &DyccFrame::outputs);
  for (auto [index, output] : enumerate(terminator->getOperands())) {
    program.storeElement(builder, pointerOf(output), outputs, index);
    for (ExprAttr dim : dyn::getDims(output.getType()))
      program.storeElement(builder, value(dim), dims, position++);
  }
}

Function *emitRun(HostProgram &program) { return RunEmitter(program).emit(); }

} // namespace dycc::codegen
