#include "codegen/halide/SymbolicExpr.h"

#include "codegen/halide/Float.h"
#include "codegen/halide/Integer.h"
#include "codegen/halide/KernelError.h"
#include "llvm/ADT/SmallVector.h"

using namespace Halide::Internal;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;
using Halide::cast;
using Halide::Expr;
using Halide::select;

namespace dycc::halide {
namespace {

Expr saturate(int64_t value) {
  return Expr(static_cast<int32_t>(
      std::clamp<int64_t>(value, INT32_MIN, INT32_MAX)));
}

/// Combines operands of an associative kind.
template <typename Combine>
Expr fold(llvm::ArrayRef<Expr> operands, Combine combine) {
  Expr result = operands.front();
  for (const Expr &operand : operands.drop_front())
    result = combine(result, operand);
  return result;
}

Expr condition(Expr e) { return e != 0; }
Expr number(Expr e) { return cast<int32_t>(e); }

Expr integerNode(ExprKind kind, llvm::ArrayRef<Expr> o) {
  switch (kind) {
  case ExprKind::Add:
    return fold(o, [](Expr a, Expr b) { return a + b; });
  case ExprKind::Mul:
    return fold(o, [](Expr a, Expr b) { return a * b; });
  case ExprKind::FloorDiv:
    return o[0] / o[1];
  case ExprKind::CeilDiv:
    return (o[0] + (o[1] - 1)) / o[1];
  case ExprKind::TruncDiv:
    return truncDiv(o[0], o[1]);
  case ExprKind::Mod:
    return floorMod(o[0], o[1]);
  case ExprKind::TruncMod:
    return truncMod(o[0], o[1]);
  case ExprKind::Min:
    return fold(o, [](Expr a, Expr b) { return Halide::min(a, b); });
  case ExprKind::Max:
    return fold(o, [](Expr a, Expr b) { return Halide::max(a, b); });
  case ExprKind::Ite:
    return select(condition(o[0]), o[1], o[2]);
  case ExprKind::Eq:
    return number(o[0] == o[1]);
  case ExprKind::Lt:
    return number(o[0] < o[1]);
  case ExprKind::Le:
    return number(o[0] <= o[1]);
  case ExprKind::Not:
    return number(o[0] == 0);
  case ExprKind::And:
    return fold(o, [](Expr a, Expr b) {
      return number(condition(a) && condition(b));
    });
  case ExprKind::Or:
    return fold(o, [](Expr a, Expr b) {
      return number(condition(a) || condition(b));
    });
  default:
    return Expr();
  }
}

Expr floatNode(ExprKind kind, llvm::ArrayRef<Expr> o) {
  switch (kind) {
  case ExprKind::IntToF32:
    return cast<float>(o[0]);
  case ExprKind::F32Add:
    return strict(o[0] + o[1]);
  case ExprKind::F32Sub:
    return strict(o[0] - o[1]);
  case ExprKind::F32Mul:
    return strict(o[0] * o[1]);
  case ExprKind::F32Div:
    return strict(o[0] / o[1]);
  case ExprKind::F32Floor:
    return Halide::floor(o[0]);
  case ExprKind::F32Ceil:
    return Halide::ceil(o[0]);
  case ExprKind::F32Round:
    return math::roundEven(o[0]);
  case ExprKind::F32Sqrt:
    return Halide::sqrt(o[0]);
  case ExprKind::F32Min:
    return minNaN(o[0], o[1]);
  case ExprKind::F32Max:
    return maxNaN(o[0], o[1]);
  case ExprKind::F32ToInt:
    return toInteger(o[0], Halide::Int(32));
  default:
    return Expr();
  }
}

} // namespace

Expr toHalide(ExprAttr expr, SymbolValue symbol) {
  switch (expr.getKind()) {
  case ExprKind::Constant:
    return saturate(expr.getValue());
  case ExprKind::F32Constant:
    return Expr(expr.getFloat());
  case ExprKind::Symbol:
    return symbol(expr.getSymbol());
  case ExprKind::Unknown:
    throw KernelError("expects known extents in a kernel, got '?'");
  default:
    break;
  }
  llvm::SmallVector<Expr> operands;
  for (ExprAttr operand : expr.getOperands())
    operands.push_back(toHalide(operand, symbol));
  Expr result = integerNode(expr.getKind(), operands);
  return result.defined() ? result : floatNode(expr.getKind(), operands);
}

static ExprAttr fromBinary(ExprKind kind, const Expr &a, const Expr &b,
                           mlir::MLIRContext *context) {
  ExprAttr left = fromHalide(a, context), right = fromHalide(b, context);
  return left && right ? ExprAttr::get(kind, {left, right}) : ExprAttr();
}

ExprAttr fromHalide(const Expr &expr, mlir::MLIRContext *context) {
  if (std::optional<int64_t> value = as_const_int(expr))
    return ExprAttr::constant(context, *value);
  if (std::optional<uint64_t> value = as_const_uint(expr))
    return ExprAttr::constant(context, static_cast<int64_t>(*value));
  if (const auto *v = expr.as<Variable>())
    return v->param.defined() ? ExprAttr::symbol(context, v->name) : ExprAttr();
  if (const auto *c = expr.as<Cast>())
    return fromHalide(c->value, context);
  if (const auto *b = expr.as<Add>())
    return fromBinary(ExprKind::Add, b->a, b->b, context);
  if (const auto *b = expr.as<Sub>()) {
    ExprAttr left = fromHalide(b->a, context), right = fromHalide(b->b, context);
    return left && right ? ExprAttr::sub(left, right) : ExprAttr();
  }
  if (const auto *b = expr.as<Mul>())
    return fromBinary(ExprKind::Mul, b->a, b->b, context);
  if (const auto *b = expr.as<Div>())
    return fromBinary(ExprKind::FloorDiv, b->a, b->b, context);
  if (const auto *b = expr.as<Mod>())
    return fromBinary(ExprKind::Mod, b->a, b->b, context);
  if (const auto *b = expr.as<Min>())
    return fromBinary(ExprKind::Min, b->a, b->b, context);
  if (const auto *b = expr.as<Max>())
    return fromBinary(ExprKind::Max, b->a, b->b, context);
  return ExprAttr();
}

} // namespace dycc::halide
