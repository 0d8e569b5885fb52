// If and Loop as branches and loops of the host program.
#include "codegen/llvm/RunEmitter.h"

#include "dialects/dyn/DimPosition.h"
#include "dialects/dyn/Plan.h"
#include "dialects/dyn/Rows.h"

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
  for (auto [result, value] : zip(op.getResults(), yield->getOperands()))
    program.storeElement(builder, pointerOf(value), table,
                         dyn::getPlace(result).getIndex());
  emitReleases(yield);
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

/// What is emitted of one loop.
struct RunEmitter::Loop {
  dyn::LoopOp op;
  Value *counter;   ///< i64 in memory, the iteration number.
  Value *condition; ///< i8 in memory.
  mlir::Operation *yield;

  /// Entries of the pointer table.
  unsigned argument(unsigned index) const {
    return dyn::LoopOp(op).getArgumentPlace(index).getIndex();
  }
  unsigned next(unsigned index) const {
    return dyn::LoopOp(op).getNextPlace(index).getIndex();
  }
  unsigned result(unsigned index) const {
    return dyn::getPlace(dyn::LoopOp(op)->getResult(index)).getIndex();
  }
  ArrayRef<int64_t> pairs() const { return dyn::LoopOp(op).getPairs(); }
  ArrayRef<int64_t> owners() const { return dyn::LoopOp(op).getOwners(); }
  /// Whether the new value gets memory of its own; else its pointer passes on.
  bool isWritten(unsigned index) const {
    return pairs()[index] >= 0 || owners()[index] >= 0;
  }
  /// The entry that owns scan result `index` beyond the arena.
  std::optional<unsigned> heapEntry(unsigned index) const {
    PlaceAttr place = dyn::getPlace(dyn::LoopOp(op)->getResult(index));
    if (place.getKind() != PlaceKind::Heap)
      return std::nullopt;
    return place.getIndex();
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
  program.storeElement(builder, loop.counter, table, loop.argument(0));
  program.storeElement(builder, loop.condition, table, loop.argument(1));
  for (auto [index, initial] : enumerate(op.getInitial()))
    program.storeElement(builder, pointerOf(initial), table,
                         loop.argument(index + 2));
  emitScanStart(loop);
  mlir::Block &body = op.getBody().front();
  defineSymbols(op.getCarries(),
                mlir::TypeRange(body.getArgumentTypes()).drop_front(2),
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
    program.storeElement(builder, tableEntry(loop.argument(index + 2)), table,
                         loop.result(index));
  emitFinalSymbols(loop);
}

/// The symbols of results: of carried values as they are now, of scans the
/// trips; their other dims are set by the first slice.
void RunEmitter::emitFinalSymbols(Loop &loop) {
  dyn::LoopOp op = loop.op;
  mlir::Block &body = op.getBody().front();
  unsigned carried = op.getInitial().size();
  for (auto symbol : op.getDefines().getAsRange<mlir::FlatSymbolRefAttr>()) {
    auto dim = dyn::findDim(op.getResultTypes(), symbol.getValue());
    if (!dim)
      continue;
    if (dim->index < carried) {
      mlir::Type argument = body.getArgument(dim->index + 2).getType();
      setSymbol(symbol.getValue(), value(dyn::getDims(argument)[dim->axis]));
    } else if (dim->axis == 0) {
      setSymbol(symbol.getValue(),
                builder.CreateLoad(program.i64(), loop.counter));
    }
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
        DYCC_MODEL_ERROR, "node '%s': the loop did not end after %d trips",
        {program.string(nodeName(loop.op.getLoc())), builder.getInt64(limit)});
  // The cancel flag is polled here, so that every loop can be stopped.
  Value *flag = program.loadField(builder, frame, &DyccFrame::cancel);
  BasicBlock *poll = block("poll");
  builder.CreateCondBr(builder.CreateIsNull(flag), body, poll);
  builder.SetInsertPoint(poll);
  LoadInst *cancelled = builder.CreateLoad(program.i32(), flag);
  cancelled->setVolatile(true);
  program.emitCheck(builder, frame,
                    builder.CreateICmpEQ(cancelled, builder.getInt32(0)),
                    DYCC_CANCELLED, "cancelled in the loop of node '%s'",
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
    Value *current = tableEntry(loop.argument(index + 2));
    Value *next = builder.CreateSelect(builder.CreateICmpEQ(current, first),
                                       second, first);
    program.storeElement(builder, next, table, loop.next(index));
  }
  emitBlock(loop.op.getBody().front());
  emitScan(loop);
  emitCarry(loop);
  emitReleases(loop.yield);
  Value *count = builder.CreateLoad(program.i64(), loop.counter);
  builder.CreateStore(builder.CreateAdd(count, builder.getInt64(1)),
                      loop.counter);
}

/// The symbol that only the slices of a scan result decide, where dim `axis` of
/// the result is one.
static std::optional<StringRef> sliceSymbol(dyn::LoopOp op, unsigned index,
                                            size_t axis) {
  ExprAttr dim = dyn::getDims(op.getResult(index).getType())[axis];
  if (axis == 0 || dim.getKind() != dyn::ExprKind::Symbol ||
      !is_contained(op.getDefines(), mlir::FlatSymbolRefAttr::get(
                                         op.getContext(), dim.getSymbol())))
    return std::nullopt;
  return dim.getSymbol();
}

/// Without a trip there is no slice: its extents are 0 then.
void RunEmitter::emitScanStart(Loop &loop) {
  if (dyn::isInParts(loop.op)) // Whole tensors, not slices that add up.
    return emitResultMemory(loop.op);
  unsigned carried = loop.op.getInitial().size();
  for (unsigned index = carried; index < loop.op.getNumResults(); ++index) {
    if (std::optional<unsigned> entry = loop.heapEntry(index))
      emitGrow(*entry, builder.getInt64(0), builder.getInt64(0),
               loop.op.getLoc());
    size_t rank = dyn::getDims(loop.op.getResult(index).getType()).size();
    for (size_t axis = 1; axis < rank; ++axis)
      if (std::optional<StringRef> symbol = sliceSymbol(loop.op, index, axis))
        setSymbol(*symbol, builder.getInt64(0));
  }
}

/// The slices of a result are equal in shape: what the first has, all have.
void RunEmitter::emitSliceCheck(Loop &loop, unsigned index) {
  ArrayRef<ExprAttr> dims = dyn::getDims(loop.op.getResult(index).getType());
  ArrayRef<ExprAttr> slice =
      dyn::getDims(loop.yield->getOperand(index + 1).getType());
  for (size_t axis = 1; axis < dims.size(); ++axis) {
    std::optional<StringRef> symbol = sliceSymbol(loop.op, index, axis);
    // A dim over symbols that the loop's end defines cannot be checked yet.
    if (dims[axis] == slice[axis - 1] ||
        (!symbol && dyn::usesAnyOf(loop.op.getDefines(), dims[axis])))
      continue;
    Value *found = value(slice[axis - 1]);
    if (symbol) {
      Value *isFirst = builder.CreateICmpEQ(
          builder.CreateLoad(program.i64(), loop.counter), builder.getInt64(0));
      setSymbol(*symbol,
                builder.CreateSelect(isFirst, found, value(dims[axis])));
    }
    Value *expected = value(dims[axis]);
    program.emitCheck(
        builder, frame, builder.CreateICmpEQ(found, expected), DYCC_MODEL_ERROR,
        "node '%s': dim %d of a scan output is %d in trip %d, expected %d as "
        "in the trips before",
        {program.string(nodeName(loop.op.getLoc())), builder.getInt64(axis - 1),
         found, builder.CreateLoad(program.i64(), loop.counter), expected});
  }
}

/// Copies a strip of rows to where it belongs in an image.
void RunEmitter::emitStrip(Loop &loop, unsigned index, ExprAttr row) {
  mlir::Value strip = loop.yield->getOperand(index + 1);
  mlir::Type whole = loop.op.getResult(index).getType();
  dyn::StripRuns runs = dyn::runsOfStrip(whole, strip.getType(),
                                         dyn::getStripImage(loop.op), row);
  int64_t width = dyn::getElementBytes(mlir::getElementTypeOrSelf(whole));
  Value *bytes = value(runs.elements.times(width));
  Value *apart = value(runs.apart.times(width));
  Type *i8 = builder.getInt8Ty();
  Value *target = builder.CreateInBoundsGEP(
      i8, pointerOf(loop.op.getResult(index)), value(runs.first.times(width)));
  Value *source = pointerOf(strip);
  for (int64_t run = 0; run < runs.count; ++run) {
    emitCopy(target, source, bytes);
    target = builder.CreateInBoundsGEP(i8, target, apart);
    source = builder.CreateInBoundsGEP(i8, source, bytes);
  }
}

/// Copies one slice of each scan result to its place.
void RunEmitter::emitScan(Loop &loop) {
  if (dyn::getFirstRow(loop.op)) // The body computes in their place.
    return;
  unsigned carried = loop.op.getInitial().size();
  for (auto [index, row] : enumerate(dyn::getStripRows(loop.op)))
    emitStrip(loop, carried + index, row);
  if (dyn::getStripImage(loop.op))
    return;
  for (unsigned index = carried; index < loop.op.getNumResults(); ++index) {
    mlir::Value slice = loop.yield->getOperand(index + 1);
    emitSliceCheck(loop, index);
    Value *bytes = bytesOf(slice.getType());
    Value *count = builder.CreateLoad(program.i64(), loop.counter);
    Value *used = builder.CreateMul(count, bytes);
    if (std::optional<unsigned> entry = loop.heapEntry(index))
      emitGrow(*entry, used, bytes, loop.op.getLoc());
    Value *target = builder.CreateInBoundsGEP(
        builder.getInt8Ty(), pointerOf(loop.op.getResult(index)), used);
    emitCopy(target, pointerOf(slice), bytes);
  }
}

/// Copies a yielded value to where the next trip reads it, unless the body has
/// computed it there.
void RunEmitter::emitCarriedCopy(Loop &loop, unsigned index) {
  mlir::Value yielded = loop.yield->getOperand(index + 1);
  unsigned entry = loop.next(index);
  BasicBlock *copy = block("copy"), *next = block("");
  Value *source = pointerOf(yielded);
  builder.CreateCondBr(builder.CreateICmpEQ(source, tableEntry(entry)), next,
                       copy);
  builder.SetInsertPoint(copy);
  if (loop.owners()[index] >= 0)
    emitAllocate(entry, yielded.getType(), loop.op.getLoc());
  emitCopy(tableEntry(entry), source, bytesOf(yielded.getType()));
  builder.CreateBr(next);
  builder.SetInsertPoint(next);
}

/// Makes the yielded values the next trip's arguments. Values that were not
/// computed in their place are copied there, all before any pointer changes.
void RunEmitter::emitCarry(Loop &loop) {
  Value *condition = builder.CreateTrunc(
      loadScalar(loop.yield->getOperand(0), 0), builder.getInt8Ty());
  unsigned carried = loop.op.getInitial().size();
  for (unsigned index = 0; index < carried; ++index)
    if (loop.isWritten(index))
      emitCarriedCopy(loop, index);
  mlir::Block &body = loop.op.getBody().front();
  // The dims of all yielded values before any symbol changes.
  SmallVector<std::pair<StringRef, Value *>> updates;
  auto arguments = mlir::TypeRange(body.getArgumentTypes()).drop_front(2);
  for (auto symbol : loop.op.getCarries().getAsRange<mlir::FlatSymbolRefAttr>())
    if (auto dim = dyn::findDim(arguments, symbol.getValue())) {
      mlir::Type yielded = loop.yield->getOperand(dim->index + 1).getType();
      updates.push_back(
          {symbol.getValue(), value(dyn::getDims(yielded)[dim->axis])});
    }
  for (auto [symbol, extent] : updates)
    setSymbol(symbol, extent);
  SmallVector<Value *> pointers;
  for (unsigned index = 0; index < carried; ++index)
    pointers.push_back(loop.isWritten(index)
                           ? tableEntry(loop.next(index))
                           : pointerOf(loop.yield->getOperand(index + 1)));
  for (auto [index, pointer] : enumerate(pointers)) {
    program.storeElement(builder, pointer, table, loop.argument(index + 2));
    int64_t owner = loop.owners()[index];
    if (owner < 0)
      continue;
    emitRelease(owner);
    program.storeElement(builder, pointer, table, owner);
    program.storeElement(
        builder, ConstantPointerNull::get(cast<PointerType>(program.ptr())),
        table, loop.next(index));
  }
  builder.CreateStore(condition, loop.condition);
}

} // namespace dycc::codegen
