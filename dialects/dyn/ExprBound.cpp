// Bounds over fewer symbols: what an extent that is known only during execution
// can be at most, as a formula over the inputs' extents.
#include "dialects/dyn/ExprDetail.h"
#include "dialects/dyn/ExprInterval.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace dycc::dyn;
using namespace dycc::dyn::detail;

namespace {
class BoundFinder {
public:
  BoundFinder(ExprAttr expr, const SymbolFacts &facts,
              llvm::function_ref<bool(llvm::StringRef)> isFree,
              llvm::function_ref<ExprAttr(llvm::StringRef)> boundOf)
      : facts(facts), opened(open(expr, facts)), isFree(isFree),
        boundOf(boundOf) {}

  /// An upper (or lower) bound without symbols that are not free, or null.
  ExprAttr find(ExprAttr expr, bool upper);

private:
  bool isClosed(ExprAttr expr);
  ExprAttr endOf(ExprAttr expr, bool upper);
  ExprAttr findStructural(ExprAttr expr, bool upper);
  ExprAttr findSum(ExprAttr expr, bool upper);
  ExprAttr findTerm(const Term &term, MLIRContext *context, bool upper);
  ExprAttr findChoice(ExprAttr expr, bool upper);
  ExprAttr findQuotient(ExprAttr expr, bool upper);
  bool isNonNegative(ExprAttr expr) { return rangeOf(expr, facts).lower >= 0; }

  static SymbolFacts open(ExprAttr expr, const SymbolFacts &facts);

  const SymbolFacts &facts;
  /// Of the expression's symbols: half of what nothing bounds is not bounded.
  SymbolFacts opened;
  llvm::function_ref<bool(llvm::StringRef)> isFree;
  llvm::function_ref<ExprAttr(llvm::StringRef)> boundOf;
};
} // namespace

/// An end of the range that every number has which is read when a model runs,
/// or every extent, bounds nothing: as far off as arithmetic allows.
SymbolFacts BoundFinder::open(ExprAttr expr, const SymbolFacts &facts) {
  constexpr int64_t kFar = int64_t(1) << 61;
  SymbolFacts opened;
  expr.forEachSymbol([&](StringRef name) {
    auto it = facts.find(name);
    if (it == facts.end())
      return;
    Interval &range = (opened[name] = it->second).range;
    if (range.upper >= INT32_MAX)
      range.upper = std::max(range.upper, kFar);
    if (range.lower <= INT32_MIN)
      range.lower = std::min(range.lower, -kFar);
  });
  return opened;
}

bool BoundFinder::isClosed(ExprAttr expr) {
  bool closed = !expr.isUnknown();
  expr.forEachSymbol([&](StringRef name) { closed &= isFree(name); });
  return closed;
}

/// The end of the range as a constant, or null where nothing bounds it.
ExprAttr BoundFinder::endOf(ExprAttr expr, bool upper) {
  Interval range = rangeOf(expr, opened);
  int64_t end = upper ? range.upper : range.lower;
  if (end >= INT32_MAX || end <= INT32_MIN)
    return {};
  return ExprAttr::constant(expr.getContext(), end);
}

ExprAttr BoundFinder::findTerm(const Term &term, MLIRContext *context,
                               bool upper) {
  bool factorUpper = upper == (term.coefficient > 0);
  ExprAttr product = ExprAttr::constant(context, term.coefficient);
  for (ExprAttr factor : term.factors) {
    // With more factors than one the bounds multiply only where none of them
    // is negative.
    if (term.factors.size() > 1 && !isNonNegative(factor))
      return {};
    ExprAttr bound = find(factor, factorUpper);
    if (!bound)
      return {};
    if (term.factors.size() > 1 && !isNonNegative(bound))
      bound = ExprAttr::max(bound, ExprAttr::constant(context, 0));
    product = ExprAttr::mul(product, bound);
  }
  return product;
}

ExprAttr BoundFinder::findSum(ExprAttr expr, bool upper) {
  ExprAttr sum = ExprAttr::constant(expr.getContext(), 0);
  for (const Term &term : termsOf(expr)) {
    ExprAttr bound = findTerm(term, expr.getContext(), upper);
    if (!bound)
      bound = endOf(fromTerm(expr.getContext(), term), upper);
    if (!bound)
      return {};
    sum = ExprAttr::add(sum, bound);
  }
  return sum;
}

/// Of a min any operand bounds from above, of a max all of them together.
ExprAttr BoundFinder::findChoice(ExprAttr expr, bool upper) {
  bool anyWillDo = (expr.getKind() == ExprKind::Min) == upper &&
                   expr.getKind() != ExprKind::Ite;
  ArrayRef<ExprAttr> operands = expr.getOperands();
  if (expr.getKind() == ExprKind::Ite)
    operands = operands.drop_front();
  SmallVector<ExprAttr> bounds;
  for (ExprAttr operand : operands) {
    ExprAttr bound = find(operand, upper);
    if (bound)
      bounds.push_back(bound);
    else if (!anyWillDo)
      return {};
  }
  if (bounds.empty())
    return {};
  ExprKind kind =
      anyWillDo ? expr.getKind() : (upper ? ExprKind::Max : ExprKind::Min);
  return ExprAttr::get(kind, bounds);
}

/// Every division is monotone in its dividend for a divisor above zero; and
/// falls with the divisor where the dividend is not negative.
ExprAttr BoundFinder::findQuotient(ExprAttr expr, bool upper) {
  ExprAttr a = expr.getOperands()[0], b = expr.getOperands()[1];
  if (rangeOf(b, facts).lower < 1)
    return {};
  ExprAttr dividend = find(a, upper), divisor = b;
  if (!isClosed(b)) {
    if (!isNonNegative(a))
      return {};
    divisor = find(b, !upper);
  }
  if (!dividend || !divisor)
    return {};
  if (!isClosed(b) && !isNonNegative(dividend))
    dividend =
        ExprAttr::max(dividend, ExprAttr::constant(expr.getContext(), 0));
  if (rangeOf(divisor, facts).lower < 1)
    return {};
  return ExprAttr::get(expr.getKind(), {dividend, divisor});
}

ExprAttr BoundFinder::findStructural(ExprAttr expr, bool upper) {
  switch (expr.getKind()) {
  case ExprKind::Symbol:
    return upper ? boundOf(expr.getSymbol()) : ExprAttr();
  case ExprKind::Add:
  case ExprKind::Mul:
    return findSum(expr, upper);
  case ExprKind::Min:
  case ExprKind::Max:
    return findChoice(expr, upper);
  case ExprKind::Ite:
    return expr.isF32() ? ExprAttr() : findChoice(expr, upper);
  case ExprKind::FloorDiv:
  case ExprKind::CeilDiv:
  case ExprKind::TruncDiv:
    return findQuotient(expr, upper);
  default:
    return {};
  }
}

ExprAttr BoundFinder::find(ExprAttr expr, bool upper) {
  if (isClosed(expr))
    return expr;
  if (expr.isUnknown())
    return {};
  ExprAttr bound = findStructural(expr, upper);
  if (bound && !bound.isUnknown())
    return bound;
  return endOf(expr, upper);
}

ExprAttr
dycc::dyn::upperBound(ExprAttr expr, const SymbolFacts &facts,
                      llvm::function_ref<bool(llvm::StringRef)> isFree,
                      llvm::function_ref<ExprAttr(llvm::StringRef)> boundOf) {
  ExprAttr bound =
      BoundFinder(expr, facts, isFree, boundOf).find(expr, /*upper=*/true);
  return bound ? simplify(bound, facts) : bound;
}

ExprAttr
dycc::dyn::upperBound(ExprAttr expr, const SymbolFacts &facts,
                      llvm::function_ref<bool(llvm::StringRef)> isFree) {
  return upperBound(expr, facts, isFree,
                    [](llvm::StringRef) { return ExprAttr(); });
}
