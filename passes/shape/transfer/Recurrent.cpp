// Recurrent networks and attention.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxLinear.h"
#include "dialects/onnx/OnnxRecurrent.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

/// X [length, batch, input], W [directions, gates * hidden, input] and
/// R [directions, gates * hidden, hidden]. Layout 1 has the batch first.
template <typename OpT>
static void transferRecurrent(OpT op, Solver &solver) {
  const Exprs *x = solver.dims(op.getX()), *w = solver.dims(op.getW()),
              *r = solver.dims(op.getR());
  if (!x || !w || !r)
    return;
  if (x->size() != 3 || w->size() != 3 || r->size() != 3)
    return solver.fail(op, "expects X, W and R of rank 3, got " +
                               Twine(x->size()) + ", " + Twine(w->size()) +
                               " and " + Twine(r->size()));
  bool batchFirst = op.getLayout() != 0;
  ExprAttr length = (*x)[batchFirst], batch = (*x)[!batchFirst];
  ExprAttr directions = (*w)[0], hidden = (*r)[2];
  solver.unify(op, (*x)[2], (*w)[2], "inputs that agree with the weight's");
  Exprs state = {directions, batch, hidden};
  Exprs all = {length, directions, batch, hidden};
  if (batchFirst) {
    state = {batch, directions, hidden};
    all = {batch, length, directions, hidden};
  }
  if (Value initial = op.getInitialH())
    if (const Exprs *dims = solver.dims(initial); dims && dims->size() == 3)
      for (auto [known, given] : llvm::zip_equal(state, Exprs(*dims)))
        known = solver.unify(op, known, given,
                             "an initial state that agrees with the input");
  if (op.getY())
    solver.setDims(op.getY(), all);
  if (op.getYH())
    solver.setDims(op.getYH(), state);
  if constexpr (std::is_same_v<OpT, onnx::LSTMOp>)
    if (op.getYC())
      solver.setDims(op.getYC(), state);
}

/// The heads of an operand: axis 1 of rank 4, else by the attribute.
struct Heads {
  ExprAttr count, size, length;
};

static std::optional<Heads> headsOf(Solver &solver, const Exprs &dims,
                                    std::optional<int64_t> count) {
  if (dims.size() == 4)
    return Heads{dims[1], dims[3], dims[2]};
  if (dims.size() != 3 || !count || *count <= 0)
    return std::nullopt;
  ExprAttr heads = solver.constant(*count);
  return Heads{heads, ExprAttr::floorDiv(dims[2], heads), dims[1]};
}

/// Q [b, heads, lq, size], K and V alike with lk; rank 3 joins heads and size.
static void transferAttention(onnx::AttentionOp op, Solver &solver) {
  const Exprs *q = solver.dims(op.getQ()), *k = solver.dims(op.getK()),
              *v = solver.dims(op.getV());
  if (!q || !k || !v)
    return;
  auto query = headsOf(solver, *q, op.getQNumHeads());
  auto key = headsOf(solver, *k, op.getKvNumHeads());
  auto value = headsOf(solver, *v, op.getKvNumHeads());
  if (!query || !key || !value)
    return solver.fail(op, "expects Q, K and V of rank 4, or of rank 3 with "
                           "numbers of heads");
  ExprAttr batch = solver.unify(op, (*q)[0], (*k)[0], "equal batch extents");
  ExprAttr total = key->length;
  if (const Exprs *past = solver.dims(op.getPastKey());
      past && past->size() == 4)
    total = ExprAttr::add(total, (*past)[2]);
  if (q->size() == 4)
    solver.setDims(op.getY(),
                   {batch, query->count, query->length, value->size});
  else
    solver.setDims(op.getY(), {batch, query->length,
                               ExprAttr::mul(query->count, value->size)});
  if (op.getPresentKey())
    solver.setDims(op.getPresentKey(), {batch, key->count, total, key->size});
  if (op.getPresentValue())
    solver.setDims(op.getPresentValue(),
                   {batch, value->count, total, value->size});
  if (op.getQkMatmulOutput())
    solver.setDims(op.getQkMatmulOutput(),
                   {batch, query->count, query->length, total});
}

/// Values of each head of the queries; a state of keys by values.
static void transferLinearAttention(onnx::LinearAttentionOp op,
                                    Solver &solver) {
  const Exprs *q = solver.dims(op.getQuery()), *v = solver.dims(op.getValue());
  if (!q || !v || q->size() != 3 || v->size() != 3 ||
      op.getQNumHeadsAttr().getInt() <= 0 ||
      op.getKvNumHeadsAttr().getInt() <= 0)
    return;
  ExprAttr queries = solver.constant(op.getQNumHeadsAttr().getInt()),
           keys = solver.constant(op.getKvNumHeadsAttr().getInt());
  ExprAttr size = ExprAttr::floorDiv((*v)[2], keys);
  solver.setDims(op.getOutput(),
                 {(*q)[0], (*q)[1], ExprAttr::mul(queries, size)});
  solver.setDims(op.getPresentState(),
                 {(*q)[0], keys, ExprAttr::floorDiv((*q)[2], queries), size});
}

/// Channels by themselves; the state is what the last window has seen but for
/// one place.
static void transferCausalConv(onnx::CausalConvWithStateOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getInput()),
              *weight = solver.dims(op.getWeight());
  if (!x || !weight || x->size() != 3 || weight->size() != 3)
    return;
  solver.setDims(op.getOutput(), *x);
  solver.setDims(
      op.getPresentState(),
      {(*x)[0], (*x)[1], ExprAttr::sub((*weight)[2], solver.constant(1))});
}

void shape::attachRecurrent(MLIRContext *context) {
  attachRules<transferRecurrent<onnx::LSTMOp>, transferNothing, onnx::LSTMOp>(
      context);
  attachRules<transferRecurrent<onnx::GRUOp>, transferNothing, onnx::GRUOp>(
      context);
  attachRules<transferRecurrent<onnx::RNNOp>, transferNothing, onnx::RNNOp>(
      context);
  attachRules<transferAttention, transferNothing, onnx::AttentionOp>(context);
  attachRules<transferLinearAttention, transferNothing,
              onnx::LinearAttentionOp>(context);
  attachRules<transferCausalConv, transferNothing, onnx::CausalConvWithStateOp>(
      context);
  attachRules<transferCopy, transferCopyBack, onnx::RotaryEmbeddingOp>(context);
}
