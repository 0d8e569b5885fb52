// Attention in the forms of ONNX Runtime, as ONNX's with a mask that is added.
// Ranks are not known yet; where a mask of another rank was meant, the shape
// that it is given here does not fit it.
#include "compiler/import/contributed/Contributed.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

namespace dycc::import {
namespace {

/// The rank of a value as far as import knows it: a conversion has that of what
/// it converts.
std::optional<int64_t> knownRank(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (op->getName().getStringRef() != "onnx.Cast")
      break;
    value = op->getOperand(0);
  }
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type ? std::optional(type.getRank()) : std::nullopt;
}

/// What an attention has beside queries, keys and values.
struct Extras {
  Value mask, bias, pastKey, pastValue;
};

class AttentionEmitter {
public:
  AttentionEmitter(NodeForm &form, OpEmitter &emitter, Type type)
      : form(form), emitter(emitter), type(type) {}

  /// Output, present keys and present values. Queries, keys and values are of
  /// [batch, length, hidden].
  SmallVector<Value> run(Value q, Value k, Value v, const Extras &extras) {
    Value keys = extentOf(emitter, k, 1);
    if (extras.pastKey)
      keys = emitter.emit("Add", {keys, extentOf(emitter, extras.pastKey, 2)});
    Value mask = extras.bias;
    if (extras.mask) {
      mask = addedMask(extras.mask, extentOf(emitter, q, 0), keys);
      if (extras.bias)
        mask = emitter.emit("Add", {mask, extras.bias});
    }
    int64_t heads = form.getInt("num_heads", 0);
    SmallVector<NamedAttribute> attributes = {
        emitter.attr("q_num_heads", heads), emitter.attr("kv_num_heads", heads),
        emitter.attr("is_causal", form.getInt("unidirectional", 0))};
    // 0 means the default.
    if (double scale = getFloat(form, "scale", 0); scale != 0)
      attributes.push_back(floatAttr(emitter, "scale", scale));
    return emitter.emitAll("Attention",
                           {q, k, v, mask, extras.pastKey, extras.pastValue}, 3,
                           attributes);
  }

private:
  /// 0 where a key is seen and a low value elsewhere, from one number per key,
  /// or per query and key, or from the number of keys of each sample.
  Value addedMask(Value mask, Value batch, Value keys) {
    Value isSeen;
    if (knownRank(mask) == 1) {
      Type i64 = emitter.getBuilder().getI64Type();
      Value place =
          emitter.emit("Range", {emitter.scalar(0), asScalar(emitter, keys),
                                 emitter.scalar(1)});
      Value ones = emitter.vector({1, 1, 1});
      Value shape =
          emitter.emit("Concat", {batch, ones}, emitter.attr("axis", 0));
      Value lengths =
          emitter.emit("Reshape", {castTo(emitter, mask, i64), shape});
      isSeen = emitter.emit("Less", {place, lengths});
    } else {
      Value shape =
          emitter.emit("Concat", {batch, emitter.vector({1, -1}), keys},
                       emitter.attr("axis", 0));
      Value each = emitter.emit("Reshape", {mask, shape});
      Value zero = emitter.scalar(emitter.getBuilder().getI32Type(), 0);
      isSeen = emitter.emit("Greater", {each, zero});
    }
    double low = getFloat(form, "mask_filter_value", -10000);
    return emitter.emit(
        "Where", {isSeen, emitter.scalar(type, 0), emitter.scalar(type, low)});
  }

  NodeForm &form;
  OpEmitter &emitter;
  Type type;
};

/// Keys and values in one tensor, [2, batch, heads, length, size].
std::pair<Value, Value> takePast(OpEmitter &emitter, Value past) {
  if (!past)
    return {};
  SmallVector<Value> parts = splitEvenly(emitter, past, 0, 2);
  auto part = [&](Value half) {
    return emitter.emit("Squeeze", {half, emitter.vector(0)});
  };
  return {part(parts[0]), part(parts[1])};
}

Value joinPresent(OpEmitter &emitter, Value key, Value value) {
  auto half = [&](Value part) {
    return emitter.emit("Unsqueeze", {part, emitter.vector(0)});
  };
  return emitter.emit("Concat", {half(key), half(value)},
                      emitter.attr("axis", 0));
}

/// Of queries, keys and values that lie one behind the other.
LogicalResult attendTo(NodeForm &form, OpEmitter &emitter, Value all,
                       Value mask, Value bias, Value past) {
  if (form.getInt("do_rotary", 0) ||
      form.getInt("past_present_share_buffer", 0))
    return emitter.error()
           << "do_rotary and past_present_share_buffer are not supported";
  SmallVector<Value> parts;
  if (auto sizes = dyn_cast_or_null<DenseI64ArrayAttr>(
          form.attributes.get("qkv_hidden_sizes"))) {
    if (sizes.size() != 3)
      return emitter.error()
             << "expects 3 qkv_hidden_sizes, got " << sizes.size();
    parts = emitter.emitAll("Split", {all, emitter.vector(sizes.asArrayRef())},
                            3, emitter.attr("axis", -1));
  } else {
    parts = splitEvenly(emitter, all, -1, 3);
  }
  auto [pastKey, pastValue] = takePast(emitter, past);
  SmallVector<Value> results =
      AttentionEmitter(form, emitter, elementTypeOf(all))
          .run(parts[0], parts[1], parts[2], {mask, bias, pastKey, pastValue});
  form.results = {results[0]};
  if (form.wants(1))
    form.results.push_back(joinPresent(emitter, results[1], results[2]));
  return success();
}

/// With the products that make queries, keys and values.
LogicalResult expandAttention(NodeForm &form, OpEmitter &emitter) {
  Value all = emitter.emit("MatMul", {form.operand(0), form.operand(1)});
  if (Value bias = form.operand(2))
    all = emitter.emit("Add", {all, bias});
  return attendTo(form, emitter, all, form.operand(3), form.operand(5),
                  form.operand(4));
}

/// The same with products of integers.
LogicalResult expandQuantized(NodeForm &form, OpEmitter &emitter) {
  Value weightPoint = form.operand(7);
  Value all = scaledProduct(emitter,
                            {form.operand(0), form.operand(1),
                             asScalar(emitter, form.operand(6)), weightPoint},
                            asScalar(emitter, form.operand(3)), form.operand(4),
                            form.operand(2));
  return attendTo(form, emitter, all, form.operand(5), Value(),
                  form.operand(8));
}

/// Adds the parts of a bias that is one after the other for queries, keys and
/// values.
void addBias(OpEmitter &emitter, Value bias, SmallVectorImpl<Value> &qkv) {
  Value begin = emitter.vector(0);
  for (Value &part : qkv) {
    Value end = emitter.emit("Add", {begin, extentOf(emitter, part, -1)});
    Value own = emitter.emit("Slice", {bias, begin, end});
    part = emitter.emit("Add", {part, own});
    begin = end;
  }
}

/// [batch, heads, length, size] -> [batch, length, heads * size]
Value withoutHeads(OpEmitter &emitter, Value x) {
  Builder &builder = emitter.getBuilder();
  Value rows = emitter.emit(
      "Transpose", x,
      builder.getNamedAttr("perm", builder.getDenseI64ArrayAttr({0, 2, 1, 3})));
  return emitter.emit("Reshape", {rows, emitter.vector({0, 0, -1})});
}

LogicalResult expandMultiHead(NodeForm &form, OpEmitter &emitter) {
  if (form.operand(8) || form.operand(9))
    return emitter.error()
           << "past_sequence_length and cache_indirection are not supported";
  SmallVector<Value> qkv = {form.operand(0), form.operand(1), form.operand(2)};
  if (!qkv[1] || !qkv[2])
    return emitter.error() << "keys and values packed with others are not "
                              "supported, expects inputs 'key' and 'value'";
  // Keys and values of another sequence may have their heads already.
  for (Value *part : {&qkv[1], &qkv[2]})
    if (knownRank(*part) == 4)
      *part = withoutHeads(emitter, *part);
  for (Value part : qkv)
    if (std::optional<int64_t> rank = knownRank(part); rank && *rank != 3)
      return emitter.error() << "expects queries, keys and values of rank 3, "
                                "got rank "
                             << *rank;
  if (Value bias = form.operand(3))
    addBias(emitter, bias, qkv);
  form.results = AttentionEmitter(form, emitter, elementTypeOf(qkv[0]))
                     .run(qkv[0], qkv[1], qkv[2],
                          {form.operand(4), form.operand(5), form.operand(6),
                           form.operand(7)});
  return success();
}

/// ONNX has the positions behind the tables.
LogicalResult expandRotary(NodeForm &form, OpEmitter &emitter) {
  if (getFloat(form, "scale", 1) != 1 || form.getInt("is_packed_batching", 0))
    return emitter.error() << "scale and is_packed_batching are not supported";
  if (knownRank(form.operand(1)) == 1)
    return emitter.error() << "expects position_ids of rank 2, got rank 1";
  form.attributes.erase("scale");
  form.attributes.erase("is_packed_batching");
  std::rotate(form.operands.begin() + 1, form.operands.begin() + 2,
              form.operands.end());
  return success();
}

constexpr Contribution contributions[] = {
    {"Attention", expandAttention},
    {"MultiHeadAttention", expandMultiHead},
    {"QAttention", expandQuantized},
    {"RotaryEmbedding", expandRotary},
};

} // namespace

ArrayRef<Contribution> contributedAttentions() { return contributions; }

} // namespace dycc::import
