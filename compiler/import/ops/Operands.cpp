// Attributes that newer opsets have as operands.
#include "compiler/import/Upgrades.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

namespace dycc::import {
namespace {

void setOperand(NodeForm &form, size_t i, Value value) {
  if (form.operands.size() <= i)
    form.operands.resize(i + 1);
  form.operands[i] = value;
}

/// Takes the INTS attribute `name`; absent, or of another kind, it stays.
DenseI64ArrayAttr takeInts(NodeForm &form, StringRef name) {
  auto ints = dyn_cast_or_null<DenseI64ArrayAttr>(form.attributes.get(name));
  if (ints)
    form.attributes.erase(name);
  return ints;
}

void moveInts(NodeForm &form, OpEmitter &emitter, StringRef name, size_t i) {
  if (DenseI64ArrayAttr ints = takeInts(form, name))
    setOperand(form, i, emitter.vector(ints.asArrayRef()));
}

/// Squeeze, Unsqueeze and the reductions.
LogicalResult moveAxes(NodeForm &form, OpEmitter &emitter) {
  if (form.op == "Unsqueeze" && !form.attributes.get("axes"))
    return emitter.error() << "expects attribute \"axes\"";
  moveInts(form, emitter, "axes", 1);
  return success();
}

LogicalResult moveSlice(NodeForm &form, OpEmitter &emitter) {
  auto starts = takeInts(form, "starts"), ends = takeInts(form, "ends");
  auto axes = takeInts(form, "axes");
  if (!starts || !ends)
    return emitter.error() << "expects attributes \"starts\" and \"ends\"";
  if (starts.size() != ends.size() || (axes && axes.size() != starts.size()))
    return emitter.error()
           << "expects as many \"ends\" and \"axes\" as \"starts\", got "
           << starts.size() << ", " << ends.size() << " and "
           << (axes ? axes.size() : starts.size());
  setOperand(form, 1, emitter.vector(starts.asArrayRef()));
  setOperand(form, 2, emitter.vector(ends.asArrayRef()));
  if (axes)
    setOperand(form, 3, emitter.vector(axes.asArrayRef()));
  return success();
}

LogicalResult moveSplit(NodeForm &form, OpEmitter &emitter) {
  moveInts(form, emitter, "split", 1);
  return success();
}

/// Parts of equal size: how many there are was the number of outputs.
LogicalResult countSplit(NodeForm &form, OpEmitter &emitter) {
  if (!form.operand(1))
    form.attributes.append(emitter.attr("num_outputs", form.wanted.size()));
  return success();
}

/// The value of a FLOAT attribute that is taken, or nothing.
std::optional<double> takeFloat(NodeForm &form, StringRef name) {
  auto attribute = dyn_cast_or_null<FloatAttr>(form.attributes.get(name));
  if (!attribute)
    return std::nullopt;
  form.attributes.erase(name);
  return attribute.getValueAsDouble();
}

/// A FLOAT attribute as a scalar of the first operand's type.
LogicalResult moveFloat(NodeForm &form, OpEmitter &emitter, StringRef name,
                        size_t i, std::optional<double> fallback) {
  std::optional<double> value = takeFloat(form, name);
  if (!value)
    value = fallback;
  Type element = elementTypeOf(form.operand(0));
  if (!value || !element)
    return success();
  if (!isa<FloatType>(element))
    return emitter.error() << "expects an input of a float type, got "
                           << element;
  setOperand(form, i, emitter.scalar(element, *value));
  return success();
}

LogicalResult movePad(NodeForm &form, OpEmitter &emitter) {
  if (!form.attributes.get("pads"))
    return emitter.error() << "expects attribute \"pads\"";
  moveInts(form, emitter, "pads", 1);
  return moveFloat(form, emitter, "value", 2, std::nullopt);
}

/// The bounds were those of f32 where they were absent: infinity was clipped.
LogicalResult moveClip(NodeForm &form, OpEmitter &emitter) {
  constexpr double limit = std::numeric_limits<float>::max();
  if (failed(moveFloat(form, emitter, "min", 1, -limit)))
    return failure();
  return moveFloat(form, emitter, "max", 2, limit);
}

LogicalResult moveTopK(NodeForm &form, OpEmitter &emitter) {
  std::optional<int64_t> k = form.findInt("k");
  if (!k)
    return emitter.error() << "expects attribute \"k\"";
  form.attributes.erase("k");
  setOperand(form, 1, emitter.vector(*k));
  return success();
}

LogicalResult moveDft(NodeForm &form, OpEmitter &emitter) {
  int64_t axis = form.getInt("axis", 1);
  form.attributes.erase("axis");
  setOperand(form, 2, emitter.scalar(axis));
  return success();
}

constexpr Upgrade upgrades[] = {
    {"Squeeze", 13, moveAxes},
    {"Unsqueeze", 13, moveAxes},
    {"ReduceSum", 13, moveAxes},
    {"ReduceL1", 18, moveAxes},
    {"ReduceL2", 18, moveAxes},
    {"ReduceLogSum", 18, moveAxes},
    {"ReduceLogSumExp", 18, moveAxes},
    {"ReduceMax", 18, moveAxes},
    {"ReduceMean", 18, moveAxes},
    {"ReduceMin", 18, moveAxes},
    {"ReduceProd", 18, moveAxes},
    {"ReduceSumSquare", 18, moveAxes},
    {"Slice", 10, moveSlice},
    {"Split", 13, moveSplit},
    {"Split", 18, countSplit},
    {"Pad", 11, movePad},
    {"Clip", 11, moveClip},
    {"TopK", 10, moveTopK},
    {"DFT", 20, moveDft},
};

} // namespace

ArrayRef<Upgrade> operandUpgrades() { return upgrades; }

} // namespace dycc::import
