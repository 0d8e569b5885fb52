#include "passes/normalize/RecurrentCells.h"

#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxRecurrent.h"
#include "passes/normalize/Quantization.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace dycc {
namespace {

/// Default parameters: those of the operator of that name. Null for a function
/// that ONNX does not have.
struct ActivationKind {
  llvm::StringLiteral name;
  bool hasAlpha, hasBeta;
  float alpha, beta;
};
constexpr ActivationKind activationKinds[] = {
    {"Affine", true, true, 1, 0},
    {"Elu", true, false, 1, 0},
    {"HardSigmoid", true, true, 0.2f, 0.5f},
    {"LeakyRelu", true, false, 0.01f, 0},
    {"Relu", false, false, 0, 0},
    {"ScaledTanh", true, true, 1, 1},
    {"Sigmoid", false, false, 0, 0},
    {"Softplus", false, false, 0, 0},
    {"Softsign", false, false, 0, 0},
    {"Tanh", false, false, 0, 0},
    {"ThresholdedRelu", true, false, 1, 0},
};

/// Reads the functions of all directions. Parameters are given in order, for
/// the functions that take them.
template <typename Op>
LogicalResult readActivations(Op op, ArrayRef<llvm::StringLiteral> defaults,
                              RecurrentOp &recurrent) {
  SmallVector<StringRef> names;
  // Two or more directions bring each their own, or none does.
  if (auto given = op->template getAttrOfType<ArrayAttr>("activations"))
    for (auto name : given.template getAsRange<StringAttr>())
      names.push_back(name.getValue());
  size_t perDirection = defaults.size();
  size_t expected = perDirection * recurrent.numDirections;
  if (names.empty())
    for (size_t i = 0; i < expected; ++i)
      names.push_back(defaults[i % perDirection]);
  if (names.size() < expected)
    return op->emitOpError("expects ")
           << expected << " activations, got " << names.size();
  ArrayRef<float> alphas = op.getActivationAlpha().value_or(ArrayRef<float>());
  ArrayRef<float> betas = op.getActivationBeta().value_or(ArrayRef<float>());
  auto take = [](ArrayRef<float> &values, bool takes, float fallback) {
    if (!takes || values.empty())
      return fallback;
    float value = values.front();
    values = values.drop_front();
    return value;
  };
  for (size_t i = 0; i < expected; ++i) {
    auto *kind = llvm::find_if(activationKinds, [&](const ActivationKind &k) {
      return names[i].equals_insensitive(k.name);
    });
    if (kind == std::end(activationKinds))
      return op->emitOpError("unknown activation \"") << names[i] << "\"";
    if (i % perDirection == 0)
      recurrent.activations.emplace_back();
    recurrent.activations.back().push_back(
        {kind->name, take(alphas, kind->hasAlpha, kind->alpha),
         take(betas, kind->hasBeta, kind->beta)});
  }
  return success();
}

/// What the three operators have in common.
template <typename Op>
FailureOr<RecurrentOp> readCommon(Op op, CellKind kind,
                                  ArrayRef<llvm::StringLiteral> activations) {
  RecurrentOp r{};
  r.op = op;
  r.kind = kind;
  r.x = op.getX();
  r.w = op.getW();
  r.r = op.getR();
  r.b = op.getB();
  r.lengths = op.getSequenceLens();
  r.initialH = op.getInitialH();
  if (auto clip = op.getClip())
    r.clip = clip->convertToFloat();
  r.batchFirst = op.getLayout() != 0;
  r.numDirections = op.getDirection() == "bidirectional" ? 2 : 1;
  r.isReverse = op.getDirection() == "reverse";
  auto weights = dyn_cast<RankedTensorType>(r.r.getType());
  bool isKnown = weights && weights.getRank() == 3 && !weights.isDynamicDim(2);
  int64_t own = isKnown ? weights.getDimSize(2) : 0;
  r.hiddenSize = op.getHiddenSize().value_or(own);
  if (r.hiddenSize <= 0)
    return op->emitOpError("expects attribute \"hidden_size\" of 1 or more");
  if (isKnown && own != r.hiddenSize)
    return op->emitOpError("expects attribute \"hidden_size\" of ")
           << own << ", as R has, got " << r.hiddenSize;
  if (failed(readActivations(op, activations, r)))
    return failure();
  return r;
}

constexpr llvm::StringLiteral lstmActivations[] = {"Sigmoid", "Tanh", "Tanh"};
constexpr llvm::StringLiteral gruActivations[] = {"Sigmoid", "Tanh"};
constexpr llvm::StringLiteral rnnActivations[] = {"Tanh"};

} // namespace

FailureOr<RecurrentOp> readRecurrent(Operation *op) {
  if (auto lstm = dyn_cast<onnx::LSTMOp>(op)) {
    auto recurrent = readCommon(lstm, CellKind::Lstm, lstmActivations);
    if (failed(recurrent))
      return failure();
    recurrent->initialC = lstm.getInitialC();
    recurrent->peephole = lstm.getP();
    recurrent->inputForget = lstm.getInputForget() != 0;
    recurrent->roundedInputs = lstm->hasAttr(onnx::kRoundedInputs);
    return recurrent;
  }
  if (auto gru = dyn_cast<onnx::GRUOp>(op)) {
    auto recurrent = readCommon(gru, CellKind::Gru, gruActivations);
    if (succeeded(recurrent))
      recurrent->linearBeforeReset = gru.getLinearBeforeReset() != 0;
    return recurrent;
  }
  return readCommon(cast<onnx::RNNOp>(op), CellKind::Rnn, rnnActivations);
}

RecurrentCell::RecurrentCell(OnnxBuilder &b, const RecurrentOp &op,
                             int64_t direction)
    : op(op), direction(direction) {
  Value input = op.batchFirst ? b.transpose(op.x, {1, 0, 2}) : op.x;
  Value weights = b.transpose(direct(b, op.w), {1, 0});
  inputGates = b.create("MatMul", {factor(b, input), weights});
  recurrent = b.transpose(direct(b, op.r), {1, 0});
  if (Value bias = op.b ? makeBias(b) : Value())
    inputGates = b.create("Add", {inputGates, bias});
  if (op.kind == CellKind::Gru) {
    int64_t hidden = op.hiddenSize;
    recurrentHidden = b.slice(recurrent, 1, 2 * hidden, 3 * hidden);
    recurrent = b.slice(recurrent, 1, 0, 2 * hidden);
  }
  if (op.peephole)
    makePeepholes(b);
}

/// What is multiplied by weights in the place of `x`.
Value RecurrentCell::factor(OnnxBuilder &b, Value x) const {
  return op.roundedInputs ? quantization::rounded(b, x) : x;
}

/// This direction's part of an operand with a leading axis of directions.
Value RecurrentCell::direct(OnnxBuilder &b, Value perDirection) const {
  if (op.numDirections > 1)
    perDirection = b.slice(perDirection, 0, direction, direction + 1);
  return b.squeeze(perDirection, 0);
}

SmallVector<Value> RecurrentCell::split(OnnxBuilder &b, Value x,
                                        int64_t parts) const {
  SmallVector<Value> values;
  for (int64_t i = 0; i < parts; ++i)
    values.push_back(
        b.slice(x, -1, i * op.hiddenSize, (i + 1) * op.hiddenSize));
  return values;
}

/// A row for each of three gates: where P's extent is symbolic, it is 3 times
/// the state's from here on.
void RecurrentCell::makePeepholes(OnnxBuilder &b) {
  Value rows =
      b.create("Reshape", {direct(b, op.peephole), b.ints({3, op.hiddenSize})});
  for (int64_t gate = 0; gate < 3; ++gate)
    peepholes.push_back(b.squeeze(b.slice(rows, 0, gate, gate + 1), 0));
}

/// The sum of the input's and the state's bias, but for the part that a GRU
/// with linear_before_reset adds in each step.
Value RecurrentCell::makeBias(OnnxBuilder &b) {
  Value both = direct(b, op.b);
  int64_t gates = op.numGates() * op.hiddenSize, hidden = op.hiddenSize;
  Value ofInput = b.slice(both, 0, 0, gates);
  Value ofState = b.slice(both, 0, gates, 2 * gates);
  if (!op.linearBeforeReset)
    return b.create("Add", {ofInput, ofState});
  hiddenBias = b.slice(ofState, 0, 2 * hidden, gates);
  Value first = b.create("Add", {b.slice(ofInput, 0, 0, 2 * hidden),
                                 b.slice(ofState, 0, 0, 2 * hidden)});
  return b.concat({first, b.slice(ofInput, 0, 2 * hidden, gates)}, 0);
}

/// `clip` bounds the sums of products, not an LSTM's cell (function 2): that is
/// how ONNX Runtime reads "the input of activations".
Value RecurrentCell::activate(OnnxBuilder &b, size_t function, Value x) const {
  const Activation &f = op.activations[direction][function];
  Type element = elementTypeOf(x);
  if (op.clip && function < 2)
    x = b.create(
        "Clip", {x, b.scalar(element, -*op.clip), b.scalar(element, *op.clip)});
  if (f.name == "Affine")
    return b.create("Add", {b.create("Mul", {x, b.scalar(element, f.alpha)}),
                            b.scalar(element, f.beta)});
  if (f.name == "ScaledTanh") {
    Value scaled = b.create("Mul", {x, b.scalar(element, f.beta)});
    return b.create("Mul",
                    {b.create("Tanh", scaled), b.scalar(element, f.alpha)});
  }
  OpBuilder &builder = b.getBuilder();
  SmallVector<NamedAttribute> attributes;
  auto *kind = llvm::find_if(activationKinds, [&](const ActivationKind &k) {
    return k.name == f.name;
  });
  if (kind->hasAlpha)
    attributes.push_back(
        builder.getNamedAttr("alpha", builder.getF32FloatAttr(f.alpha)));
  if (kind->hasBeta)
    attributes.push_back(
        builder.getNamedAttr("beta", builder.getF32FloatAttr(f.beta)));
  return b.create(f.name, x, attributes);
}

SmallVector<Value> RecurrentCell::stepLstm(OnnxBuilder &b, Value gates, Value h,
                                           Value c) const {
  Value product = b.create("MatMul", {factor(b, h), recurrent});
  Value all = b.create("Add", {gates, product});
  SmallVector<Value> iofc = split(b, all, 4);
  auto peep = [&](size_t gate, Value cell) {
    return peepholes.empty()
               ? iofc[gate]
               : b.create("Add", {iofc[gate],
                                  b.create("Mul", {peepholes[gate], cell})});
  };
  Value input = activate(b, 0, peep(0, c));
  Value one = b.scalar(elementTypeOf(h), 1);
  Value forget = op.inputForget ? b.create("Sub", {one, input})
                                : activate(b, 0, peep(2, c));
  Value candidate = activate(b, 1, iofc[3]);
  Value cell = b.create("Add", {b.create("Mul", {forget, c}),
                                b.create("Mul", {input, candidate})});
  Value output = activate(b, 0, peep(1, cell));
  return {b.create("Mul", {output, activate(b, 2, cell)}), cell};
}

Value RecurrentCell::stepGru(OnnxBuilder &b, Value gates, Value h) const {
  int64_t hidden = op.hiddenSize;
  Value both = b.create("Add", {b.slice(gates, -1, 0, 2 * hidden),
                                b.create("MatMul", {h, recurrent})});
  SmallVector<Value> zr = split(b, both, 2);
  Value update = activate(b, 0, zr[0]), reset = activate(b, 0, zr[1]);
  Value fromState;
  if (op.linearBeforeReset) {
    fromState = b.create("MatMul", {h, recurrentHidden});
    if (hiddenBias)
      fromState = b.create("Add", {fromState, hiddenBias});
    fromState = b.create("Mul", {reset, fromState});
  } else {
    fromState =
        b.create("MatMul", {b.create("Mul", {reset, h}), recurrentHidden});
  }
  Value fromInput = b.slice(gates, -1, 2 * hidden, 3 * hidden);
  Value candidate = activate(b, 1, b.create("Add", {fromInput, fromState}));
  Value keep = b.create("Sub", {b.scalar(elementTypeOf(h), 1), update});
  return b.create("Add", {b.create("Mul", {keep, candidate}),
                          b.create("Mul", {update, h})});
}

SmallVector<Value> RecurrentCell::step(OnnxBuilder &b, Value gates,
                                       ArrayRef<Value> state) const {
  if (op.kind == CellKind::Lstm)
    return stepLstm(b, gates, state[0], state[1]);
  if (op.kind == CellKind::Gru)
    return {stepGru(b, gates, state[0])};
  Value sum =
      b.create("Add", {gates, b.create("MatMul", {state[0], recurrent})});
  return {activate(b, 0, sum)};
}

} // namespace dycc
