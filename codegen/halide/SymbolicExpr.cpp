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

/// Symmetric: Halide folds the negative of a constant, and of INT32_MIN there
/// is none.
Expr saturate(int64_t value) {
  return Expr(
      static_cast<int32_t>(std::clamp<int64_t>(value, -INT32_MAX, INT32_MAX)));
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
    return fold(
        o, [](Expr a, Expr b) { return number(condition(a) && condition(b)); });
  case ExprKind::Or:
    return fold(
        o, [](Expr a, Expr b) { return number(condition(a) || condition(b)); });
  default:
    return Expr();
  }
}

Expr floatNode(ExprKind kind, llvm::ArrayRef<Expr> o) {
  switch (kind) {
  case ExprKind::IntToF32:
    return cast<float>(o[0]);
  case ExprKind::F32FromBits:
    return Halide::reinterpret<float>(o[0]);
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
  case ExprKind::F32ToBits:
    return Halide::reinterpret<int32_t>(o[0]);
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

namespace {

/// Translates code over the kernel's symbols back into an expression.
class ExprReader {
public:
  explicit ExprReader(mlir::MLIRContext *context) : context(context) {}

  /// Null where `e` holds something else.
  ExprAttr read(const Expr &e) {
    if (std::optional<int64_t> value = as_const_int(e))
      return ExprAttr::constant(context, *value);
    if (std::optional<uint64_t> value = as_const_uint(e))
      return ExprAttr::constant(context, static_cast<int64_t>(*value));
    if (const auto *v = e.as<Variable>())
      return v->param.defined() ? ExprAttr::symbol(context, v->name)
                                : ExprAttr();
    if (const auto *c = e.as<Cast>())
      return read(c->value);
    if (const auto *n = e.as<Not>())
      return combine(ExprKind::Not, {n->a});
    if (const auto *s = e.as<Select>())
      return combine(ExprKind::Ite,
                     {s->condition, s->true_value, s->false_value});
    // What Halide's bounds make of a value that only one side computes.
    if (const auto *c = Call::as_intrinsic(e, {Call::if_then_else}))
      return c->args.size() == 3 ? combine(ExprKind::Ite, c->args) : ExprAttr();
    return readBinary(e);
  }

private:
  template <typename Node>
  bool match(const Expr &e, ExprKind kind, ExprAttr &result) {
    const auto *node = e.as<Node>();
    if (node)
      result = combine(kind, {node->a, node->b});
    return node != nullptr;
  }

  ExprAttr readBinary(const Expr &e) {
    if (const auto *s = e.as<Sub>())
      return read(s->a + s->b * -1);
    if (const auto *g = e.as<GT>())
      return combine(ExprKind::Lt, {g->b, g->a});
    if (const auto *g = e.as<GE>())
      return combine(ExprKind::Le, {g->b, g->a});
    if (const auto *n = e.as<NE>())
      return read(!(n->a == n->b));
    ExprAttr result;
    match<Add>(e, ExprKind::Add, result) ||
        match<Mul>(e, ExprKind::Mul, result) ||
        match<Div>(e, ExprKind::FloorDiv, result) ||
        match<Mod>(e, ExprKind::Mod, result) ||
        match<Min>(e, ExprKind::Min, result) ||
        match<Max>(e, ExprKind::Max, result) ||
        match<EQ>(e, ExprKind::Eq, result) ||
        match<LT>(e, ExprKind::Lt, result) ||
        match<LE>(e, ExprKind::Le, result) ||
        match<And>(e, ExprKind::And, result) ||
        match<Or>(e, ExprKind::Or, result);
    return result;
  }

  ExprAttr combine(ExprKind kind, llvm::ArrayRef<Expr> operands) {
    llvm::SmallVector<ExprAttr> read;
    for (const Expr &operand : operands) {
      read.push_back(this->read(operand));
      if (!read.back())
        return {};
    }
    return ExprAttr::get(kind, read);
  }

  mlir::MLIRContext *context;
};

} // namespace

ExprAttr fromHalide(const Expr &expr, mlir::MLIRContext *context) {
  if (!expr.defined())
    return {};
  return ExprReader(context).read(substitute_in_all_lets(expr));
}

} // namespace dycc::halide
