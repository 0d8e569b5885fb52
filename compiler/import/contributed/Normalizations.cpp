#include "compiler/import/contributed/Contributed.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

namespace dycc::import {
namespace {

/// Over the last axis, with the node's epsilon.
Value normalized(NodeForm &form, OpEmitter &emitter, StringRef op,
                 ArrayRef<Value> operands) {
  double epsilon = getFloat(form, "epsilon", 1e-12);
  return emitter.emit(
      op, operands,
      {emitter.attr("axis", -1), floatAttr(emitter, "epsilon", epsilon)});
}

/// The sum is a result of its own, behind two statistics of training.
void setResults(NodeForm &form, Value output, Value sum) {
  form.results = {output, Value(), Value(), sum};
}

Value sumOf(OpEmitter &emitter, ArrayRef<Value> parts) {
  Value sum = parts.front();
  for (Value part : parts.drop_front())
    if (part)
      sum = emitter.emit("Add", {sum, part});
  return sum;
}

LogicalResult expandSkip(NodeForm &form, OpEmitter &emitter) {
  Value sum =
      sumOf(emitter, {form.operand(0), form.operand(1), form.operand(4)});
  setResults(form,
             normalized(form, emitter, "LayerNormalization",
                        {sum, form.operand(2), form.operand(3)}),
             sum);
  return success();
}

LogicalResult expandSkipSimplified(NodeForm &form, OpEmitter &emitter) {
  Value sum =
      sumOf(emitter, {form.operand(0), form.operand(1), form.operand(3)});
  setResults(
      form,
      normalized(form, emitter, "RMSNormalization", {sum, form.operand(2)}),
      sum);
  return success();
}

/// The same operator as RMSNormalization but for its second result.
LogicalResult expandSimplified(NodeForm &form, OpEmitter &emitter) {
  form.results = {emitter.emit("RMSNormalization",
                               {form.operand(0), form.operand(1)},
                               form.attributes.getAttrs())};
  return success();
}

/// Rows of a table at the positions of the tokens: 0, 1, ... without others.
Value positionRows(NodeForm &form, OpEmitter &emitter) {
  Value table = form.operand(3);
  if (Value positions = form.operand(8))
    return emitter.emit("Gather", {table, positions});
  Value length = extentOf(emitter, form.operand(0), 1);
  return emitter.emit("Slice",
                      {table, emitter.vector(0), length, emitter.vector(0)});
}

/// How many tokens of each sample the mask lets through; 0 without a mask.
Value maskIndex(NodeForm &form, OpEmitter &emitter) {
  Value mask = form.operand(7);
  Type i32 = emitter.getBuilder().getI32Type();
  if (!mask)
    return emitter.emit("Expand", {emitter.scalar(i32, 0),
                                   extentOf(emitter, form.operand(0), 0)});
  Value isToken = emitter.emit("Equal", {mask, emitter.scalar(i32, 1)});
  return emitter.emit("ReduceSum",
                      {castTo(emitter, isToken, i32), emitter.vector(1)},
                      emitter.attr("keepdims", 0));
}

LogicalResult expandEmbed(NodeForm &form, OpEmitter &emitter) {
  SmallVector<Value> rows = {
      emitter.emit("Gather", {form.operand(2), form.operand(0)}),
      positionRows(form, emitter)};
  if (Value segments = form.operand(1)) {
    if (!form.operand(4))
      return emitter.error() << "expects input 'segment_embedding'";
    rows.push_back(emitter.emit("Gather", {form.operand(4), segments}));
  }
  Value sum = sumOf(emitter, rows);
  Value output = normalized(form, emitter, "LayerNormalization",
                            {sum, form.operand(5), form.operand(6)});
  Value index = form.wants(1) ? maskIndex(form, emitter) : Value();
  // What an attention behind it does with a mask depends on its rank.
  if (index)
    index.setType(
        RankedTensorType::get({ShapedType::kDynamic}, elementTypeOf(index)));
  form.results = {output, index, sum};
  return success();
}

constexpr Contribution contributions[] = {
    {"EmbedLayerNormalization", expandEmbed},
    {"SimplifiedLayerNormalization", expandSimplified},
    {"SkipLayerNormalization", expandSkip},
    {"SkipSimplifiedLayerNormalization", expandSkipSimplified},
};

} // namespace

ArrayRef<Contribution> contributedNormalizations() { return contributions; }

} // namespace dycc::import
