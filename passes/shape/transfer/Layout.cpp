// Operators that move whole axes or join tensors.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxLayout.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

/// Along axis 0 the elements follow each other. An operand whose elements are
/// not followed leaves a gap of Unknown.
static void concatElements(onnx::ConcatOp op, Solver &solver) {
  Exprs joined;
  for (Value input : op.getInputs()) {
    std::optional<int64_t> count = smallCount(solver.dims(input));
    if (!count)
      return;
    if (const Exprs *elements = solver.elements(input))
      joined.append(elements->begin(), elements->end());
    else
      joined.append(*count, solver.unknown());
  }
  if (hasSymbolicElements(elementTypeOf(op.getConcatResult())))
    solver.setElements(op.getConcatResult(), joined);
}

static void transferConcat(onnx::ConcatOp op, Solver &solver) {
  std::optional<Exprs> result;
  std::optional<int64_t> axis;
  for (Value input : op.getInputs()) {
    const Exprs *dims = solver.dims(input);
    if (!dims)
      return;
    if (!result) {
      result = *dims;
      axis = normalizeAxis(op, solver, op.getAxis(), dims->size());
      if (!axis)
        return;
      continue;
    }
    if (dims->size() != result->size())
      return solver.fail(op, "expects operands of one rank, got " +
                                 Twine(result->size()) + " and " +
                                 Twine(dims->size()));
    Exprs other(*dims);
    for (auto [index, dim] : llvm::enumerate(other)) {
      ExprAttr &joined = (*result)[index];
      joined =
          int64_t(index) == *axis
              ? ExprAttr::add(joined, dim)
              : solver.unify(op, joined, dim, "equal extents off the axis");
    }
  }
  if (!result)
    return;
  solver.setDims(op.getConcatResult(), *result);
  if (*axis == 0)
    concatElements(op, solver);
}

/// The permutation, by default the reversal.
static SmallVector<int64_t> permutationOf(onnx::TransposeOp op, int64_t rank) {
  if (std::optional<ArrayRef<int64_t>> perm = op.getPerm())
    return SmallVector<int64_t>(*perm);
  SmallVector<int64_t> reversed;
  for (int64_t axis = rank; axis-- > 0;)
    reversed.push_back(axis);
  return reversed;
}

/// Where element `index` of the transposed tensor lies in the operand.
static int64_t transposedIndex(int64_t index, ArrayRef<int64_t> perm,
                               ArrayRef<int64_t> extents) {
  SmallVector<int64_t> strides(extents.size(), 1);
  for (size_t axis = extents.size(); axis-- > 1;)
    strides[axis - 1] = strides[axis] * extents[axis];
  int64_t source = 0;
  for (size_t axis = perm.size(); axis-- > 0;) {
    source += index % extents[perm[axis]] * strides[perm[axis]];
    index /= extents[perm[axis]];
  }
  return source;
}

static void transferTranspose(onnx::TransposeOp op, Solver &solver) {
  const Exprs *dims = solver.dims(op.getData());
  if (!dims)
    return;
  SmallVector<int64_t> perm = permutationOf(op, dims->size());
  SmallVector<bool> seen(dims->size(), false);
  Exprs result;
  for (int64_t axis : perm) {
    if (axis < 0 || axis >= int64_t(dims->size()) || seen[axis])
      break;
    seen[axis] = true;
    result.push_back((*dims)[axis]);
  }
  if (result.size() != dims->size() || perm.size() != dims->size())
    return solver.fail(op, "expects a permutation of the " +
                               Twine(dims->size()) + " axes");
  auto extents = constantDims(dims);
  solver.setDims(op.getTransposed(), result);
  if (extents)
    mapElements(solver, op.getData(), op.getTransposed(), [&](int64_t index) {
      return transposedIndex(index, perm, *extents);
    });
}

static void transferTransposeBack(onnx::TransposeOp op, Solver &solver) {
  const Exprs *result = solver.dims(op.getTransposed());
  if (!result)
    return;
  SmallVector<int64_t> perm = permutationOf(op, result->size());
  Exprs dims(result->size(), solver.unknown());
  for (auto [axis, dim] : llvm::zip(perm, *result))
    dims[axis] = dim;
  solver.fillDims(op.getData(), dims);
}

/// `extent / divisor`, expected to leave no remainder.
static ExprAttr divide(Operation *op, Solver &solver, ExprAttr extent,
                       int64_t divisor) {
  ExprAttr by = solver.constant(divisor);
  ExprAttr quotient = solver.simplify(ExprAttr::floorDiv(extent, by));
  if (!quotient.isUnknown())
    solver.expect(
        op, ExprAttr::get(ExprKind::Eq, {extent, quotient.times(divisor)}),
        "expects an extent that " + Twine(divisor) + " divides, got %d",
        {extent});
  return quotient;
}

static const Exprs *imageDims(Operation *op, Solver &solver) {
  const Exprs *dims = solver.dims(op->getOperand(0));
  if (!dims || dims->size() == 4)
    return dims;
  solver.fail(op,
              "expects an input of rank 4, got rank " + Twine(dims->size()));
  return nullptr;
}

static void transferDepthToSpace(onnx::DepthToSpaceOp op, Solver &solver) {
  int64_t block = op.getBlocksize();
  const Exprs *known = imageDims(op, solver);
  if (!known)
    return;
  Exprs dims(*known);
  dims[1] = divide(op, solver, dims[1], block * block);
  dims[2] = dims[2].times(block);
  dims[3] = dims[3].times(block);
  solver.setDims(op.getOutput(), dims);
}

static void transferSpaceToDepth(onnx::SpaceToDepthOp op, Solver &solver) {
  int64_t block = op.getBlocksize();
  const Exprs *known = imageDims(op, solver);
  if (!known)
    return;
  Exprs dims(*known);
  dims[1] = dims[1].times(block * block);
  dims[2] = divide(op, solver, dims[2], block);
  dims[3] = divide(op, solver, dims[3], block);
  solver.setDims(op.getOutput(), dims);
}

static void transferCenterCropPad(onnx::CenterCropPadOp op, Solver &solver) {
  const Exprs *dims = solver.dims(op.getInputData());
  const Exprs *shape = solver.steering(op, op.getShape(), kExtentRange);
  if (!dims || !shape)
    return;
  size_t count = op.getAxes() ? op.getAxes()->size() : dims->size();
  if (shape->size() != count)
    return solver.fail(op, "expects a shape of " + Twine(count) +
                               " extents, one per axis, got " +
                               Twine(shape->size()));
  Exprs result(*dims);
  for (auto [index, extent] : llvm::enumerate(Exprs(*shape))) {
    auto axis = normalizeAxis(
        op, solver, op.getAxes() ? (*op.getAxes())[index] : int64_t(index),
        result.size());
    if (!axis)
      return;
    result[*axis] = extent;
  }
  solver.setDims(op.getOutputData(), result);
}

void shape::attachLayout(MLIRContext *context) {
  attachRules<transferConcat, transferNothing, onnx::ConcatOp>(context);
  attachRules<transferTranspose, transferTransposeBack, onnx::TransposeOp>(
      context);
  attachRules<transferDepthToSpace, transferNothing, onnx::DepthToSpaceOp>(
      context);
  attachRules<transferSpaceToDepth, transferNothing, onnx::SpaceToDepthOp>(
      context);
  attachRules<transferCenterCropPad, transferNothing, onnx::CenterCropPadOp>(
      context);
}
