#include "dialects/dyn/Bounds.h"

#include "dialects/dyn/Layout.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace dycc::dyn {

/// Extents at or above this are taken for "no bound": it is what an undeclared
/// symbol has.
static constexpr int64_t kUnbounded = INT32_MAX;

ExecutionBounds::ExecutionBounds(ModuleOp module)
    : facts(collectFacts(module)) {
  // Of what is computed the shape stage said what bounds it. That its range is
  // half of the range of all numbers does not.
  llvm::StringSet<> computed;
  module.walk([&](DefineOp op) { computed.insert(op.getSymbol()); });
  for (auto symbol : module.getOps<SymbolOp>()) {
    if (!symbol.getExecution())
      continue;
    ExprAttr &bound = bounds[symbol.getSymName()];
    if (symbol.getBound())
      bound = *symbol.getBound();
    else if (!computed.contains(symbol.getSymName()) &&
             symbol.upperBound() < kUnbounded)
      bound = ExprAttr::constant(module.getContext(), symbol.upperBound());
  }
}

bool ExecutionBounds::isOverInputs(ExprAttr expr) const {
  bool result = !expr.isUnknown();
  expr.forEachSymbol(
      [&](StringRef symbol) { result &= !bounds.contains(symbol); });
  return result;
}

ExprAttr ExecutionBounds::endOfSymbol(ExprAttr expr, bool upper) const {
  if (upper)
    return bounds.lookup(expr.getSymbol());
  int64_t lower = rangeOf(expr, facts).lower;
  return lower > -kUnbounded ? ExprAttr::constant(expr.getContext(), lower)
                             : ExprAttr();
}

/// Of one factor times a constant, or of factors that are not negative.
ExprAttr ExecutionBounds::endOfProduct(ExprAttr expr, bool upper) const {
  ArrayRef<ExprAttr> factors = expr.getOperands();
  std::optional<int64_t> coefficient = factors.front().asConstant();
  if (coefficient && factors.size() == 2) {
    ExprAttr other = end(factors[1], upper == (*coefficient >= 0));
    return other ? other.times(*coefficient) : ExprAttr();
  }
  ExprAttr product = ExprAttr::constant(expr.getContext(), 1);
  for (ExprAttr factor : factors) {
    if (rangeOf(factor, facts).lower < 0)
      return {};
    ExprAttr bound = end(factor, upper);
    if (!bound)
      return {};
    product = ExprAttr::mul(product, bound);
  }
  return product;
}

ExprAttr ExecutionBounds::endOfDivision(ExprAttr expr, bool upper) const {
  std::optional<int64_t> divisor = expr.getOperands()[1].asConstant();
  if (!divisor || *divisor <= 0)
    return {};
  bool remainder =
      expr.getKind() == ExprKind::Mod || expr.getKind() == ExprKind::TruncMod;
  if (remainder)
    return ExprAttr::constant(expr.getContext(),
                              upper                             ? *divisor - 1
                              : expr.getKind() == ExprKind::Mod ? 0
                                                                : 1 - *divisor);
  ExprAttr dividend = end(expr.getOperands()[0], upper);
  return dividend
             ? ExprAttr::get(expr.getKind(), {dividend, expr.getOperands()[1]})
             : ExprAttr();
}

ExprAttr ExecutionBounds::combine(ExprAttr expr, bool upper,
                                  bool anyOperand) const {
  SmallVector<ExprAttr> ends;
  for (ExprAttr operand : expr.getOperands())
    if (ExprAttr bound = end(operand, upper))
      ends.push_back(bound);
    else if (!anyOperand)
      return {};
  return ends.empty() ? ExprAttr() : ExprAttr::get(expr.getKind(), ends);
}

ExprAttr ExecutionBounds::end(ExprAttr expr, bool upper) const {
  if (isOverInputs(expr))
    return expr;
  switch (expr.getKind()) {
  case ExprKind::Symbol:
    return endOfSymbol(expr, upper);
  case ExprKind::Add:
    return combine(expr, upper, /*anyOperand=*/false);
  case ExprKind::Min:
    return combine(expr, upper, /*anyOperand=*/upper);
  case ExprKind::Max:
    return combine(expr, upper, /*anyOperand=*/!upper);
  case ExprKind::Mul:
    return endOfProduct(expr, upper);
  case ExprKind::FloorDiv:
  case ExprKind::CeilDiv:
  case ExprKind::TruncDiv:
  case ExprKind::Mod:
  case ExprKind::TruncMod:
    return endOfDivision(expr, upper);
  case ExprKind::Ite: {
    ExprAttr a = end(expr.getOperands()[1], upper);
    ExprAttr b = end(expr.getOperands()[2], upper);
    return a && b ? ExprAttr::get(upper ? ExprKind::Max : ExprKind::Min, {a, b})
                  : ExprAttr();
  }
  default:
    return {};
  }
}

ExprAttr ExecutionBounds::bound(ExprAttr expr) const {
  if (expr.isUnknown())
    return {};
  if (ExprAttr result = end(expr, /*upper=*/true))
    return simplify(result, facts);
  // What only ranges bound: a condition, or what has a range in every symbol.
  // Half of an extent that nothing bounds is not bounded.
  int64_t upper = rangeOf(expr, facts).upper;
  bool isRanged = true;
  expr.forEachSymbol([&](StringRef name) {
    auto it = bounds.find(name);
    isRanged &= it == bounds.end() || it->second;
  });
  return (isRanged || upper <= 1) && upper < kUnbounded
             ? ExprAttr::constant(expr.getContext(), upper)
             : ExprAttr();
}

ExprAttr ExecutionBounds::boundBytes(Type type) const {
  if (ExprAttr size = bound(getSizeInBytes(type)))
    return size;
  // Extents are not negative: the product of their bounds is one of theirs.
  int64_t elementBytes = getElementBytes(getElementTypeOrSelf(type));
  ExprAttr size = ExprAttr::constant(type.getContext(), elementBytes);
  Layout layout(type);
  for (const MemoryDim &dim : layout.dims()) {
    ExprAttr limit = bound(dim.stored);
    if (!limit)
      return {};
    size = ExprAttr::mul(
        size, ExprAttr::max(limit, ExprAttr::constant(type.getContext(), 0)));
  }
  return simplify(size, facts);
}

} // namespace dycc::dyn
