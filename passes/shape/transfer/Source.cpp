// Operators that read shapes, and those whose shape is an operand's value.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxSource.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include <cmath>

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

/// The elements of a small constant as expressions.
static Exprs constantElements(Solver &solver, DenseElementsAttr value) {
  Exprs elements;
  Type type = value.getElementType();
  if (type.isF32()) {
    for (float element : value.getValues<float>())
      elements.push_back(ExprAttr::constantF32(solver.getContext(), element));
    return elements;
  }
  bool isUnsigned = type.isUnsignedInteger() || type.isInteger(1);
  for (const APInt &element : value.getValues<APInt>()) {
    // An unsigned element beyond int64_t is no extent.
    bool fits = !isUnsigned || element.getActiveBits() < 64;
    elements.push_back(fits ? solver.constant(isUnsigned
                                                  ? element.getZExtValue()
                                                  : element.getSExtValue())
                            : solver.unknown());
  }
  return elements;
}

static void transferConstant(onnx::ConstantOp op, Solver &solver) {
  if (solver.dims(op.getOutput()))
    return;
  Exprs dims;
  for (int64_t extent : op.getValue().getShapedType().getShape())
    dims.push_back(solver.constant(extent));
  solver.setDims(op.getOutput(), dims);
  auto value = dyn_cast<DenseElementsAttr>(op.getValue());
  if (value && value.getNumElements() <= kMaxElements &&
      hasSymbolicElements(value.getElementType()))
    solver.setElements(op.getOutput(), constantElements(solver, value));
}

static void transferShape(onnx::ShapeOp op, Solver &solver) {
  const Exprs *dims = solver.dims(op.getData());
  if (!dims)
    return;
  int64_t rank = dims->size();
  auto clip = [&](int64_t axis) {
    return std::clamp<int64_t>(axis < 0 ? axis + rank : axis, 0, rank);
  };
  int64_t start = clip(op.getStart());
  int64_t end = std::max(start, clip(op.getEnd().value_or(rank)));
  Exprs extents(dims->begin() + start, dims->begin() + end);
  solver.setDims(op.getShape(), {solver.constant(end - start)});
  solver.setElements(op.getShape(), extents);
}

static void transferSize(onnx::SizeOp op, Solver &solver) {
  solver.setDims(op.getSize(), {});
  if (const Exprs *dims = solver.dims(op.getData()))
    solver.setElements(op.getSize(), {productOf(solver, *dims)});
}

/// Repeats `value` for a result of constant extents that are small.
static void setSplat(Solver &solver, Value result, ExprAttr value) {
  std::optional<int64_t> count = smallCount(solver.dims(result));
  if (count && hasSymbolicElements(elementTypeOf(result)))
    solver.setElements(result, Exprs(*count, value));
}

static void transferConstantOfShape(onnx::ConstantOfShapeOp op,
                                    Solver &solver) {
  const Exprs *shape = solver.steering(op, op.getInput(), kExtentRange);
  if (!shape)
    return;
  Exprs dims;
  for (ExprAttr extent : Exprs(*shape))
    dims.push_back(solver.extent(op, extent));
  solver.setDims(op.getOutput(), dims);
  ExprAttr element = ExprAttr::constantF32(solver.getContext(), 0.0f);
  if (auto value = dyn_cast_or_null<DenseElementsAttr>(op.getValueAttr())) {
    if (!hasSymbolicElements(value.getElementType()))
      return;
    element = constantElements(solver, value).front();
  }
  setSplat(solver, op.getOutput(), element);
}

static void transferEyeLike(onnx::EyeLikeOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getInput());
  if (x && x->size() != 2)
    return solver.fail(op, "expects a matrix, got rank " + Twine(x->size()));
  transferCopy(op, solver);
}

/// A constant of one float, in double; nothing for any other value.
static std::optional<double> constantFloat(Value value) {
  auto constant = value.getDefiningOp<onnx::ConstantOp>();
  auto elements = constant ? dyn_cast<DenseFPElementsAttr>(constant.getValue())
                           : DenseFPElementsAttr();
  if (!elements || elements.getNumElements() != 1)
    return std::nullopt;
  return (*elements.begin()).convertToDouble();
}

/// A range of floats that are not followed as expressions: of constants.
static void transferFloatRange(onnx::RangeOp op, Solver &solver) {
  auto start = constantFloat(op.getStart()),
       limit = constantFloat(op.getLimit()),
       delta = constantFloat(op.getDelta());
  if (!start || !limit || !delta)
    return solver.fail(
        op, "expects constants for a range of " +
                Twine(elementTypeOf(op.getStart()).getIntOrFloatBitWidth()) +
                "-bit floats");
  double count = std::ceil((*limit - *start) / *delta);
  if (!(count <= double(kExtentRange.upper)))
    return solver.fail(op, "expects a range that ends");
  solver.setDims(op.getOutput(),
                 {solver.constant(int64_t(std::max(count, 0.0)))});
}

/// ceil((last - first) / step). In f32 it is NaN or infinite for a step of 0,
/// and beyond an extent for a small one.
static ExprAttr countSteps(onnx::RangeOp op, Solver &solver, ExprAttr first,
                           ExprAttr last, ExprAttr step) {
  if (!first.isF32()) {
    ExprAttr isZero = ExprAttr::get(ExprKind::Eq, {step, solver.constant(0)});
    solver.expect(op, ExprAttr::get(ExprKind::Not, {isZero}),
                  "expects a delta that is not 0", {});
    return ExprAttr::ceilDiv(ExprAttr::sub(last, first), step);
  }
  ExprAttr span = ExprAttr::get(ExprKind::F32Sub, {last, first});
  ExprAttr steps = ExprAttr::get(ExprKind::F32Div, {span, step});
  ExprAttr count =
      solver.truncate(op, ExprAttr::get(ExprKind::F32Ceil, {steps}));
  if (count.getKind() != ExprKind::F32ToInt)
    return count;
  ExprAttr most =
      ExprAttr::constantF32(solver.getContext(), float(kExtentRange.upper));
  solver.expect(op, ExprAttr::get(ExprKind::Lt, {steps, most}),
                "expects a range that ends", {});
  return count;
}

/// The extent max(ceil((limit - start) / delta), 0), and the elements where the
/// extent is a small constant.
static void transferRange(onnx::RangeOp op, Solver &solver) {
  if (!hasSymbolicElements(elementTypeOf(op.getStart())))
    return transferFloatRange(op, solver);
  const Exprs *start = solver.steering(op, op.getStart());
  const Exprs *limit = solver.steering(op, op.getLimit());
  const Exprs *delta = solver.steering(op, op.getDelta());
  if (!start || !limit || !delta || start->empty() || limit->empty() ||
      delta->empty())
    return;
  ExprAttr first = start->front(), last = limit->front(), step = delta->front();
  ExprAttr count = countSteps(op, solver, first, last, step);
  count = solver.simplify(ExprAttr::max(count, solver.constant(0)));
  solver.setDims(op.getOutput(), {count});
  if (first.isF32() || !count.isConstant() || count.getValue() > kMaxElements)
    return;
  Exprs elements;
  for (int64_t index = 0; index != count.getValue(); ++index)
    elements.push_back(ExprAttr::add(first, step.times(index)));
  solver.setElements(op.getOutput(), elements);
}

template <typename OpT>
static void transferRandom(OpT op, Solver &solver) {
  Exprs dims;
  for (int64_t extent : op.getShape())
    dims.push_back(solver.constant(extent));
  solver.setDims(op.getOutput(), dims);
}

static void transferMultinomial(onnx::MultinomialOp op, Solver &solver) {
  const Exprs *dims = solver.dims(op.getInput());
  if (dims && !dims->empty())
    solver.setDims(op.getOutput(),
                   {(*dims)[0], solver.constant(op.getSampleSize())});
}

void shape::attachSource(MLIRContext *context) {
  attachRules<transferConstant, transferNothing, onnx::ConstantOp>(context);
  attachRules<transferShape, transferNothing, onnx::ShapeOp>(context);
  attachRules<transferSize, transferNothing, onnx::SizeOp>(context);
  attachRules<transferConstantOfShape, transferNothing,
              onnx::ConstantOfShapeOp>(context);
  attachRules<transferEyeLike, transferCopyBack, onnx::EyeLikeOp>(context);
  attachRules<transferRange, transferNothing, onnx::RangeOp>(context);
  attachRules<transferRandom<onnx::RandomNormalOp>, transferNothing,
              onnx::RandomNormalOp>(context);
  attachRules<transferRandom<onnx::RandomUniformOp>, transferNothing,
              onnx::RandomUniformOp>(context);
  attachRules<transferMultinomial, transferNothing, onnx::MultinomialOp>(
      context);
}
