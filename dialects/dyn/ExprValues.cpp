#include "dialects/dyn/ExprValues.h"

#include "dialects/dyn/ExprDetail.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

namespace dycc::dyn {

std::optional<int64_t> ExprValues::get(ExprAttr expr) {
  if (expr.isConstant())
    return expr.getValue();
  if (auto found = known.find(expr); found != known.end())
    return found->second;
  std::optional<int64_t> value = compute(expr);
  known[expr] = value; // The map may have grown meanwhile.
  return value;
}

std::optional<int64_t> ExprValues::valueOf(llvm::StringRef symbol) const {
  auto found = symbols.find(symbol);
  return found == symbols.end() ? std::nullopt : std::optional(found->second);
}

std::optional<int64_t> ExprValues::compute(ExprAttr expr) {
  if (expr.getKind() == ExprKind::Symbol)
    return valueOf(expr.getSymbol());
  // Scalars are few, and have rules of their own.
  if (expr.isF32() || expr.getOperands().empty() ||
      llvm::any_of(expr.getOperands(),
                   [](ExprAttr operand) { return operand.isF32(); }))
    return expr.evaluate(
        [&](llvm::StringRef symbol) { return valueOf(symbol); });
  return fold(expr);
}

/// Of two numbers, with the ends as this class has them.
static std::optional<int64_t> apply(ExprKind kind, int64_t a, int64_t b) {
  int64_t result;
  if (kind == ExprKind::Add && llvm::AddOverflow(a, b, result))
    return a < 0 ? INT64_MIN : INT64_MAX;
  if (kind == ExprKind::Mul && llvm::MulOverflow(a, b, result))
    return (a < 0) != (b < 0) ? INT64_MIN : INT64_MAX;
  bool isQuotient = kind == ExprKind::FloorDiv || kind == ExprKind::CeilDiv ||
                    kind == ExprKind::TruncDiv;
  if (isQuotient && a == INT64_MAX && b > 0)
    return a;
  return detail::applyInteger(kind, a, b);
}

std::optional<int64_t> ExprValues::fold(ExprAttr expr) {
  llvm::ArrayRef<ExprAttr> operands = expr.getOperands();
  std::optional<int64_t> result = get(operands.front());
  if (!result)
    return std::nullopt;
  if (expr.getKind() == ExprKind::Not)
    return *result == 0;
  if (expr.getKind() == ExprKind::Ite)
    return get(operands[*result ? 1 : 2]);
  for (ExprAttr operand : operands.drop_front()) {
    std::optional<int64_t> other = get(operand);
    if (!other)
      return std::nullopt;
    result = apply(expr.getKind(), *result, *other);
    if (!result)
      return std::nullopt;
  }
  return result;
}

} // namespace dycc::dyn
