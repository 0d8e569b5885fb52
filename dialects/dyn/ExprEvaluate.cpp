#include "dialects/dyn/ExprDetail.h"

#include <algorithm>

using namespace mlir;
using namespace dycc::dyn;
using namespace dycc::dyn::detail;

using SymbolValues =
    llvm::function_ref<std::optional<int64_t>(llvm::StringRef)>;

static int64_t wrappingMul(int64_t a, int64_t b) {
  return int64_t(uint64_t(a) * uint64_t(b));
}

static std::optional<int64_t> divide(ExprKind kind, int64_t a, int64_t b) {
  if (b == 0)
    return std::nullopt;
  if (b == -1)
    return wrappingMul(a, -1); // INT64_MIN / -1 traps.
  int64_t quotient = a / b;
  bool exact = a % b == 0, negative = (a < 0) != (b < 0);
  if (kind == ExprKind::FloorDiv)
    return quotient - (!exact && negative);
  if (kind == ExprKind::CeilDiv)
    return quotient + (!exact && !negative);
  return quotient;
}

std::optional<int64_t> dycc::dyn::detail::applyInteger(ExprKind kind, int64_t a,
                                                       int64_t b) {
  switch (kind) {
  case ExprKind::Add:
    return int64_t(uint64_t(a) + uint64_t(b));
  case ExprKind::Mul:
    return wrappingMul(a, b);
  case ExprKind::FloorDiv:
  case ExprKind::CeilDiv:
  case ExprKind::TruncDiv:
    return divide(kind, a, b);
  case ExprKind::Min:
    return std::min(a, b);
  case ExprKind::Max:
    return std::max(a, b);
  case ExprKind::Eq:
    return a == b;
  case ExprKind::Lt:
    return a < b;
  case ExprKind::Le:
    return a <= b;
  case ExprKind::And:
    return a && b;
  case ExprKind::Or:
    return a || b;
  default:
    llvm_unreachable("not a binary integer operation of the normal form");
  }
}

static std::optional<int64_t> evaluateInt(ExprAttr expr, SymbolValues values);

static std::optional<float> evaluateF32(ExprAttr expr, SymbolValues values) {
  ExprKind kind = expr.getKind();
  if (kind == ExprKind::F32Constant)
    return expr.getFloat();
  ArrayRef<ExprAttr> operands = expr.getOperands();
  if (kind == ExprKind::IntToF32) {
    std::optional<int64_t> value = evaluateInt(operands[0], values);
    return value ? std::optional(float(*value)) : std::nullopt;
  }
  if (kind == ExprKind::F32FromBits) {
    std::optional<int64_t> bits = evaluateInt(operands[0], values);
    return bits ? std::optional(f32OfBits(*bits)) : std::nullopt;
  }
  if (kind == ExprKind::Ite) {
    std::optional<int64_t> condition = evaluateInt(operands[0], values);
    if (!condition)
      return std::nullopt;
    return evaluateF32(operands[*condition ? 1 : 2], values);
  }
  std::optional<float> a = evaluateF32(operands.front(), values);
  std::optional<float> b = evaluateF32(operands.back(), values);
  if (!a || !b)
    return std::nullopt;
  return applyF32(kind, *a, *b);
}

static std::optional<int64_t> compareF32(ExprAttr expr, SymbolValues values) {
  std::optional<float> a = evaluateF32(expr.getOperands()[0], values);
  std::optional<float> b = evaluateF32(expr.getOperands()[1], values);
  if (!a || !b)
    return std::nullopt;
  if (expr.getKind() == ExprKind::Eq)
    return *a == *b;
  return expr.getKind() == ExprKind::Lt ? *a < *b : *a <= *b;
}

static std::optional<int64_t> evaluateNode(ExprAttr expr, SymbolValues values) {
  ArrayRef<ExprAttr> operands = expr.getOperands();
  std::optional<int64_t> result = evaluateInt(operands.front(), values);
  if (!result)
    return std::nullopt;
  if (expr.getKind() == ExprKind::Not)
    return *result == 0;
  if (expr.getKind() == ExprKind::Ite)
    return evaluateInt(operands[*result ? 1 : 2], values);
  for (ExprAttr operand : operands.drop_front()) {
    std::optional<int64_t> value = evaluateInt(operand, values);
    if (!value)
      return std::nullopt;
    result = applyInteger(expr.getKind(), *result, *value);
    if (!result)
      return std::nullopt;
  }
  return result;
}

static std::optional<int64_t> evaluateInt(ExprAttr expr, SymbolValues values) {
  switch (expr.getKind()) {
  case ExprKind::Constant:
    return expr.getValue();
  case ExprKind::Symbol:
    return values(expr.getSymbol());
  case ExprKind::Unknown:
    return std::nullopt;
  case ExprKind::F32ToInt: {
    std::optional<float> value = evaluateF32(expr.getOperands()[0], values);
    return value ? truncateF32(*value) : std::nullopt;
  }
  case ExprKind::F32ToBits: {
    std::optional<float> value = evaluateF32(expr.getOperands()[0], values);
    return value ? std::optional(bitsOfF32(*value)) : std::nullopt;
  }
  case ExprKind::Eq:
  case ExprKind::Lt:
  case ExprKind::Le:
    if (expr.getOperands()[0].isF32())
      return compareF32(expr, values);
    return evaluateNode(expr, values);
  default:
    return expr.isF32() ? std::nullopt : evaluateNode(expr, values);
  }
}

std::optional<int64_t> ExprAttr::evaluate(SymbolValues values) const {
  return evaluateInt(*this, values);
}
