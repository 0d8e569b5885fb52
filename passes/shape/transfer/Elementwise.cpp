// Operators of two and more operands that broadcast. Their values are followed
// too: shape arithmetic is made of them.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxActivation.h"
#include "dialects/onnx/OnnxNary.h"
#include "dialects/onnx/OnnxText.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

/// `integer` on integers, `f32` on floats.
static ExprAttr apply(ExprKind integer, ExprKind f32, ExprAttr a, ExprAttr b) {
  return ExprAttr::get(a.isF32() ? f32 : integer, {a, b});
}

static ExprAttr subtract(ExprAttr a, ExprAttr b) {
  return a.isF32() ? ExprAttr::get(ExprKind::F32Sub, {a, b})
                   : ExprAttr::sub(a, b);
}

static ExprAttr negation(ExprAttr a) {
  return ExprAttr::get(ExprKind::Not, {a});
}

static ExprAttr compare(ExprKind kind, ExprAttr a, ExprAttr b) {
  return ExprAttr::get(kind, {a, b});
}

/// Small powers as products; others are not followed.
static ExprAttr power(ExprAttr base, ExprAttr exponent) {
  ExprAttr unknown = ExprAttr::unknown(base.getContext());
  std::optional<int64_t> count = exponent.asConstant();
  if (exponent.getKind() == ExprKind::F32Constant)
    count =
        exponent.getFloat() == 2.0f ? std::optional<int64_t>(2) : std::nullopt;
  if (!count || *count < 1 || *count > 4)
    return unknown;
  ExprAttr result = base;
  for (int64_t i = 1; i < *count; ++i)
    result = apply(ExprKind::Mul, ExprKind::F32Mul, result, base);
  return result;
}

static ExprAttr modulo(onnx::ModOp op, ExprAttr a, ExprAttr b) {
  if (a.isF32())
    return ExprAttr::unknown(op.getContext());
  return compare(op.getFmod() ? ExprKind::TruncMod : ExprKind::Mod, a, b);
}

/// The operator on a pair of elements, or Unknown.
static ExprAttr combine(Operation *op, ExprAttr a, ExprAttr b) {
  using K = ExprKind;
  return llvm::TypeSwitch<Operation *, ExprAttr>(op)
      .Case<onnx::AddOp, onnx::SumOp>(
          [&](auto) { return apply(K::Add, K::F32Add, a, b); })
      .Case([&](onnx::SubOp) { return subtract(a, b); })
      .Case([&](onnx::MulOp) { return apply(K::Mul, K::F32Mul, a, b); })
      .Case([&](onnx::DivOp) { return apply(K::TruncDiv, K::F32Div, a, b); })
      .Case([&](onnx::MaxOp) { return apply(K::Max, K::F32Max, a, b); })
      .Case([&](onnx::MinOp) { return apply(K::Min, K::F32Min, a, b); })
      .Case([&](onnx::ModOp mod) { return modulo(mod, a, b); })
      .Case([&](onnx::PowOp) { return power(a, b); })
      .Case([&](onnx::EqualOp) { return compare(K::Eq, a, b); })
      .Case([&](onnx::LessOp) { return compare(K::Lt, a, b); })
      .Case([&](onnx::LessOrEqualOp) { return compare(K::Le, a, b); })
      .Case([&](onnx::GreaterOp) { return compare(K::Lt, b, a); })
      .Case([&](onnx::GreaterOrEqualOp) { return compare(K::Le, b, a); })
      .Case([&](onnx::AndOp) { return compare(K::And, a, b); })
      .Case([&](onnx::OrOp) { return compare(K::Or, a, b); })
      .Case([&](onnx::XorOp) { return negation(compare(K::Eq, a, b)); })
      .Default([&](Operation *other) {
        return ExprAttr::unknown(other->getContext());
      });
}

/// The operator on one element of each operand.
static ExprAttr combineAll(Operation *op, ArrayRef<ExprAttr> operands) {
  if (isa<onnx::WhereOp>(op))
    return ExprAttr::ite(operands[0], operands[1], operands[2]);
  ExprAttr result = operands.front();
  for (ExprAttr operand : operands.drop_front()) {
    if (result.isUnknown() || operand.isUnknown())
      return ExprAttr::unknown(op->getContext());
    result = combine(op, result, operand);
  }
  return result;
}

static void combineElements(Operation *op, Solver &solver,
                            const Exprs &resultDims) {
  Type type = elementTypeOf(op->getResult(0));
  auto extents = constantDims(&resultDims);
  if (!hasSymbolicElements(type) || !extents)
    return;
  std::optional<int64_t> count = smallCount(&resultDims);
  if (!count)
    return;
  SmallVector<SmallVector<int64_t>> shapes;
  for (Value operand : op->getOperands()) {
    auto shape = constantDims(solver.dims(operand));
    if (!shape || !solver.elements(operand))
      return;
    shapes.push_back(*shape);
  }
  Exprs result;
  for (int64_t index = 0; index != *count; ++index) {
    Exprs operands;
    for (auto [operand, shape] : llvm::zip_equal(op->getOperands(), shapes)) {
      const Exprs &elements = *solver.elements(operand);
      int64_t from = broadcastIndex(index, *extents, shape);
      if (from < 0 || from >= int64_t(elements.size()))
        return; // Of a model that is wrong, as in mapElements.
      operands.push_back(elements[from]);
    }
    result.push_back(fitType(solver, combineAll(op, operands), type));
  }
  solver.setElements(op->getResult(0), result);
}

static void transferBroadcast(Operation *op, Solver &solver) {
  std::optional<Exprs> result;
  for (Value operand : op->getOperands()) {
    const Exprs *dims = solver.dims(operand);
    if (!dims)
      return;
    result = result ? solver.broadcast(op, *result, *dims) : *dims;
  }
  if (!result)
    return;
  solver.setDims(op->getResult(0), *result);
  combineElements(op, solver, *result);
}

/// The slope broadcasts to X, whose shape is the result's.
static void transferPRelu(onnx::PReluOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getX()), *slope = solver.dims(op.getSlope());
  if (!x || !slope)
    return transferCopy(op, solver);
  if (slope->size() > x->size())
    return solver.fail(op, "expects a slope of rank " + Twine(x->size()) +
                               " at most, got " + Twine(slope->size()));
  solver.setDims(op.getY(), *x);
  Exprs joined = solver.broadcast(op, *x, *slope);
  for (auto [dim, extent] : llvm::zip_equal(*x, joined))
    solver.unify(op, dim, extent, "a slope that broadcasts to the input");
}

void shape::attachElementwise(MLIRContext *context) {
  attachRules<transferBroadcast, transferNothing, onnx::AddOp, onnx::AndOp,
              onnx::BitShiftOp, onnx::BitwiseAndOp, onnx::BitwiseOrOp,
              onnx::BitwiseXorOp, onnx::DivOp, onnx::EqualOp, onnx::GreaterOp,
              onnx::GreaterOrEqualOp, onnx::LessOp, onnx::LessOrEqualOp,
              onnx::MaxOp, onnx::MeanOp, onnx::MinOp, onnx::ModOp, onnx::MulOp,
              onnx::OrOp, onnx::PowOp, onnx::SubOp, onnx::SumOp, onnx::SwiGLUOp,
              onnx::WhereOp, onnx::XorOp, onnx::StringConcatOp>(context);
  attachRules<transferPRelu, transferNothing, onnx::PReluOp>(context);
}
