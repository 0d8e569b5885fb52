#include "dialects/dyn/Bounds.h"

#include "mlir/IR/BuiltinOps.h"

using namespace mlir;

namespace dycc::dyn {

/// Extents at or above this are taken for "no bound": it is what an undeclared
/// symbol has.
static constexpr int64_t kUnbounded = INT32_MAX;

ExecutionBounds::ExecutionBounds(ModuleOp module)
    : facts(collectFacts(module)) {
  for (auto symbol : module.getOps<SymbolOp>()) {
    if (!symbol.getExecution())
      continue;
    ExprAttr &bound = bounds[symbol.getSymName()];
    if (symbol.getBound())
      bound = *symbol.getBound();
    else if (symbol.upperBound() < kUnbounded)
      bound = ExprAttr::constant(module.getContext(), symbol.upperBound());
  }
}

bool ExecutionBounds::isOverInputs(ExprAttr expr) const {
  bool result = !expr.isUnknown();
  expr.forEachSymbol(
      [&](StringRef symbol) { result &= !bounds.contains(symbol); });
  return result;
}

bool ExecutionBounds::isMonotone(ExprAttr expr) const {
  if (isOverInputs(expr))
    return true;
  auto allMonotone = [&] {
    return llvm::all_of(expr.getOperands(),
                        [&](ExprAttr operand) { return isMonotone(operand); });
  };
  switch (expr.getKind()) {
  case ExprKind::Symbol:
    return true;
  case ExprKind::Add:
  case ExprKind::Min:
  case ExprKind::Max:
    return allMonotone();
  case ExprKind::Mul:
    return allMonotone() &&
           llvm::all_of(expr.getOperands(), [&](ExprAttr factor) {
             return rangeOf(factor, facts).lower >= 0;
           });
  case ExprKind::FloorDiv:
  case ExprKind::CeilDiv:
  case ExprKind::TruncDiv: {
    std::optional<int64_t> divisor = expr.getOperands()[1].asConstant();
    return divisor && *divisor > 0 && isMonotone(expr.getOperands()[0]);
  }
  default:
    return false;
  }
}

ExprAttr ExecutionBounds::bound(ExprAttr expr) const {
  if (expr.isUnknown())
    return {};
  if (isOverInputs(expr))
    return expr;
  if (isMonotone(expr)) {
    bool complete = true;
    ExprAttr result = expr.substitute([&](StringRef symbol) -> ExprAttr {
      auto it = bounds.find(symbol);
      if (it == bounds.end())
        return {};
      complete &= it->second != nullptr;
      return it->second;
    });
    return complete ? result : ExprAttr();
  }
  return upperBound(expr, facts,
                    [&](StringRef symbol) { return !bounds.contains(symbol); });
}

} // namespace dycc::dyn
