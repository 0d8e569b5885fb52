#include "passes/plan/OrderFacts.h"

#include "dialects/dyn/Rows.h"
#include "dialects/dyn/TypicalShape.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/plan/InPlace.h"

#include "mlir/IR/AttrTypeSubElements.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::plan {

/// The symbols that `op` sets for what comes behind it or is in it.
static SmallVector<StringRef> symbolsSetBy(Operation *op) {
  if (auto read = dyn_cast<dyn::ReadOp>(op))
    return {read.getSymbol()};
  if (auto define = dyn_cast<dyn::DefineOp>(op))
    return {define.getSymbol()};
  if (auto room = dyn_cast<dyn::RoomOp>(op))
    return {room.getSymbol()};
  SmallVector<StringRef> names;
  auto add = [&](ArrayAttr symbols) {
    for (auto symbol : symbols.getAsRange<FlatSymbolRefAttr>())
      names.push_back(symbol.getValue());
  };
  if (auto runtime = dyn_cast<dyn::RuntimeOp>(op))
    add(runtime.getDefines());
  if (auto branch = dyn_cast<dyn::IfOp>(op))
    add(branch.getDefines());
  if (auto loop = dyn_cast<dyn::LoopOp>(op)) {
    add(loop.getDefines());
    add(loop.getCarries());
  }
  return names;
}

/// What is not reserved, since nothing bounds it, takes memory all the same.
static double bytesOf(const Buffer &buffer, dyn::TypicalShape &typical) {
  ExprAttr size = buffer.size;
  if (!size) {
    Type type = buffer.value
                    ? buffer.value.getType()
                    : buffer.definition->getResult(buffer.carried).getType();
    size = dyn::getSizeInBytes(type);
  }
  return static_cast<double>(
      std::max<int64_t>(typical.valueOf(size).value_or(0), 0));
}

OrderFacts::OrderFacts(func::FuncOp function, const Liveness &liveness,
                       const dyn::ExecutionBounds &bounds, bool inPlace)
    : liveness(liveness), bounds(bounds), inPlace(inPlace),
      readers(liveness.buffers().size()) {
  dyn::TypicalShape typical(bounds.getFacts());
  for (const Buffer &buffer : liveness.buffers())
    bytes.push_back(bytesOf(buffer, typical));
  function.walk([&](Operation *op) {
    for (StringRef name : symbolsSetBy(op))
      definers[name] = op;
    for (Value operand : op->getOperands())
      for (unsigned buffer : liveness.buffersOf(operand))
        readers[buffer].push_back(op);
  });
  if (inPlace)
    addDonations(function.front().getTerminator());
}

static void addReaders(Value input, SmallVector<Operation *> &readers) {
  SmallVector<Value> names{input};
  while (!names.empty())
    for (Operation *user : names.pop_back_val().getUsers())
      if (isa<dyn::ViewOp, dyn::PartOp>(user))
        names.push_back(user->getResult(0));
      else
        readers.push_back(user);
}

void OrderFacts::addDonations(Operation *terminator) {
  Block *entry = terminator->getBlock();
  for (OpOperand &output : terminator->getOpOperands())
    if (auto input = inputToOverwrite(output, liveness))
      addReaders(entry->getArgument(*input),
                 donations[output.get().getDefiningOp()]);
}

void OrderFacts::forEachDefiner(ExprAttr expr,
                                function_ref<void(Operation *)> visit) const {
  expr.forEachSymbol([&](StringRef name) {
    if (Operation *definer = definers.lookup(name))
      visit(definer);
  });
}

/// What has to be known for it to be made in its place inside of another
/// tensor; null where it is in none.
static ExprAttr bytesBefore(OpResult result) {
  if (auto join = dyn::JoinOp::of(result))
    return join.getOffsetInBytes(
        llvm::find(join.getInputs(), result).getIndex());
  if (OpResult whole = dyn::rowsOf(result))
    return dyn::elementsBeforeRows(whole);
  return {};
}

void OrderFacts::forEachDefiner(Operation *op,
                                function_ref<void(Operation *)> visit) const {
  if (definers.empty() || isa<onnx::ConstantOp>(op))
    return;
  AttrTypeWalker walker;
  walker.addWalk([&](ExprAttr expr) { forEachDefiner(expr, visit); });
  op->walk([&](Operation *inner) {
    walker.walk(inner->getAttrDictionary());
    for (Type type : inner->getResultTypes())
      walker.walk(type);
    for (OpResult result : inner->getResults())
      if (ExprAttr before = bytesBefore(result))
        forEachDefiner(before, visit);
  });
}

} // namespace dycc::plan
