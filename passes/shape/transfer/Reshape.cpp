// Operators that give the same elements, or copies of them, other extents.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxLayout.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

static int64_t sameIndex(int64_t index) { return index; }

/// Products of two lists of extents without the factors that they share: those
/// need not be multiplied, nor be above 0, to be compared.
static std::pair<ExprAttr, ExprAttr> cancel(Solver &solver, Exprs a, Exprs b) {
  for (size_t index = 0; index < a.size();) {
    auto *found = llvm::find(b, a[index]);
    if (found == b.end() || a[index].isConstant(0)) {
      ++index;
      continue;
    }
    b.erase(found);
    a.erase(a.begin() + index);
  }
  return {productOf(solver, a), productOf(solver, b)};
}

/// The extents that the shape operand says. Where one may be -1 while the model
/// runs, and is not a constant, 0 may be there too and copies.
static std::optional<Exprs> readShape(onnx::ReshapeOp op, Solver &solver,
                                      const Exprs &shape, const Exprs *data) {
  ExprAttr zero = solver.constant(0);
  Exprs dims(shape);
  for (auto [axis, extent] : llvm::enumerate(dims)) {
    bool canCopy = !op.getAllowzero() && (!data || axis < data->size());
    ExprAttr copied = data && canCopy ? (*data)[axis] : solver.unknown();
    if (extent.isConstant(0) && !op.getAllowzero()) {
      if (!canCopy) {
        solver.fail(op, "expects no 0 in its shape beyond the rank " +
                            Twine(data->size()) + ", got one at " +
                            Twine(axis));
        return std::nullopt;
      }
      extent = copied;
    } else if (canCopy && !extent.isConstant() &&
               solver.range(extent).lower < 0) {
      extent = ExprAttr::ite(ExprAttr::get(ExprKind::Eq, {extent, zero}),
                             copied, extent);
    }
  }
  return dims;
}

/// Replaces what is negative, or may be, by what is left of the elements. Each
/// is right where it is the only one; more constants than one are refused.
static bool inferExtents(onnx::ReshapeOp op, Solver &solver, const Exprs &data,
                         const Exprs &shape, Exprs &dims) {
  ExprAttr zero = solver.constant(0);
  Exprs given(dims);
  unsigned numConstant = 0;
  for (auto [axis, extent] : llvm::enumerate(dims)) {
    if (shape[axis].isUnknown() || solver.range(shape[axis]).lower >= 0)
      continue;
    numConstant += extent.isConstant();
    if (numConstant > 1) {
      solver.fail(op, "expects at most one -1 in its shape");
      return false;
    }
    Exprs others(given);
    others.erase(others.begin() + axis);
    auto [elements, rest] = cancel(solver, data, others);
    ExprAttr isOpen = ExprAttr::get(ExprKind::Lt, {shape[axis], zero});
    extent = solver.simplify(
        ExprAttr::ite(isOpen, ExprAttr::floorDiv(elements, rest), extent));
  }
  return true;
}

static void transferReshape(onnx::ReshapeOp op, Solver &solver) {
  const Exprs *shape = solver.steering(op, op.getShape(), {-1, 2147483647});
  const Exprs *data = solver.dims(op.getData());
  if (!shape)
    return;
  std::optional<Exprs> dims = readShape(op, solver, *shape, data);
  if (!dims)
    return;
  if (data) {
    if (!inferExtents(op, solver, *data, *shape, *dims))
      return;
    auto [before, after] = cancel(solver, *data, *dims);
    solver.unify(op, before, after, "as many elements as before");
  }
  solver.setDims(op.getReshaped(), *dims);
  mapElements(solver, op.getData(), op.getReshaped(), sameIndex);
}

static void transferFlatten(onnx::FlattenOp op, Solver &solver) {
  const Exprs *dims = solver.dims(op.getInput());
  if (!dims)
    return;
  int64_t rank = dims->size(), axis = op.getAxis();
  axis += axis < 0 ? rank : 0;
  if (axis < 0 || axis > rank)
    return solver.fail(op, "expects an axis in [" + Twine(-rank) + ", " +
                               Twine(rank) + "], got " + Twine(op.getAxis()));
  ArrayRef<ExprAttr> all(*dims);
  solver.setDims(op.getOutput(), {productOf(solver, all.take_front(axis)),
                                  productOf(solver, all.drop_front(axis))});
  mapElements(solver, op.getInput(), op.getOutput(), sameIndex);
}

/// 1, 0 or the condition under which `dim` is 1.
static ExprAttr isUnit(Solver &solver, ExprAttr dim) {
  ExprAttr one = solver.constant(1);
  if (solver.isEqual(dim, one))
    return one;
  return solver.isNotEqual(dim, one) ? solver.constant(0)
                                     : ExprAttr::get(ExprKind::Eq, {dim, one});
}

/// Without axes every extent has to be 1 or not, whatever the input is.
static std::optional<SmallVector<int64_t>>
unitAxes(onnx::SqueezeOp op, Solver &solver, const Exprs &dims) {
  SmallVector<int64_t> axes;
  for (auto [axis, dim] : llvm::enumerate(dims)) {
    RankChoice place(op, axis);
    ExprAttr predicate = isUnit(solver, dim);
    std::optional<bool> goes = solver.choose(place, predicate);
    if (!goes) {
      solver.addConflict(place, predicate,
                         "expects axes, or extents that are known to be 1 or "
                         "not, got '" +
                             dim.str() + "' at axis " + Twine(axis));
      return std::nullopt;
    }
    if (*goes)
      axes.push_back(axis);
  }
  return axes;
}

/// Squeeze of axes that only execution knows.
static void squeezeFlagged(onnx::SqueezeOp op, Solver &solver,
                           const Exprs &dims, const Exprs &axes) {
  Exprs flags = axisFlags(op, solver, axes, dims.size());
  for (auto [dim, flag] : llvm::zip_equal(dims, flags))
    solver.unify(op, ExprAttr::ite(flag, dim, solver.constant(1)),
                 solver.constant(1), "an extent of 1 to squeeze");
  solver.setDims(
      op.getSqueezed(),
      unflaggedDims(solver, dims, flags, int64_t(dims.size() - axes.size())));
  mapElements(solver, op.getData(), op.getSqueezed(), sameIndex);
}

static void transferSqueeze(onnx::SqueezeOp op, Solver &solver) {
  const Exprs *given =
      op.getAxes() ? solver.steering(op, op.getAxes()) : nullptr;
  const Exprs *dims = solver.dims(op.getData());
  if (!dims || (op.getAxes() && !given))
    return;
  if (given && !areConstants(*given) && given->size() <= dims->size())
    return squeezeFlagged(op, solver, Exprs(*dims), Exprs(*given));
  auto axes = op.getAxes()
                  ? constantAxes(op, solver, op.getAxes(), dims->size())
                  : unitAxes(op, solver, *dims);
  if (!axes)
    return;
  Exprs kept;
  for (auto [axis, dim] : llvm::enumerate(Exprs(*dims)))
    if (llvm::is_contained(*axes, int64_t(axis)))
      solver.unify(op, dim, solver.constant(1), "an extent of 1 to squeeze");
    else
      kept.push_back(dim);
  solver.setDims(op.getSqueezed(), kept);
  mapElements(solver, op.getData(), op.getSqueezed(), sameIndex);
}

/// Unsqueeze at axes that only execution knows: the extents before an axis say
/// which one is its own.
static void unsqueezeFlagged(onnx::UnsqueezeOp op, Solver &solver,
                             const Exprs &dims, const Exprs &axes) {
  Exprs flags = axisFlags(op, solver, axes, dims.size() + axes.size());
  Exprs result;
  ExprAttr used = solver.constant(0);
  for (ExprAttr flag : flags) {
    ExprAttr extent = solver.constant(1);
    for (auto [number, dim] : llvm::enumerate(dims))
      extent = ExprAttr::ite(
          ExprAttr::get(ExprKind::Eq, {used, solver.constant(number)}), dim,
          extent);
    result.push_back(
        solver.simplify(ExprAttr::ite(flag, solver.constant(1), extent)));
    used = ExprAttr::add(used, ExprAttr::get(ExprKind::Not, {flag}));
  }
  solver.setDims(op.getExpanded(), result);
  mapElements(solver, op.getData(), op.getExpanded(), sameIndex);
}

static void transferUnsqueeze(onnx::UnsqueezeOp op, Solver &solver) {
  const Exprs *count = solver.steering(op, op.getAxes());
  const Exprs *dims = solver.dims(op.getData());
  if (!dims || !count)
    return;
  if (!areConstants(*count))
    return unsqueezeFlagged(op, solver, Exprs(*dims), Exprs(*count));
  int64_t rank = dims->size() + count->size();
  auto axes = constantAxes(op, solver, op.getAxes(), rank);
  if (!axes)
    return;
  Exprs result;
  auto next = dims->begin();
  for (int64_t axis = 0; axis != rank; ++axis) {
    bool isNew = llvm::is_contained(*axes, axis);
    if (!isNew && next == dims->end())
      return solver.fail(op, "expects axes that differ, got one twice");
    result.push_back(isNew ? solver.constant(1) : *next++);
  }
  solver.setDims(op.getExpanded(), result);
  mapElements(solver, op.getData(), op.getExpanded(), sameIndex);
}

static void transferExpand(onnx::ExpandOp op, Solver &solver) {
  const Exprs *shape = solver.steering(op, op.getShape(), kExtentRange);
  const Exprs *dims = solver.dims(op.getInput());
  if (!shape || !dims)
    return;
  Exprs extents;
  for (ExprAttr extent : Exprs(*shape))
    extents.push_back(solver.extent(op, extent));
  solver.setDims(op.getOutput(), solver.broadcast(op, *dims, extents));
  auto from = constantDims(dims);
  auto to = constantDims(solver.dims(op.getOutput()));
  if (from && to)
    mapElements(solver, op.getInput(), op.getOutput(), [&](int64_t index) {
      return broadcastIndex(index, *to, *from);
    });
}

static void transferTile(onnx::TileOp op, Solver &solver) {
  const Exprs *repeats = solver.steering(op, op.getRepeats(), kExtentRange);
  const Exprs *dims = solver.dims(op.getInput());
  if (!repeats || !dims)
    return;
  if (repeats->size() != dims->size())
    return solver.fail(op, "expects " + Twine(dims->size()) +
                               " repeats, one per axis, got " +
                               Twine(repeats->size()));
  Exprs result;
  for (auto [dim, count] : llvm::zip_equal(*dims, *repeats))
    result.push_back(ExprAttr::mul(dim, count));
  size_t rank = dims->size();
  std::optional<int64_t> count = smallCount(dims);
  solver.setDims(op.getOutput(), result);
  if (rank == 1 && count && *count > 0)
    mapElements(solver, op.getInput(), op.getOutput(),
                [&](int64_t index) { return index % *count; });
}

void shape::attachReshape(MLIRContext *context) {
  attachRules<transferReshape, transferNothing, onnx::ReshapeOp>(context);
  attachRules<transferFlatten, transferNothing, onnx::FlattenOp>(context);
  attachRules<transferSqueeze, transferNothing, onnx::SqueezeOp>(context);
  attachRules<transferUnsqueeze, transferNothing, onnx::UnsqueezeOp>(context);
  attachRules<transferExpand, transferNothing, onnx::ExpandOp>(context);
  attachRules<transferTile, transferNothing, onnx::TileOp>(context);
}
