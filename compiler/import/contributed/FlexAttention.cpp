// Attention whose scores and weights the model changes in subgraphs of its
// own: ONNX's preview has it for queries, keys and values of four axes.
#include "compiler/import/contributed/Contributed.h"

#include "compiler/import/Types.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

namespace dycc::import {
namespace {

/// The type of scores and weights; null where attribute softmax_precision
/// names none.
Type scoreTypeOf(const NodeForm &form) {
  Type type = elementTypeOf(form.operand(0));
  if (!type)
    return {};
  Builder builder(type.getContext());
  std::optional<int64_t> code = form.findInt("softmax_precision");
  if (!code)
    return type.isF64() ? type : Type(builder.getF32Type());
  for (Type precise : {Type(builder.getF32Type()), Type(builder.getF16Type()),
                       Type(builder.getF64Type()), Type(builder.getBF16Type())})
    if (getDataType(precise) == *code)
      return precise;
  return {};
}

/// Both subgraphs have the scores or what the softmax made of them.
Type modifierInput(const NodeForm &form) {
  Type type = scoreTypeOf(form);
  return type ? Type(UnrankedTensorType::get(type)) : Type();
}

/// `x` behind the operators of a subgraph; itself without one. Null after an
/// error.
Value modified(OpEmitter &emitter, Region *body, Value x) {
  if (!body || !x)
    return x;
  Block &block = body->front();
  if (block.getNumArguments() != 1)
    return {}; // An error was given.
  Operation *yield = block.getTerminator();
  if (yield->getNumOperands() != 1 ||
      elementTypeOf(yield->getOperand(0)) != elementTypeOf(x)) {
    emitter.error() << "expects subgraphs of one output of the type of their "
                       "input, "
                    << elementTypeOf(x);
    return {};
  }
  block.getArgument(0).replaceAllUsesWith(x);
  Value y = yield->getOperand(0);
  yield->erase();
  OpBuilder &builder = emitter.getBuilder();
  builder.getInsertionBlock()->getOperations().splice(
      builder.getInsertionPoint(), block.getOperations());
  return y;
}

LogicalResult expandFlexAttention(NodeForm &form, OpEmitter &emitter) {
  Type type = elementTypeOf(form.operand(0)), precise = scoreTypeOf(form);
  if (!precise)
    return emitter.error() << "expects a softmax_precision of floats, got "
                           << form.getInt("softmax_precision", 0);
  Value q = form.operand(0);
  std::optional<double> scale;
  if (form.attributes.get("scale"))
    scale = getFloat(form, "scale", 0);
  Value scores =
      scoresOf(emitter, q, likeQueries(emitter, form.operand(1), q), scale);
  // In the order of the schema.
  Region *ofWeights = form.regions.empty() ? nullptr : form.regions[0].get();
  Region *ofScores = form.regions.empty() ? nullptr : form.regions[1].get();
  scores = modified(emitter, ofScores, castTo(emitter, scores, precise));
  if (!scores)
    return failure();
  Value weights = emitter.emit("Softmax", scores, emitter.attr("axis", -1));
  weights = modified(emitter, ofWeights, weights);
  if (!weights)
    return failure();
  Value values = castTo(emitter, form.operand(2), precise);
  Value y = emitter.emit("MatMul", {weights, likeQueries(emitter, values, q)});
  form.results = {castTo(emitter, y, type)};
  return success();
}

constexpr Contribution contributions[] = {
    {"FlexAttention", expandFlexAttention, modifierInput},
};

} // namespace

ArrayRef<Contribution> contributedFlexAttention() { return contributions; }

Value likeQueries(OpEmitter &emitter, Value x, Value queries) {
  Value batch = extentOf(emitter, x, 0), own = extentOf(emitter, x, 1);
  Value heads = extentOf(emitter, queries, 1);
  Value rest = emitter.emit("Shape", x, emitter.attr("start", 2));
  auto joined = [&](ArrayRef<Value> parts) {
    return emitter.emit("Concat", parts, emitter.attr("axis", 0));
  };
  Value each = emitter.emit("Unsqueeze", {x, emitter.vector(2)});
  Value times = emitter.emit("Div", {heads, own});
  each = emitter.emit("Expand", {each, joined({batch, own, times, rest})});
  return emitter.emit("Reshape", {each, joined({batch, heads, rest})},
                      emitter.attr("allowzero", 1));
}

Value scoresOf(OpEmitter &emitter, Value q, Value k,
               std::optional<double> scale) {
  Type type = elementTypeOf(q);
  Value factor;
  if (scale) {
    factor = emitter.scalar(type, *scale);
  } else {
    Value size = asScalar(emitter, extentOf(emitter, q, 3));
    Value root = emitter.emit("Sqrt", castTo(emitter, size, type));
    factor = emitter.emit("Reciprocal", root);
  }
  // On both sides, so that no product is too large for the type.
  Value half = emitter.emit("Sqrt", factor);
  Builder &builder = emitter.getBuilder();
  Value columns = emitter.emit(
      "Transpose", k,
      builder.getNamedAttr("perm", builder.getDenseI64ArrayAttr({0, 1, 3, 2})));
  return emitter.emit("MatMul", {emitter.emit("Mul", {q, half}),
                                 emitter.emit("Mul", {columns, half})});
}

} // namespace dycc::import
