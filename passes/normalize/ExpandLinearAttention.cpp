// Attention without softmax: a loop over time that carries a matrix of keys by
// values for each head. All of it is computed in f32.
#include "passes/normalize/Expansions.h"

using namespace mlir;

namespace dycc {
namespace {

class LinearAttentionExpander {
public:
  LinearAttentionExpander(OnnxBuilder &b, onnx::LinearAttentionOp op)
      : b(b), op(op), f32(b.getBuilder().getF32Type()),
        heads(op.getKvNumHeadsAttr().getInt()),
        perHead(op.getQNumHeadsAttr().getInt() / heads) {}

  /// The result of all times; that for the last state is given to the builder.
  Value run() {
    q = b.create("Reshape",
                 {inF32(op.getQuery()), b.ints({0, 0, heads, perHead, -1})});
    k = ofHeads(op.getKey());
    v = ofHeads(op.getValue());
    decay = op.getDecay() ? ofHeads(op.getDecay()) : Value();
    beta = op.getBeta() ? b.unsqueeze(inF32(op.getBeta()), 3) : Value();
    Value steps = b.squeeze(b.extent(q, 1), 0);
    SmallVector<Value> results =
        b.loop(steps, initialState(), [&](Value time, ArrayRef<Value> carried) {
          Value state = next(time, carried.front());
          return SmallVector<Value>{state, read(time, state)};
        });
    b.replace(op.getPresentState(),
              b.cast(results[0], elementTypeOf(op.getPresentState())));
    // [time, batch, heads, queries of one, size]
    Value y = b.transpose(results[1], {1, 0, 2, 3, 4});
    y = b.create("Reshape", {y, b.ints({0, 0, -1})});
    return b.cast(y, elementTypeOf(op.getOutput()));
  }

private:
  Value inF32(Value x) { return b.cast(x, f32); }
  /// [batch, time, heads * size] -> [batch, time, heads, size]
  Value ofHeads(Value x) {
    return b.create("Reshape", {inF32(x), b.ints({0, 0, heads, -1})});
  }
  Value at(Value x, Value time) {
    return b.create("Gather", {x, time}, b.attr("axis", 1));
  }

  Value initialState() {
    if (Value past = op.getPastState())
      return inF32(past);
    return b.filled(f32, 0,
                    b.concat({b.extent(q, 0), b.ints(heads), b.extent(k, 3),
                              b.extent(v, 3)},
                             0));
  }

  /// The state after `time`: what it keeps of itself, and the value of the key,
  /// or what the state does not give for that key yet.
  Value next(Value time, Value state) {
    Value key = at(k, time), value = b.unsqueeze(at(v, time), 2);
    if (decay) {
      Value kept = b.create("Exp", at(decay, time));
      state = b.create("Mul", {state, b.unsqueeze(kept, 3)});
    }
    if (beta) {
      Value known = b.create("MatMul", {b.unsqueeze(key, 2), state});
      Value rate = b.unsqueeze(at(beta, time), 3);
      value = b.create("Mul", {rate, b.create("Sub", {value, known})});
    }
    Value written = b.create("Mul", {b.unsqueeze(key, 3), value});
    return b.create("Add", {state, written});
  }

  Value read(Value time, Value state) {
    Value result = b.create("MatMul", {at(q, time), state});
    return b.create("Mul", {result, scale()});
  }

  Value scale() {
    double given = op.getScale().convertToDouble();
    if (given != 0)
      return b.scalar(f32, given);
    Value size = inF32(b.squeeze(b.extent(k, 3), 0));
    return b.create("Div", {b.scalar(f32, 1), b.create("Sqrt", size)});
  }

  OnnxBuilder &b;
  onnx::LinearAttentionOp op;
  Type f32;
  int64_t heads, perHead;
  /// [batch, time, heads, (queries of one,) size]; decay of each key's place or
  /// of all, beta of each head or of all; null where the rule has none.
  Value q, k, v, decay, beta;
};

} // namespace

Value expand(OnnxBuilder &b, onnx::LinearAttentionOp op) {
  int64_t queries = op.getQNumHeadsAttr().getInt(),
          keys = op.getKvNumHeadsAttr().getInt();
  StringRef rule = op.getUpdateRule();
  bool isGated = rule == "gated" || rule == "gated_delta";
  bool isDelta = rule == "delta" || rule == "gated_delta";
  if (keys <= 0 || queries <= 0 || queries % keys != 0 ||
      (rule != "linear" && !isGated && !isDelta) ||
      isGated != static_cast<bool>(op.getDecay()) ||
      isDelta != static_cast<bool>(op.getBeta()))
    return {};
  return LinearAttentionExpander(b, op).run();
}

} // namespace dycc
