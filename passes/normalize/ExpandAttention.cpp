// Attention as two products around a softmax. Positions are counted where a
// mask needs them only, so that plain attention stays a few ops.
#include "passes/normalize/Expansions.h"

#include <limits>

using namespace mlir;

namespace dycc {
namespace {

class AttentionExpander {
public:
  AttentionExpander(OnnxBuilder &b, onnx::AttentionOp op)
      : b(b), op(op), type(atLeastF32(elementTypeOf(op.getQ()))),
        boolean(b.getBuilder().getI1Type()), i64(b.getBuilder().getI64Type()) {}

  Value run() {
    q = toHeads(op.getQ(), op.getQNumHeads());
    k = withPast(toHeads(op.getK(), op.getKvNumHeads()), op.getPastKey(),
                 op.getPresentKey());
    v = withPast(toHeads(op.getV(), op.getKvNumHeads()), op.getPastValue(),
                 op.getPresentValue());
    q = b.cast(q, type);
    Value keys = b.cast(likeQueries(k), type), values = likeQueries(v);
    Value factor = b.create("Sqrt", scale());
    Value product = b.create(
        "MatMul", {b.create("Mul", {q, factor}),
                   b.create("Mul", {b.transpose(keys, {0, 1, 3, 2}), factor})});
    Value scores = product;
    if (double cap = op.getSoftcap().convertToDouble(); cap != 0) {
      Value limit = b.scalar(type, cap);
      Value part = b.create("Tanh", {b.create("Div", {scores, limit})});
      scores = b.create("Mul", {part, limit});
    }
    Value capped = scores;
    Value allowed = allowedKeys(), bias = floatMask();
    if (bias)
      scores = b.create("Add", {scores, bias});
    if (allowed)
      scores = b.create("Where", {allowed, scores, lowest()}, type);
    Value weights = softmax(scores);
    if (allowed || bias)
      weights = withoutEmptyRows(scores, weights);
    Value stages[] = {product, capped, scores, weights};
    if (Value asked = op.getQkMatmulOutput())
      b.replace(asked, b.cast(stages[op.getQkMatmulOutputMode()],
                              elementTypeOf(op.getQ())));
    Type result = elementTypeOf(v), wide = atLeastF32(result);
    Value y = b.create("MatMul", {b.cast(weights, wide), b.cast(values, wide)});
    return fromHeads(b.cast(y, result));
  }

private:
  /// [batch, length, heads * size] -> [batch, heads, length, size]. With four
  /// axes it is so already, and there is no number of heads.
  Value toHeads(Value x, std::optional<uint64_t> heads) {
    if (!heads)
      return x;
    Value parts = b.create(
        "Reshape", {x, b.ints({0, 0, static_cast<int64_t>(*heads), -1})});
    return b.transpose(parts, {0, 2, 1, 3});
  }

  Value fromHeads(Value y) {
    if (!op.getQNumHeads())
      return y;
    return b.create("Reshape",
                    {b.transpose(y, {0, 2, 1, 3}), b.ints({0, 0, -1})});
  }

  /// What came before, followed by `x`; that is the cache's next state.
  Value withPast(Value x, Value past, Value present) {
    if (past)
      x = b.concat({past, x}, 2);
    if (present)
      b.replace(present, x);
    return x;
  }

  /// Each head of keys or values as often as there are heads of queries for it.
  Value likeQueries(Value x) {
    if (op.getQNumHeads() && op.getQNumHeads() == op.getKvNumHeads())
      return x;
    Value heads = b.extent(x, 1), queryHeads = b.extent(q, 1);
    Value group = b.create("Div", {queryHeads, heads});
    Value batch = b.extent(x, 0),
          rest = b.create("Shape", x, i64, b.attr("start", 2));
    Value each = b.create("Expand", {b.unsqueeze(x, 2),
                                     b.concat({batch, heads, group, rest}, 0)});
    return b.create("Reshape", {each, b.concat({batch, queryHeads, rest}, 0)},
                    b.attr("allowzero", 1));
  }

  Value scale() {
    if (auto given = op.getScale())
      return b.scalar(type, given->convertToDouble());
    Value size = b.cast(b.squeeze(b.extent(q, 3), 0), type);
    return b.create("Div", {b.scalar(type, 1), b.create("Sqrt", size)});
  }

  Value lowest() {
    return b.scalar(type, -std::numeric_limits<double>::infinity());
  }

  /// The mask that is added to the scores, or null. Its type is its own.
  Value floatMask() {
    Value mask = op.getAttnMask();
    if (!mask || elementTypeOf(mask) == boolean)
      return {};
    return asWideAsKeys(b.cast(mask, type), lowest());
  }

  /// A mask for fewer keys than there are excludes the rest.
  Value asWideAsKeys(Value mask, Value excluded) {
    if (rankOf(op.getAttnMask()) == 0)
      return mask; // One number for all.
    Value given = b.create("Shape", mask, i64, b.attr("start", -1));
    Value none = b.ints(SmallVector<int64_t>{0});
    // One that is longer stays so, and fits no scores.
    Value missing =
        b.create("Max", {b.create("Sub", {b.extent(k, 2), given}), none});
    return b.create("Pad",
                    {mask, b.concat({none, missing}, 0), excluded, b.ints(-1)});
  }

  /// 0, 1, ... below the extent of `axis` of `x`.
  Value positions(Value x, int64_t axis) {
    Value end = b.squeeze(b.extent(x, axis), 0);
    return b.create("Range", {b.scalar(i64, 0), end, b.scalar(i64, 1)});
  }

  /// Keys of each sample that are no padding, [batch, 1, 1, 1].
  Value keyCount() {
    return b.create("Reshape", {op.getNonpadKvSeqlen(), b.ints({-1, 1, 1, 1})});
  }

  /// The position among the keys that each query stands at.
  Value queryPositions() {
    Value position = b.unsqueeze(positions(q, 2), 1);
    if (op.getPastKey())
      return b.create("Add", {position, b.extent(op.getPastKey(), 2)});
    if (!op.getNonpadKvSeqlen())
      return position;
    Value before = b.create("Sub", {keyCount(), b.extent(q, 2)});
    return b.create("Add", {position, before});
  }

  Value both(Value a, Value c) {
    return a ? b.create("And", {a, c}, boolean) : c;
  }

  /// Which keys each query may see, or null where it may see all.
  Value allowedKeys() {
    Value allowed, mask = op.getAttnMask();
    if (mask && elementTypeOf(mask) == boolean)
      allowed = asWideAsKeys(mask, b.scalar(boolean, 0));
    int64_t left = op.getLeftWindowSize(), right = op.getRightWindowSize();
    bool isBounded = op.getIsCausal() || left >= 0 || right >= 0;
    if (!isBounded && !op.getNonpadKvSeqlen())
      return allowed;
    Value key = positions(k, 2);
    if (op.getNonpadKvSeqlen())
      allowed = both(allowed, b.create("Less", {key, keyCount()}, boolean));
    if (!isBounded)
      return allowed;
    Value query = queryPositions();
    auto moved = [&](int64_t by) {
      return b.create("Add", {query, b.scalar(i64, by)});
    };
    if (op.getIsCausal())
      allowed = both(allowed, b.create("LessOrEqual", {key, query}, boolean));
    if (right >= 0)
      allowed =
          both(allowed, b.create("LessOrEqual", {key, moved(right)}, boolean));
    if (left >= 0)
      allowed = both(allowed,
                     b.create("GreaterOrEqual", {key, moved(-left)}, boolean));
    return allowed;
  }

  Value softmax(Value scores) {
    Type precise = type;
    if (auto code = op.getSoftmaxPrecision())
      precise = typeOf(*code);
    Value weights = b.create("Softmax", b.cast(scores, precise), precise,
                             b.attr("axis", -1));
    return b.cast(weights, type);
  }

  Type typeOf(int64_t code) {
    Builder &builder = b.getBuilder();
    return code == 1    ? Type(builder.getF32Type())
           : code == 10 ? Type(builder.getF16Type())
           : code == 11 ? Type(builder.getF64Type())
           : code == 16 ? Type(builder.getBF16Type())
                        : type;
  }

  /// Zero instead of NaN where a query may see no key.
  Value withoutEmptyRows(Value scores, Value weights) {
    Value largest = b.create("ReduceMax", {scores, b.ints(-1)});
    Value isEmpty = b.create("Equal", {largest, lowest()}, boolean);
    return b.create("Where", {isEmpty, b.scalar(type, 0), weights}, type);
  }

  OnnxBuilder &b;
  onnx::AttentionOp op;
  Type type, boolean, i64;
  Value q, k, v; ///< [batch, heads, length, size]; keys and values with past.
};

} // namespace

Value expand(OnnxBuilder &b, onnx::AttentionOp op) {
  // Which of four stages the last result shows.
  if (int64_t mode = op.getQkMatmulOutputMode(); mode < 0 || mode > 3)
    return {};
  return AttentionExpander(b, op).run();
}

} // namespace dycc
