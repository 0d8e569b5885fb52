#include "passes/normalize/ExpandSequenceMap.h"

#include "dialects/onnx/OnnxContainer.h"
#include "dialects/onnx/OnnxTypes.h"
#include "passes/normalize/OnnxBuilder.h"

using namespace mlir;

namespace dycc {
namespace {

Type itemOf(Type sequence) {
  auto item = cast<onnx::SeqType>(sequence).getElementType();
  return cast<TensorType>(item).getElementType();
}

/// Moves what the body of `op` does to the end of `block`, at the position that
/// is its first argument. What it yields is appended to the others.
void moveBody(onnx::SequenceMapOp op, Block &block, OnnxBuilder &b) {
  Block &body = op.getBody().front();
  Value trip = block.getArgument(0);
  for (auto [argument, operand] :
       llvm::zip_equal(body.getArguments(), op->getOperands())) {
    Value item = operand;
    if (isa<onnx::SeqType>(operand.getType()))
      item = b.create("SequenceAt", {operand, trip}, itemOf(operand.getType()));
    argument.replaceAllUsesWith(item);
  }
  Operation *yield = body.getTerminator();
  block.getOperations().splice(block.end(), body.getOperations());
  OpBuilder &builder = b.getBuilder();
  builder.setInsertionPoint(yield);
  SmallVector<Value> next = {b.scalar(builder.getI1Type(), 1)};
  for (auto [sequence, item] : llvm::zip_equal(
           block.getArguments().drop_front(2), yield->getOperands()))
    next.push_back(onnx::SequenceInsertOp::create(
        builder, op.getLoc(), sequence.getType(), sequence, item, Value()));
  yield->setOperands(next);
}

} // namespace

void expandSequenceMap(onnx::SequenceMapOp op) {
  OpBuilder builder(op);
  OnnxBuilder b(builder, op.getLoc());
  Type i64 = builder.getI64Type();
  OperationState state(op.getLoc(), onnx::LoopOp::getOperationName());
  state.operands.push_back(
      b.create("SequenceLength", op.getInputSequence(), i64));
  for (Type type : op->getResultTypes())
    state.operands.push_back(onnx::SequenceEmptyOp::create(
        builder, op.getLoc(), type, IntegerAttr()));
  int32_t carried = static_cast<int32_t>(op->getNumResults());
  state.addAttribute("operandSegmentSizes",
                     builder.getDenseI32ArrayAttr({1, 0, carried}));
  state.addTypes(op->getResultTypes());
  auto scalar = [](Type type) { return RankedTensorType::get({}, type); };
  auto *block = new Block();
  state.addRegion()->push_back(block);
  block->addArgument(scalar(i64), op.getLoc());
  block->addArgument(scalar(builder.getI1Type()), op.getLoc());
  for (Type type : op->getResultTypes())
    block->addArgument(type, op.getLoc());
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(block);
    moveBody(op, *block, b);
  }
  op->replaceAllUsesWith(builder.create(state)->getResults());
  op->erase();
}

} // namespace dycc
