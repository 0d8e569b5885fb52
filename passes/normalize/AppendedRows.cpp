// Loops that append to a sequence in each trip.
#include "passes/normalize/AppendedRows.h"

#include "dialects/onnx/OnnxContainer.h"
#include "passes/normalize/OnnxBuilder.h"

using namespace mlir;

namespace dycc {
namespace {

/// The tensor that the body appends to carried value `number`, which nothing
/// else reads; null where it does something else with it.
Value appendedTo(onnx::LoopOp loop, size_t number) {
  Block &body = loop.getBody().front();
  Value carried = body.getArgument(number + 2);
  if (!carried.hasOneUse())
    return {};
  auto insert = dyn_cast<onnx::SequenceInsertOp>(*carried.user_begin());
  Operation *yield = body.getTerminator();
  if (!insert || insert->getBlock() != &body || insert.getPosition() ||
      !insert->hasOneUse() ||
      yield->getOperand(number + 1) != insert.getOutputSequence())
    return {};
  return insert.getTensor();
}

/// Takes the carried values `numbers` out of the body, and yields what was
/// appended to them behind all else, in their order.
void rewriteBody(onnx::LoopOp loop, ArrayRef<size_t> numbers) {
  Block &body = loop.getBody().front();
  Operation *yield = body.getTerminator();
  SmallVector<Value> yielded(yield->getOperands());
  for (size_t number : numbers)
    yielded.push_back(appendedTo(loop, number));
  for (size_t number : llvm::reverse(numbers))
    yielded.erase(yielded.begin() + number + 1);
  yield->setOperands(yielded);
  for (size_t number : llvm::reverse(numbers)) {
    (*body.getArgument(number + 2).user_begin())->erase();
    body.eraseArgument(number + 2);
  }
}

/// `loop` with its rewritten body, before it.
Operation *rebuild(OpBuilder &builder, onnx::LoopOp loop,
                   ArrayRef<size_t> numbers) {
  SmallVector<Value> initial(loop.getVInitial());
  SmallVector<Type> types(loop->getResultTypes());
  for (size_t number : llvm::reverse(numbers)) {
    initial.erase(initial.begin() + number);
    types.erase(types.begin() + number);
  }
  Operation *yield = loop.getBody().front().getTerminator();
  for (Value rows : yield->getOperands().take_back(numbers.size()))
    types.push_back(UnrankedTensorType::get(elementTypeOf(rows)));
  OperationState state(loop.getLoc(), loop->getName());
  state.addAttributes(loop->getAttrs());
  for (Value operand : {loop.getM(), loop.getCond()})
    if (operand)
      state.operands.push_back(operand);
  llvm::append_range(state.operands, initial);
  state.attributes.set("operandSegmentSizes",
                       builder.getDenseI32ArrayAttr(
                           {loop.getM() != nullptr, loop.getCond() != nullptr,
                            static_cast<int32_t>(initial.size())}));
  state.addTypes(types);
  state.addRegion()->takeBody(loop.getBody());
  return builder.create(state);
}

} // namespace

AppendedRows collectAppended(onnx::LoopOp loop,
                             llvm::function_ref<bool(Value, Value)> isScanned) {
  SmallVector<size_t> numbers;
  for (auto [number, initial] : llvm::enumerate(loop.getVInitial()))
    if (isScanned(initial, loop->getResult(number)) && appendedTo(loop, number))
      numbers.push_back(number);
  AppendedRows result{loop, {}};
  if (numbers.empty())
    return result;
  OpBuilder builder(loop);
  rewriteBody(loop, numbers);
  result.loop = rebuild(builder, loop, numbers);
  auto kept = result.loop->getResults().drop_back(numbers.size()).begin();
  auto rows = result.loop->getResults().take_back(numbers.size()).begin();
  for (auto [number, old] : llvm::enumerate(loop.getResults())) {
    if (!llvm::is_contained(numbers, number)) {
      replaceValue(old, *kept++);
      continue;
    }
    auto sequence = onnx::SequenceEmptyOp::create(builder, loop.getLoc(),
                                                  old.getType(), IntegerAttr());
    result.sequences.emplace_back(sequence, *rows++);
    old.replaceAllUsesWith(sequence);
  }
  loop->erase();
  return result;
}

} // namespace dycc
