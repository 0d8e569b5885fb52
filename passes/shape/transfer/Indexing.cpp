// Operators that pick elements by indices, and those whose number of results
// is known once they have run.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxIndexing.h"
#include "dialects/onnx/OnnxUnary.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

/// Of data [d, ...] along axis 0 by constant indices.
static void gatherElements(onnx::GatherOp op, Solver &solver,
                           const Exprs &data) {
  const Exprs *elements = solver.elements(op.getData());
  const Exprs *indices = solver.elements(op.getIndices());
  std::optional<int64_t> extent = data.front().asConstant();
  if (!elements || !indices || !extent || *extent <= 0)
    return;
  int64_t slice = elements->size() / *extent;
  Exprs result;
  for (ExprAttr index : *indices) {
    std::optional<int64_t> position = index.asConstant();
    if (position && *position < 0)
      *position += *extent;
    bool isKnown = position && *position >= 0 && *position < *extent;
    for (int64_t i = 0; i != slice; ++i)
      result.push_back(isKnown ? (*elements)[*position * slice + i]
                               : solver.unknown());
  }
  solver.setElements(op.getOutput(), result);
}

static void transferGather(onnx::GatherOp op, Solver &solver) {
  const Exprs *data = solver.dims(op.getData());
  const Exprs *indices = solver.dims(op.getIndices());
  if (!data || !indices)
    return;
  auto axis = normalizeAxis(op, solver, op.getAxis(), data->size());
  if (!axis)
    return;
  Exprs dims(data->begin(), data->begin() + *axis);
  dims.append(indices->begin(), indices->end());
  dims.append(data->begin() + *axis + 1, data->end());
  solver.setDims(op.getOutput(), dims);
  if (*axis == 0)
    gatherElements(op, solver, *data);
}

static void transferGatherElements(onnx::GatherElementsOp op, Solver &solver) {
  if (const Exprs *indices = solver.dims(op.getIndices()))
    solver.setDims(op.getOutput(), *indices);
}

/// indices [..., k] pick slices of data below its first batch + k axes.
static void transferGatherND(onnx::GatherNDOp op, Solver &solver) {
  const Exprs *data = solver.dims(op.getData());
  const Exprs *indices = solver.dims(op.getIndices());
  if (!data || !indices || indices->empty())
    return;
  std::optional<int64_t> depth = indices->back().asConstant();
  int64_t rank = std::min(data->size(), indices->size() - 1);
  if (op.getBatchDims() > rank)
    return solver.fail(op, "expects batch_dims in [0, " + Twine(rank) +
                               "], got " + Twine(op.getBatchDims()));
  int64_t used = op.getBatchDims() + depth.value_or(0);
  if (!depth || used > int64_t(data->size()))
    return solver.fail(op, "expects indices with a constant last extent of at "
                           "most " +
                               Twine(data->size() - op.getBatchDims()) +
                               ", got '" + indices->back().str() + "'");
  Exprs dims(indices->begin(), indices->end() - 1);
  for (int64_t axis = 0; axis != op.getBatchDims(); ++axis)
    dims[axis] =
        solver.unify(op, (*data)[axis], dims[axis], "equal batch extents");
  dims.append(data->begin() + used, data->end());
  solver.setDims(op.getOutput(), dims);
}

/// One count of result `axis`, at most `bound`.
static void setCount(Solver &solver, Value result, Exprs dims, unsigned axis,
                     ExprAttr bound) {
  dims[axis] = solver.defineDim(result, axis, bound);
  solver.setDims(result, dims);
}

/// What a mask says that `value` is made of, without negations and casts.
static std::pair<Value, bool> maskOf(Value value) {
  bool isInverted = false;
  while (Operation *op = value.getDefiningOp()) {
    bool isNot = isa<onnx::NotOp>(op);
    bool keepsZeros = isa<onnx::IdentityOp>(op) ||
                      (isa<onnx::CastOp>(op) &&
                       elementTypeOf(op->getOperand(0)).isInteger(1) &&
                       elementTypeOf(op->getResult(0)).isIntOrFloat());
    if (!isNot && !keepsZeros)
      break;
    isInverted ^= isNot;
    value = op->getOperand(0);
  }
  return {value, isInverted};
}

static void transferNonZero(onnx::NonZeroOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getX());
  if (!x)
    return;
  ExprAttr bound = productOf(solver, *x);
  ExprAttr rank = solver.constant(x->size());
  setCount(solver, op.getY(), {rank, rank}, 1, bound);
  auto [mask, isInverted] = maskOf(op.getX());
  solver.relateCounts(mask, isInverted, solver.definedDim(op.getY(), 1), bound);
}

static void transferCompress(onnx::CompressOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getInput());
  if (!x)
    return;
  if (!op.getAxis())
    return setCount(solver, op.getOutput(), {solver.unknown()}, 0,
                    productOf(solver, *x));
  Exprs dims(*x);
  if (auto axis = normalizeAxis(op, solver, *op.getAxis(), dims.size()))
    setCount(solver, op.getOutput(), dims, *axis, dims[*axis]);
}

static void transferUnique(onnx::UniqueOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getX());
  if (!x)
    return;
  Exprs dims = {productOf(solver, *x)};
  int64_t axis = 0;
  if (op.getAxis()) {
    auto given = normalizeAxis(op, solver, *op.getAxis(), x->size());
    if (!given)
      return;
    dims = *x;
    axis = *given;
  }
  ExprAttr all = dims[axis];
  setCount(solver, op.getY(), dims, axis, all);
  ExprAttr count = (*solver.dims(op.getY()))[axis];
  if (op.getIndices())
    solver.setDims(op.getIndices(), {count});
  if (op.getInverseIndices())
    solver.setDims(op.getInverseIndices(), {all});
  if (op.getCounts())
    solver.setDims(op.getCounts(), {count});
}

/// At most batches * classes * min(max_output_boxes_per_class, boxes).
static void transferNonMaxSuppression(onnx::NonMaxSuppressionOp op,
                                      Solver &solver) {
  const Exprs *boxes = solver.dims(op.getBoxes());
  const Exprs *scores = solver.dims(op.getScores());
  if (!boxes || !scores)
    return;
  if (boxes->size() != 3 || scores->size() != 3)
    return solver.fail(op, "expects boxes and scores of rank 3, got " +
                               Twine(boxes->size()) + " and " +
                               Twine(scores->size()));
  ExprAttr most = solver.constant(0);
  if (Value limit = op.getMaxOutputBoxesPerClass()) {
    ExprAttr value = firstElement(solver, limit);
    most = value.isUnknown() ? (*boxes)[1] : ExprAttr::min(value, (*boxes)[1]);
  }
  ExprAttr bound =
      ExprAttr::mul(ExprAttr::mul((*scores)[0], (*scores)[1]), most);
  setCount(solver, op.getSelectedIndices(),
           {solver.unknown(), solver.constant(3)}, 0, bound);
}

static void transferTopK(onnx::TopKOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getX());
  const Exprs *k = solver.steering(op, op.getK(), kExtentRange);
  if (!x || !k || k->empty())
    return;
  Exprs dims(*x);
  auto axis = normalizeAxis(op, solver, op.getAxis(), dims.size());
  if (!axis)
    return;
  ExprAttr count = k->front();
  solver.expect(op, ExprAttr::get(ExprKind::Le, {count, dims[*axis]}),
                "expects no more elements than there are, got %d of %d",
                {count, dims[*axis]});
  dims[*axis] = solver.extent(op, count);
  for (Value result : op->getResults())
    solver.setDims(result, dims);
}

static void transferOneHot(onnx::OneHotOp op, Solver &solver) {
  if (const Exprs *values = solver.dims(op.getValues())) {
    if (values->size() != 1)
      return solver.fail(op, "expects values of rank 1, got " +
                                 Twine(values->size()));
    solver.unify(op, ExprAttr(values->front()), solver.constant(2),
                 "two values");
  }
  const Exprs *indices = solver.dims(op.getIndices());
  const Exprs *depth = solver.steering(op, op.getDepth(), kExtentRange);
  if (!indices || !depth || depth->empty())
    return;
  Exprs dims(*indices);
  auto axis = normalizeAxis(op, solver, op.getAxis(), dims.size() + 1);
  if (!axis)
    return;
  dims.insert(dims.begin() + *axis, solver.extent(op, depth->front()));
  solver.setDims(op.getOutput(), dims);
}

/// Indices and updates have one shape, of the data's rank.
static void transferScatterElements(Operation *op, Solver &solver) {
  transferCopy(op, solver);
  const Exprs *indices = solver.dims(op->getOperand(1));
  const Exprs *updates = solver.dims(op->getOperand(2));
  if (!indices || !updates)
    return;
  if (indices->size() != updates->size())
    return solver.fail(op, "expects indices and updates of one rank, got " +
                               Twine(indices->size()) + " and " +
                               Twine(updates->size()));
  for (auto [a, b] : llvm::zip_equal(Exprs(*indices), Exprs(*updates)))
    solver.unify(op, a, b, "updates that agree with the indices");
}

/// indices [i..., k] and updates [i..., data below axis k...]: the ranks say k.
static void transferScatterND(onnx::ScatterNDOp op, Solver &solver) {
  transferCopy(op, solver);
  const Exprs *data = solver.dims(op.getData());
  const Exprs *indices = solver.dims(op.getIndices());
  const Exprs *updates = solver.dims(op.getUpdates());
  if (!data || !indices || !updates || indices->empty())
    return;
  int64_t outer = indices->size() - 1, rank = data->size();
  int64_t depth = outer + rank - int64_t(updates->size());
  if (depth < 0 || depth > rank)
    return solver.fail(op, "expects updates of a rank in [" + Twine(outer) +
                               ", " + Twine(outer + rank) + "], got " +
                               Twine(updates->size()));
  solver.unify(op, indices->back(), solver.constant(depth),
               "index tuples of the length that the ranks ask for");
  Exprs expected(indices->begin(), indices->end() - 1);
  expected.append(data->begin() + depth, data->end());
  for (auto [a, b] : llvm::zip_equal(expected, Exprs(*updates)))
    solver.unify(op, a, b, "updates that agree with the indices");
}

void shape::attachIndexing(MLIRContext *context) {
  attachRules<transferGather, transferNothing, onnx::GatherOp>(context);
  attachRules<transferGatherElements, transferNothing, onnx::GatherElementsOp>(
      context);
  attachRules<transferGatherND, transferNothing, onnx::GatherNDOp>(context);
  attachRules<transferNonZero, transferNothing, onnx::NonZeroOp>(context);
  attachRules<transferCompress, transferNothing, onnx::CompressOp>(context);
  attachRules<transferUnique, transferNothing, onnx::UniqueOp>(context);
  attachRules<transferNonMaxSuppression, transferNothing,
              onnx::NonMaxSuppressionOp>(context);
  attachRules<transferTopK, transferNothing, onnx::TopKOp>(context);
  attachRules<transferOneHot, transferNothing, onnx::OneHotOp>(context);
  attachRules<transferScatterElements, transferCopyBack,
              onnx::ScatterElementsOp, onnx::ScatterOp>(context);
  attachRules<transferScatterND, transferCopyBack, onnx::ScatterNDOp>(context);
  attachRules<transferCopy, transferCopyBack, onnx::TensorScatterOp>(context);
}
