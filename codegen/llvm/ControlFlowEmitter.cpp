// If and Loop as branches and loops of the host program.
#include "codegen/llvm/RunEmitter.h"

using namespace llvm;
using dycc::dyn::ExprAttr;
using dycc::dyn::PlaceAttr;
using dycc::dyn::PlaceKind;

namespace dycc::codegen {

//===----------------------------------------------------------------------===//
// If
//===----------------------------------------------------------------------===//

/// The branch's values become the results: pointers, no copies.
void RunEmitter::emitBranch(dyn::IfOp op, mlir::Region &region) {
  emitBlock(region.front());
  mlir::Operation *yield = region.front().getTerminator();
  defineSymbols(op.getDefines(), op.getResultTypes(), yield->getOperandTypes());
  auto places = op->getAttrOfType<mlir::ArrayAttr>("places");
  for (auto [place, value] : zip(places, yield->getOperands()))
    program.storeElement(builder, pointerOf(value), table,
                         cast<PlaceAttr>(place).getIndex());
}

void RunEmitter::emitIf(dyn::IfOp op) {
  Value *condition = op.getPredicate() ? value(*op.getPredicate())
                                       : loadScalar(op.getCondition(), 0);
  BasicBlock *thenBlock = block("then"), *elseBlock = block("else"),
             *next = block("");
  builder.CreateCondBr(builder.CreateICmpNE(condition, builder.getInt64(0)),
                       thenBlock, elseBlock);
  for (auto [start, region] : {std::pair(thenBlock, &op.getThenRegion()),
                               std::pair(elseBlock, &op.getElseRegion())}) {
    builder.SetInsertPoint(start);
    emitBranch(op, *region);
    builder.CreateBr(next);
  }
  builder.SetInsertPoint(next);
}

//===----------------------------------------------------------------------===//
// Loop
//===----------------------------------------------------------------------===//

/// What is emitted of one loop. The places of the loop (dycc-plan-memory):
/// `arguments`, one for each block argument, in the pointer table; `next`, one
/// for each carried value: where the body's new value goes; `pairs`, the two
/// arena slots that a carried value alternates between (-1: none).
struct RunEmitter::Loop {
  dyn::LoopOp op;
  Value *counter;   ///< i64 in memory, the iteration number.
  Value *condition; ///< i8 in memory.
  mlir::Operation *yield;

  unsigned entry(StringRef attribute, unsigned index) const {
    auto places = op->getAttrOfType<mlir::ArrayAttr>(attribute);
    return cast<PlaceAttr>(places[index]).getIndex();
  }
  ArrayRef<int64_t> pairs() const {
    return op->getAttrOfType<mlir::DenseI64ArrayAttr>("pairs");
  }
};

void RunEmitter::emitLoop(dyn::LoopOp op) {
  Loop loop{op, program.allocate(builder, program.i64()),
            program.allocate(builder, builder.getInt8Ty()),
            op.getBody().front().getTerminator()};
  builder.CreateStore(builder.getInt64(0), loop.counter);
  Value *start = op.getCondition()
                     ? builder.CreateTrunc(loadScalar(op.getCondition(), 0),
                                           builder.getInt8Ty())
                     : builder.getInt8(1);
  builder.CreateStore(start, loop.condition);
  program.storeElement(builder, loop.counter, table,
                       loop.entry("arguments", 0));
  program.storeElement(builder, loop.condition, table,
                       loop.entry("arguments", 1));
  for (auto [index, initial] : enumerate(op.getInitial()))
    program.storeElement(builder, pointerOf(initial), table,
                         loop.entry("arguments", index + 2));
  mlir::Block &body = op.getBody().front();
  defineSymbols(op.getCarries(), mlir::TypeRange(body.getArgumentTypes()).drop_front(2),
                op.getInitial().getTypes());
  BasicBlock *head = block("loop"), *inside = block("body"),
             *exit = block("exit");
  builder.CreateBr(head);
  builder.SetInsertPoint(head);
  emitLoopCheck(loop, inside, exit);
  builder.SetInsertPoint(inside);
  emitLoopBody(loop);
  builder.CreateBr(head);
  builder.SetInsertPoint(exit);
  unsigned carried = op.getInitial().size();
  for (unsigned index = 0; index < carried; ++index)
    program.storeElement(builder,
                         tableEntry(loop.entry("arguments", index + 2)), table,
                         loop.entry("places", index));
  // The results' symbols: carried dims as they are now, the trips for scans.
  for (auto symbol : op.getDefines().getAsRange<mlir::FlatSymbolRefAttr>())
    for (unsigned index = 0; index < op.getNumResults(); ++index) {
      ArrayRef<ExprAttr> dims = dyn::getDims(op.getResult(index).getType());
      const ExprAttr *dim =
          find(dims, ExprAttr::symbol(op.getContext(), symbol.getValue()));
      if (dim == dims.end())
        continue;
      size_t axis = dim - dims.begin();
      Value *extent;
      if (index < carried)
        extent =
            value(dyn::getDims(body.getArgument(index + 2).getType())[axis]);
      else if (axis == 0)
        extent = builder.CreateLoad(program.i64(), loop.counter);
      else
        extent = value(dyn::getDims(
            loop.yield->getOperand(index + 1).getType())[axis - 1]);
      setSymbol(symbol.getValue(), extent);
      break;
    }
}

/// Stops at the count or the condition; a loop that nothing stops is given up.
void RunEmitter::emitLoopCheck(Loop &loop, BasicBlock *body, BasicBlock *exit) {
  Value *count = builder.CreateLoad(program.i64(), loop.counter);
  Value *condition = builder.CreateICmpNE(
      builder.CreateLoad(builder.getInt8Ty(), loop.condition),
      builder.getInt8(0));
  Value *goOn = condition;
  if (loop.op.getTrips())
    goOn = builder.CreateAnd(
        goOn, builder.CreateICmpSLT(count, value(*loop.op.getTrips())));
  BasicBlock *check = block("check");
  builder.CreateCondBr(goOn, check, exit);
  builder.SetInsertPoint(check);
  int64_t limit = program.options.maxTrips;
  if (!loop.op.getTrips())
    program.emitCheck(
        builder, frame, builder.CreateICmpSLT(count, builder.getInt64(limit)),
        Status::ModelError, "node '%s': the loop did not end after %d trips",
        {program.string(nodeName(loop.op.getLoc())), builder.getInt64(limit)});
  // The cancel flag is polled here, so that every loop can be stopped.
  Value *flag = program.loadField(builder, frame, FrameField::Cancel);
  BasicBlock *poll = block("poll");
  builder.CreateCondBr(builder.CreateIsNull(flag), body, poll);
  builder.SetInsertPoint(poll);
  LoadInst *cancelled = builder.CreateLoad(program.i32(), flag);
  cancelled->setVolatile(true);
  program.emitCheck(builder, frame,
                    builder.CreateICmpEQ(cancelled, builder.getInt32(0)),
                    Status::Cancelled, "cancelled in the loop of node '%s'",
                    {program.string(nodeName(loop.op.getLoc()))});
  builder.CreateBr(body);
}

void RunEmitter::emitLoopBody(Loop &loop) {
  // The new values go to whichever slot of the pair does not hold the old.
  for (auto [index, pair] : enumerate(loop.pairs())) {
    if (pair < 0)
      continue;
    auto slot = [&](int64_t number) {
      return pointerOfPlace(
          PlaceAttr::get(loop.op.getContext(), PlaceKind::Arena, number),
          loop.op);
    };
    Value *first = slot(pair), *second = slot(pair + 1);
    Value *current = tableEntry(loop.entry("arguments", index + 2));
    Value *next = builder.CreateSelect(builder.CreateICmpEQ(current, first),
                                       second, first);
    program.storeElement(builder, next, table, loop.entry("next", index));
  }
  emitBlock(loop.op.getBody().front());
  emitScan(loop);
  emitCarry(loop);
  Value *count = builder.CreateLoad(program.i64(), loop.counter);
  builder.CreateStore(builder.CreateAdd(count, builder.getInt64(1)),
                      loop.counter);
}

/// Copies one slice of each scan result to its place.
void RunEmitter::emitScan(Loop &loop) {
  unsigned carried = loop.op.getInitial().size();
  for (unsigned index = carried; index < loop.op.getNumResults(); ++index) {
    mlir::Value slice = loop.yield->getOperand(index + 1);
    Value *bytes = bytesOf(slice.getType());
    Value *count = builder.CreateLoad(program.i64(), loop.counter);
    Value *target = builder.CreateInBoundsGEP(
        builder.getInt8Ty(), pointerOf(loop.op.getResult(index)),
        builder.CreateMul(count, bytes));
    builder.CreateMemCpy(target, MaybeAlign(1), pointerOf(slice), MaybeAlign(1),
                         bytes);
  }
}

/// Makes the yielded values the next trip's arguments. Values that were not
/// computed in their place are copied there, all before any pointer changes.
void RunEmitter::emitCarry(Loop &loop) {
  Value *condition = builder.CreateTrunc(
      loadScalar(loop.yield->getOperand(0), 0), builder.getInt8Ty());
  unsigned carried = loop.op.getInitial().size();
  for (unsigned index = 0; index < carried; ++index) {
    mlir::Value yielded = loop.yield->getOperand(index + 1);
    if (loop.pairs()[index] < 0)
      continue;
    Value *target = tableEntry(loop.entry("next", index));
    Value *source = pointerOf(yielded);
    BasicBlock *copy = block("copy"), *next = block("");
    builder.CreateCondBr(builder.CreateICmpEQ(source, target), next, copy);
    builder.SetInsertPoint(copy);
    builder.CreateMemCpy(target, MaybeAlign(1), source, MaybeAlign(1),
                         bytesOf(yielded.getType()));
    builder.CreateBr(next);
    builder.SetInsertPoint(next);
  }
  mlir::Block &body = loop.op.getBody().front();
  // The dims of all yielded values before any symbol changes.
  SmallVector<std::pair<StringRef, Value *>> updates;
  for (auto symbol : loop.op.getCarries().getAsRange<mlir::FlatSymbolRefAttr>())
    for (unsigned index = 0; index < carried; ++index) {
      ArrayRef<ExprAttr> dims =
          dyn::getDims(body.getArgument(index + 2).getType());
      const ExprAttr *dim =
          find(dims, ExprAttr::symbol(loop.op.getContext(), symbol.getValue()));
      if (dim == dims.end())
        continue;
      mlir::Type yielded = loop.yield->getOperand(index + 1).getType();
      updates.push_back({symbol.getValue(),
                         value(dyn::getDims(yielded)[dim - dims.begin()])});
      break;
    }
  for (auto [symbol, extent] : updates)
    setSymbol(symbol, extent);
  SmallVector<Value *> pointers;
  for (unsigned index = 0; index < carried; ++index)
    pointers.push_back(loop.pairs()[index] < 0
                           ? pointerOf(loop.yield->getOperand(index + 1))
                           : tableEntry(loop.entry("next", index)));
  for (auto [index, pointer] : enumerate(pointers))
    program.storeElement(builder, pointer, table,
                         loop.entry("arguments", index + 2));
  builder.CreateStore(condition, loop.condition);
}

} // namespace dycc::codegen
