// Sequences and optionals. What is known of one is the rank of the tensors in
// it: unknown extents, until dycc-pack-sequences has made tensors of it.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxContainer.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

void shape::setHeldRank(Solver &solver, Value value, ValueRange sources,
                        int64_t more) {
  for (Value source : sources)
    if (const Exprs *known = source ? solver.dims(source) : nullptr) {
      if (!solver.dims(value))
        solver.setDims(value, Exprs(known->size() + more, solver.unknown()));
      return;
    }
}

static void transferConstruct(onnx::SequenceConstructOp op, Solver &solver) {
  setHeldRank(solver, op.getOutputSequence(), op.getInputs());
}

/// A model may say another rank of a sequence that is empty at first.
static void transferInsert(onnx::SequenceInsertOp op, Solver &solver) {
  setHeldRank(solver, op.getOutputSequence(),
              {op.getTensor(), op.getInputSequence()});
}

static void transferErase(onnx::SequenceEraseOp op, Solver &solver) {
  setHeldRank(solver, op.getOutputSequence(), op.getInputSequence());
}

static void transferSplit(onnx::SplitToSequenceOp op, Solver &solver) {
  bool isRow = !op.getSplit() && !op.getKeepdims();
  setHeldRank(solver, op.getOutputSequence(), op.getInput(), isRow ? -1 : 0);
}

static void transferAt(onnx::SequenceAtOp op, Solver &solver) {
  setHeldRank(solver, op.getTensor(), op.getInputSequence());
}

static void transferJoin(onnx::ConcatFromSequenceOp op, Solver &solver) {
  setHeldRank(solver, op.getConcatResult(), op.getInputSequence(),
              op.getNewAxis());
}

static void transferOptional(onnx::OptionalOp op, Solver &solver) {
  setHeldRank(solver, op.getOutput(), op.getInput());
}

static void transferTaken(onnx::OptionalGetElementOp op, Solver &solver) {
  setHeldRank(solver, op.getOutput(), op.getInput());
}

static void transferNumber(Operation *op, Solver &solver) {
  solver.setDims(op->getResult(0), {});
}

void shape::attachContainer(MLIRContext *context) {
  attachRules<transferConstruct, transferNothing, onnx::SequenceConstructOp>(
      context);
  attachRules<transferInsert, transferNothing, onnx::SequenceInsertOp>(context);
  attachRules<transferErase, transferNothing, onnx::SequenceEraseOp>(context);
  attachRules<transferSplit, transferNothing, onnx::SplitToSequenceOp>(context);
  attachRules<transferAt, transferNothing, onnx::SequenceAtOp>(context);
  attachRules<transferJoin, transferNothing, onnx::ConcatFromSequenceOp>(
      context);
  attachRules<transferOptional, transferNothing, onnx::OptionalOp>(context);
  attachRules<transferTaken, transferNothing, onnx::OptionalGetElementOp>(
      context);
  attachRules<transferNumber, transferNothing, onnx::SequenceLengthOp,
              onnx::OptionalHasElementOp>(context);
  attachRules<transferNothing, transferNothing, onnx::SequenceEmptyOp>(context);
}
