// An LSTM with weights of eight bits: ONNX's, whose inputs and states are
// rounded to eight bits in front of each product (onnx.rounded_inputs).
#include "compiler/import/contributed/Contributed.h"

#include "dialects/onnx/OnnxFacts.h"
#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace dycc::import {
namespace {

/// Weights [directions, inputs, gates] as floats of [directions, gates,
/// inputs]; scale and zero point are of a direction, or of each of its gates.
Value realWeights(OpEmitter &emitter, Value weights, Value scale, Value point,
                  int64_t directions) {
  Builder &builder = emitter.getBuilder();
  Type f32 = builder.getF32Type();
  auto perGate = [&](Value x) {
    return emitter.emit("Reshape", {x, emitter.vector({directions, 1, -1})});
  };
  Value steps = emitter.emit("Sub", {castTo(emitter, weights, f32),
                                     castTo(emitter, perGate(point), f32)});
  Value real = emitter.emit("Mul", {steps, perGate(scale)});
  return emitter.emit(
      "Transpose", real,
      builder.getNamedAttr("perm", builder.getDenseI64ArrayAttr({0, 2, 1})));
}

LogicalResult expandLstm(NodeForm &form, OpEmitter &emitter) {
  int64_t directions =
      form.getString("direction", "forward") == "bidirectional" ? 2 : 1;
  auto real = [&](size_t weights, size_t scale) {
    return realWeights(emitter, form.operand(weights), form.operand(scale),
                       form.operand(scale + 1), directions);
  };
  NodeForm lstm;
  lstm.op = "LSTM";
  lstm.operands = {form.operand(0), real(1, 8), real(2, 10)};
  for (size_t i = 3; i < 8; ++i)
    lstm.operands.push_back(form.operand(i));
  lstm.attributes = form.attributes;
  lstm.wanted = form.wanted;
  if (llvm::is_contained(ArrayRef(lstm.operands).take_front(3), Value()))
    return failure();
  auto results = emitter.create(lstm);
  if (failed(results))
    return failure();
  for (Value result : *results)
    if (result)
      result.getDefiningOp()->setAttr(onnx::kRoundedInputs,
                                      emitter.getBuilder().getUnitAttr());
  form.results = std::move(*results);
  return success();
}

constexpr Contribution contributions[] = {
    {"DynamicQuantizeLSTM", expandLstm},
};

} // namespace

ArrayRef<Contribution> contributedQuantizedRecurrences() {
  return contributions;
}

} // namespace dycc::import
