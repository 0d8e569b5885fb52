// GroupQueryAttention: new keys and values go into a cache that each sample
// has filled up to a length of its own, and queries see what is there by then.
// It is ONNX's Attention over the whole cache with a mask. What a cache had
// behind a sample's length is zero afterwards: no mask has to hide a NaN.
#include "compiler/import/contributed/Contributed.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

namespace dycc::import {
namespace {

enum Operand {
  Query,
  Key,
  Values,
  PastKey,
  PastValue,
  Lengths,
  Total,
  Cosines,
  Sines,
  Positions,
  Bias,
  Sink,
  KeyScale,
  ValueScale,
  QueryNorm,
  KeyNorm,
  QueryLengths
};

class GroupQueryEmitter {
public:
  GroupQueryEmitter(NodeForm &form, OpEmitter &emitter)
      : form(form), emitter(emitter), type(elementTypeOf(form.operand(Query))),
        i64(emitter.getBuilder().getI64Type()),
        heads(form.getInt("num_heads", 0)),
        groups(form.getInt("kv_num_heads", 0)) {}

  LogicalResult run() {
    if (failed(check()))
      return failure();
    takeApart();
    countTokens();
    rotate();
    Value keys = present(PastKey, k), values = present(PastValue, v);
    Value y = attended(toHeads(q, heads), keys, values);
    y = emitter.emit("Reshape", {transposed(y), emitter.vector({0, 0, -1})});
    form.results = {y, keys, values};
    return success();
  }

private:
  LogicalResult check() {
    for (StringRef name : {"sliding_window_cache", "qk_output"})
      if (form.getInt(name, 0))
        return emitter.error() << name << " is not supported";
    for (StringRef name : {"k_quant_type", "v_quant_type"})
      if (form.getString(name, "NONE") != "NONE")
        return emitter.error()
               << "quantized caches are not supported, got " << name << " \""
               << form.getString(name, "") << "\"";
    for (auto [operand, name] : {std::pair(KeyScale, "k_scale"),
                                 {ValueScale, "v_scale"},
                                 {QueryNorm, "q_norm_weight"},
                                 {KeyNorm, "k_norm_weight"},
                                 {QueryLengths, "query_seqlens"}})
      if (form.operand(operand))
        return emitter.error() << "input '" << name << "' is not supported";
    for (Operand past : {PastKey, PastValue})
      if (form.operand(past) && elementTypeOf(form.operand(past)) != type)
        return emitter.error()
               << "quantized caches are not supported, got elements of type "
               << elementTypeOf(form.operand(past));
    if (groups <= 0 || heads <= 0 || heads % groups)
      return emitter.error() << "expects num_heads that kv_num_heads divides, "
                                "got "
                             << heads << " and " << groups;
    return checkPairs();
  }

  /// Operands that are there together or not at all.
  LogicalResult checkPairs() {
    struct Pair {
      Operand a, b;
      StringLiteral names;
    };
    static constexpr Pair pairs[] = {
        {Key, Values, "'key' and 'value'"},
        {PastKey, PastValue, "'past_key' and 'past_value'"},
        {Cosines, Sines, "'cos_cache' and 'sin_cache'"}};
    for (const Pair &pair : pairs)
      if (!form.operand(pair.a) != !form.operand(pair.b))
        return emitter.error()
               << "expects inputs " << pair.names << " both or neither";
    if (form.getInt("do_rotary", 0) && !form.operand(Cosines))
      return emitter.error()
             << "expects inputs 'cos_cache' and 'sin_cache' with do_rotary";
    if (form.operand(Sink) && form.getInt("smooth_softmax", 0))
      return emitter.error()
             << "expects input 'head_sink' or smooth_softmax, got both";
    return success();
  }

  Value binary(StringRef op, Value a, Value b) {
    return emitter.emit(op, {a, b});
  }
  Value joined(ArrayRef<Value> parts) {
    return emitter.emit("Concat", parts, emitter.attr("axis", 0));
  }
  Value wide(Value x) { return castTo(emitter, x, i64); }
  Value reshaped(Value x, ArrayRef<int64_t> shape) {
    return emitter.emit("Reshape", {x, emitter.vector(shape)});
  }
  Value range(Value count) {
    return emitter.emit("Range", {emitter.scalar(0), asScalar(emitter, count),
                                  emitter.scalar(1)});
  }
  Value transposed(Value x) {
    Builder &builder = emitter.getBuilder();
    return emitter.emit(
        "Transpose", x,
        builder.getNamedAttr("perm",
                             builder.getDenseI64ArrayAttr({0, 2, 1, 3})));
  }
  /// [batch, length, heads * size] -> [batch, heads, length, size]
  Value toHeads(Value x, int64_t count) {
    return transposed(reshaped(x, {0, 0, count, -1}));
  }

  /// Queries, keys and values of three axes; packed, one head lies behind the
  /// other.
  void takeApart() {
    q = form.operand(Query);
    k = form.operand(Key);
    v = form.operand(Values);
    if (!k) {
      Value all = reshaped(q, {0, 0, heads + 2 * groups, -1});
      SmallVector<Value> parts = emitter.emitAll(
          "Split", {all, emitter.vector({heads, groups, groups})}, 3,
          emitter.attr("axis", 2));
      for (Value &part : parts)
        part = part ? reshaped(part, {0, 0, -1}) : Value();
      q = parts[0];
      k = parts[1];
      v = parts[2];
    }
    batch = extentOf(emitter, q, 0);
    length = extentOf(emitter, q, 1);
    size = binary("Div", extentOf(emitter, q, 2), emitter.vector(heads));
    for (Value *rows : {&k, &v})
      *rows = agreeing(*rows, {batch, length, emitter.vector(0)});
  }

  /// `x`, joined with nothing that has these extents but for the 0 among them:
  /// what else `x` has is expected to be the same, where other operators would
  /// repeat an extent of one.
  Value agreeing(Value x, ArrayRef<Value> extents) {
    Value zero = emitter.scalar(type, 0);
    Value none = emitter.emit("Expand", {zero, joined(extents)});
    return emitter.emit("Concat", {x, none}, emitter.attr("axis", 2));
  }

  /// Element `index` of 0, 1, ... below `end`: a number in that range or the
  /// node's error.
  Value within(Value index, Value end) {
    Value none = emitter.scalar(i64, double(int64_t(1) << 40));
    Value isNegative = binary("Less", index, emitter.scalar(0));
    index = emitter.emit("Where", {isNegative, none, index});
    return binary("Gather", range(end), index);
  }

  /// How many tokens each sample has by now, and had before.
  void countTokens() {
    Value before = form.operand(PastKey)
                       ? extentOf(emitter, form.operand(PastKey), 2)
                       : emitter.vector(0);
    longest = reshaped(wide(form.operand(Total)), 1);
    room = binary("Max", longest, before);
    Value each = joined({batch, emitter.vector({1, 1, 1})});
    Value last = binary("Reshape", wide(form.operand(Lengths)), each);
    total = binary("Add", within(last, longest), emitter.scalar(1));
    Value cached = binary("Sub", total, length);
    cached = binary("Max", cached, emitter.scalar(0));
    past = within(cached, binary("Add", before, emitter.vector(1)));
    // Of each query, [batch, 1, length, 1].
    Value step = emitter.emit("Unsqueeze", {range(length), emitter.vector(1)});
    position = binary("Add", past, step);
  }

  /// The place of each query in the tables, [batch, length].
  Value positions() {
    Value given = form.operand(Positions), shape = joined({batch, length});
    if (!given)
      return binary("Reshape", position, shape);
    // Of a first prompt the first one says where all begin.
    Value zero = emitter.vector({0, 0}), one = emitter.vector({1, 1});
    Value first = emitter.emit("Slice", {given, zero, one});
    Value isPrompt = binary("Equal", length, longest);
    Value places = emitter.emit(
        "Where", {isPrompt, binary("Add", first, range(length)), given});
    return binary("Reshape", places, shape);
  }

  void rotate() {
    if (!form.getInt("do_rotary", 0))
      return;
    Value places = positions();
    auto cosines = dyn_cast<RankedTensorType>(form.operand(Cosines).getType());
    bool isKnown =
        cosines && cosines.getRank() == 2 && !cosines.isDynamicDim(1);
    auto rotated = [&](Value x, int64_t count) {
      return emitter.emit(
          "RotaryEmbedding",
          {x, form.operand(Cosines), form.operand(Sines), places},
          {emitter.attr("num_heads", count),
           emitter.attr("interleaved", form.getInt("rotary_interleaved", 0)),
           emitter.attr("rotary_embedding_dim",
                        isKnown ? 2 * cosines.getDimSize(1) : 0)});
    };
    q = rotated(q, heads);
    k = rotated(k, groups);
  }

  /// The cache with what is new, [batch, groups, room, size].
  Value present(Operand pastOperand, Value fresh) {
    Value place = range(room);
    // [batch, room, 1]
    Value last = binary("Sub", asScalar(emitter, length), emitter.scalar(1));
    Value index = binary("Sub", place, reshaped(past, {0, 1, -1}));
    index = emitter.emit("Clip", {index, emitter.scalar(0), last});
    index = emitter.emit("Reshape",
                         {index, joined({batch, room, emitter.vector(1)})});
    Value rows =
        emitter.emit("GatherND", {fresh, index}, emitter.attr("batch_dims", 1));
    Value all = transposed(emitter.emit(
        "Reshape",
        {rows, joined({batch, room, emitter.vector(groups), size})}));
    place = emitter.emit("Unsqueeze", {place, emitter.vector(1)});
    // Padding behind a prompt's tokens, too.
    Value isThere = binary("Less", place, binary("Add", past, length));
    all = emitter.emit("Where", {isThere, all, emitter.scalar(type, 0)});
    Value cache = form.operand(pastOperand);
    if (!cache)
      return all;
    cache = agreeing(cache,
                     {batch, emitter.vector(groups), emitter.vector(0), size});
    Value more = binary("Sub", room, extentOf(emitter, cache, 2));
    Value pads =
        joined({emitter.vector({0, 0, 0, 0, 0, 0}), more, emitter.vector(0)});
    Value isOld = binary("Less", place, past);
    return emitter.emit("Where", {isOld, binary("Pad", cache, pads), all});
  }

  /// Which keys each query sees, [batch, 1, length, room].
  Value visible() {
    Value key = range(room);
    Value seen = binary("Less", key, total);
    if (!form.getInt("causal", 1))
      return seen;
    seen = binary("And", seen, binary("LessOrEqual", key, position));
    int64_t window = form.getInt("local_window_size", -1);
    if (window <= 0)
      return seen;
    Value first = binary("Sub", position, emitter.scalar(window));
    return binary("And", seen, binary("Greater", key, first));
  }

  /// What is added to the scores, in f32 or the type of the queries.
  Value addedMask(Type precise) {
    Value none =
        emitter.scalar(precise, -std::numeric_limits<double>::infinity());
    Value bias = emitter.scalar(precise, 0);
    if (Value given = form.operand(Bias)) {
      // It has as many keys as the longest sample; the cache may have more.
      Value more = binary("Sub", room, extentOf(emitter, given, 3));
      more = binary("Max", more, emitter.vector(0));
      Value pads = joined({emitter.vector({0, 0, 0, 0, 0, 0, 0}), more});
      bias = castTo(emitter, binary("Pad", given, pads), precise);
    }
    return emitter.emit("Where", {visible(), bias, none});
  }

  Value attended(Value queries, Value keys, Value values) {
    Type f32 = emitter.getBuilder().getF32Type();
    auto precise = [&](Value x) { return castTo(emitter, x, f32); };
    Value y = hasSink()
                  ? withSink(precise(queries), precise(keys), precise(values))
                  : plain(precise(queries), precise(keys), precise(values));
    return castTo(emitter, y, type);
  }

  std::optional<double> scale() {
    double given = getFloat(form, "scale", 0); // 0 means the default.
    return given != 0 ? std::optional(given) : std::nullopt;
  }

  Value plain(Value queries, Value keys, Value values) {
    SmallVector<NamedAttribute> attributes = {
        floatAttr(emitter, "softcap", getFloat(form, "softcap", 0))};
    if (auto given = scale())
      attributes.push_back(floatAttr(emitter, "scale", *given));
    return emitter.emit(
        "Attention",
        {queries, keys, values, addedMask(emitter.getBuilder().getF32Type())},
        attributes);
  }

  bool hasSink() {
    return form.operand(Sink) || form.getInt("smooth_softmax", 0);
  }

  /// With one more number in the sum of each row: of a key that has no value.
  Value withSink(Value queries, Value keys, Value values) {
    Type f32 = emitter.getBuilder().getF32Type();
    Value scores = scoresOf(emitter, queries,
                            likeQueries(emitter, keys, queries), scale());
    if (double cap = getFloat(form, "softcap", 0); cap != 0) {
      Value limit = emitter.scalar(f32, cap);
      Value part = emitter.emit("Tanh", binary("Div", scores, limit));
      scores = binary("Mul", part, limit);
    }
    scores = binary("Add", scores, addedMask(f32));
    Value sink = emitter.scalar(f32, 0);
    if (Value given = form.operand(Sink))
      sink = castTo(emitter, reshaped(given, {1, heads, 1, 1}), f32);
    Value most =
        binary("Max", binary("ReduceMax", scores, emitter.vector(-1)), sink);
    Value powers = emitter.emit("Exp", binary("Sub", scores, most));
    Value sum = binary("Add", binary("ReduceSum", powers, emitter.vector(-1)),
                       emitter.emit("Exp", binary("Sub", sink, most)));
    return binary("MatMul", binary("Div", powers, sum),
                  likeQueries(emitter, values, queries));
  }

  NodeForm &form;
  OpEmitter &emitter;
  Type type, i64;
  int64_t heads, groups;     ///< Of queries; of keys and values.
  Value q, k, v;             ///< [batch, length, heads * size]
  Value batch, length, size; ///< Extents of the queries.
  Value longest, room; ///< Tokens of the longest sample, and of the cache.
  /// Tokens of each sample, with the new ones and before them, and the number
  /// of each query among them; [batch, 1, 1, 1], and length in the third.
  Value total, past, position;
};

LogicalResult expandGroupQueries(NodeForm &form, OpEmitter &emitter) {
  return GroupQueryEmitter(form, emitter).run();
}

constexpr Contribution contributions[] = {
    {"GroupQueryAttention", expandGroupQueries},
};

} // namespace

ArrayRef<Contribution> contributedGroupQueries() { return contributions; }

} // namespace dycc::import
