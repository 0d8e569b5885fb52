// Over the whole sequence only the state's products depend on one another:
// those with the input are one large matrix product before the loop.
#include "passes/normalize/Passes.h"

#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxRecurrent.h"
#include "passes/normalize/RecurrentCells.h"

#define DEBUG_TYPE "dycc-expand-recurrent"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_EXPANDRECURRENTPASS
#include "passes/normalize/Passes.h.inc"
namespace {

/// What one direction gives.
struct Sequence {
  SmallVector<Value> state; ///< After the last step.
  Value outputs;            ///< h of all steps, in order of time.
};

/// Expands one operator.
class Expansion {
public:
  Expansion(OnnxBuilder &b, const RecurrentOp &op, bool wantsOutputs)
      : b(b), op(op), wantsOutputs(wantsOutputs), type(elementTypeOf(op.x)) {}

  /// Y, Y_h and, of an LSTM, Y_c.
  SmallVector<Value> run(int64_t maxUnrolled);

private:
  int64_t timeAxis() const { return op.batchFirst ? 1 : 0; }
  bool isReverse(int64_t direction) const {
    return op.isReverse || direction == 1;
  }
  SmallVector<Value> initialState(int64_t direction);
  /// One step at `time`, a scalar: the next state and the output.
  std::pair<SmallVector<Value>, Value> step(const RecurrentCell &cell,
                                            Value time, ArrayRef<Value> state);
  Sequence unroll(const RecurrentCell &cell, int64_t direction, int64_t steps);
  Sequence loop(const RecurrentCell &cell, int64_t direction);
  Value finishOutputs(ArrayRef<Value> perDirection);
  Value finishState(ArrayRef<Value> perDirection);

  OnnxBuilder &b;
  const RecurrentOp &op;
  bool wantsOutputs;
  Type type;
  Value lengths; ///< As i64, or null.
};

SmallVector<Value> Expansion::initialState(int64_t direction) {
  SmallVector<Value> state;
  SmallVector<Value> given = {op.initialH, op.initialC};
  for (Value initial : ArrayRef(given).take_front(op.numStates())) {
    if (!initial) {
      Value batch = b.extent(op.x, 1 - timeAxis());
      Value extents = b.concat({batch, b.ints(op.hiddenSize)}, 0);
      state.push_back(b.filled(type, 0, extents));
      continue;
    }
    int64_t axis = op.batchFirst ? 1 : 0;
    if (op.numDirections > 1)
      initial = b.slice(initial, axis, direction, direction + 1);
    state.push_back(b.squeeze(initial, axis));
  }
  return state;
}

std::pair<SmallVector<Value>, Value>
Expansion::step(const RecurrentCell &cell, Value time, ArrayRef<Value> state) {
  Value gates = b.create("Gather", {cell.getInputGates(), time});
  SmallVector<Value> next = cell.step(b, gates, state);
  if (!lengths)
    return {next, next[0]};
  // Beyond a sequence's end its state stays and its output is zero. Backwards
  // that comes first: the state is still the initial one at the end.
  Type boolean = b.getBuilder().getI1Type();
  Value runs = b.unsqueeze(b.create("Less", {time, lengths}, boolean), 1);
  Value output = b.create("Where", {runs, next[0], b.scalar(type, 0)}, type);
  for (auto [value, old] : llvm::zip_equal(next, state))
    value = b.create("Where", {runs, value, old}, type);
  return {next, output};
}

Sequence Expansion::unroll(const RecurrentCell &cell, int64_t direction,
                           int64_t steps) {
  Sequence result{initialState(direction), {}};
  SmallVector<Value> outputs(steps);
  for (int64_t i = 0; i < steps; ++i) {
    int64_t time = isReverse(direction) ? steps - 1 - i : i;
    auto [next, output] =
        step(cell, b.scalar(b.getBuilder().getI64Type(), double(time)),
             result.state);
    result.state = next;
    if (wantsOutputs)
      outputs[time] = b.unsqueeze(output, 0);
  }
  if (wantsOutputs)
    result.outputs = b.concat(outputs, 0);
  return result;
}

Sequence Expansion::loop(const RecurrentCell &cell, int64_t direction) {
  Value steps = b.squeeze(b.extent(op.x, timeAxis()), 0);
  SmallVector<Value> state = initialState(direction);
  SmallVector<Value> results =
      b.loop(steps, state, [&](Value trip, ArrayRef<Value> carried) {
        Value time = trip;
        if (isReverse(direction)) {
          Type i64 = b.getBuilder().getI64Type();
          Value last = b.create("Sub", {steps, b.scalar(i64, 1)});
          time = b.create("Sub", {last, trip});
        }
        auto [next, output] = step(cell, time, carried);
        SmallVector<Value> made(next);
        if (wantsOutputs)
          made.push_back(output);
        return made;
      });
  Sequence result;
  llvm::append_range(result.state, ArrayRef(results).take_front(state.size()));
  if (wantsOutputs) {
    result.outputs = results.back();
    if (isReverse(direction))
      result.outputs = b.slice(result.outputs, 0, -1,
                               std::numeric_limits<int64_t>::min(), -1);
  }
  return result;
}

/// [steps, batch, hidden] per direction to ONNX's Y.
Value Expansion::finishOutputs(ArrayRef<Value> perDirection) {
  SmallVector<Value> parts;
  int64_t axis = op.batchFirst ? 2 : 1;
  for (Value part : perDirection)
    parts.push_back(
        b.unsqueeze(op.batchFirst ? b.transpose(part, {1, 0, 2}) : part, axis));
  return b.concat(parts, axis);
}

/// [batch, hidden] per direction to ONNX's Y_h or Y_c.
Value Expansion::finishState(ArrayRef<Value> perDirection) {
  SmallVector<Value> parts;
  int64_t axis = op.batchFirst ? 1 : 0;
  for (Value part : perDirection)
    parts.push_back(b.unsqueeze(part, axis));
  return b.concat(parts, axis);
}

SmallVector<Value> Expansion::run(int64_t maxUnrolled) {
  if (op.lengths)
    lengths = b.create("Cast", op.lengths, b.getBuilder().getI64Type(),
                       b.attr("to", 7 /*INT64*/));
  auto xType = dyn_cast<RankedTensorType>(op.x.getType());
  bool isKnown = xType && xType.getRank() == 3;
  // Negative where it is dynamic.
  int64_t steps = isKnown ? xType.getDimSize(timeAxis()) : 0;
  bool isShort = steps >= 1 && steps <= maxUnrolled;
  SmallVector<Value> outputs;
  SmallVector<SmallVector<Value>> states(op.numStates());
  for (int64_t direction = 0; direction < op.numDirections; ++direction) {
    RecurrentCell cell(b, op, direction);
    Sequence sequence =
        isShort ? unroll(cell, direction, steps) : loop(cell, direction);
    outputs.push_back(sequence.outputs);
    for (auto [all, state] : llvm::zip_equal(states, sequence.state))
      all.push_back(state);
  }
  SmallVector<Value> results = {wantsOutputs ? finishOutputs(outputs)
                                             : Value()};
  for (ArrayRef<Value> state : states)
    results.push_back(finishState(state));
  return results;
}

/// An absent result is null, one without a use may have no value.
void replace(OnnxBuilder &b, Value result, Value value) {
  if (result && !result.use_empty())
    replaceValue(result, b.cast(value, elementTypeOf(result)));
}

/// Halves are computed in f32: what a step rounds, all that follow would carry.
void widenHalves(OnnxBuilder &b, RecurrentOp &op) {
  Type wide = atLeastF32(elementTypeOf(op.x));
  for (Value *operand :
       {&op.x, &op.w, &op.r, &op.b, &op.initialH, &op.initialC, &op.peephole})
    if (*operand)
      *operand = b.cast(*operand, wide);
}

template <typename Op>
SmallVector<Value> expandOp(Op op, OnnxBuilder &b, const RecurrentOp &recurrent,
                            int64_t maxUnrolled) {
  bool wantsOutputs = op.getY() && !op.getY().use_empty();
  SmallVector<Value> values =
      Expansion(b, recurrent, wantsOutputs).run(maxUnrolled);
  replace(b, op.getY(), values[0]);
  replace(b, op.getYH(), values[1]);
  return values;
}

class ExpandRecurrent final
    : public impl::ExpandRecurrentPassBase<ExpandRecurrent> {
public:
  using ExpandRecurrentPassBase::ExpandRecurrentPassBase;

private:
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (onnx::rootOf(op) == onnx::Root::Recurrence)
        ops.push_back(op);
    });
    for (Operation *op : ops)
      if (failed(expand(op)))
        return signalPassFailure();
    refreshResultTypes(getOperation());
  }

  LogicalResult expand(Operation *op) {
    FailureOr<RecurrentOp> recurrent = readRecurrent(op);
    if (failed(recurrent))
      return failure();
    OpBuilder builder(op);
    OnnxBuilder b(builder, op->getLoc());
    widenHalves(b, *recurrent);
    if (auto lstm = dyn_cast<onnx::LSTMOp>(op))
      replace(b, lstm.getYC(),
              expandOp(lstm, b, *recurrent, maxUnrolledSteps)[2]);
    else if (auto gru = dyn_cast<onnx::GRUOp>(op))
      expandOp(gru, b, *recurrent, maxUnrolledSteps);
    else
      expandOp(cast<onnx::RNNOp>(op), b, *recurrent, maxUnrolledSteps);
    op->erase();
    return success();
  }
};

} // namespace
} // namespace dycc
