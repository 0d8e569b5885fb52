// What the facts decide: a min or max with a dominated operand, a condition
// with one outcome, a quotient that is exact.
#include "dialects/dyn/ExprDetail.h"
#include "dialects/dyn/ExprInterval.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include <numeric>

using namespace mlir;
using namespace dycc::dyn;
using namespace dycc::dyn::detail;

namespace {
class Simplifier {
public:
  explicit Simplifier(const SymbolFacts &facts) : facts(facts) {}
  ExprAttr simplify(ExprAttr expr);

private:
  ExprAttr simplifyNode(ExprAttr expr);
  ExprAttr simplifySum(ExprAttr expr);
  ExprAttr simplifyFloorDiv(ExprAttr expr);
  ExprAttr simplifyTruncDiv(ExprAttr expr);
  ExprAttr simplifyMinMax(ExprAttr expr);
  ExprAttr simplifyCondition(ExprAttr expr);
  bool isAtMost(ExprAttr a, ExprAttr b);

  const SymbolFacts &facts;
  llvm::DenseMap<ExprAttr, ExprAttr> done;
};
} // namespace

/// Whether probes refute that `expr` is a constant.
static bool hasManyValues(const Probes &probes) {
  return anyProbe(probes, [&](int64_t a) {
    return anyProbe(probes, [&](int64_t b) { return a != b; });
  });
}

bool Simplifier::isAtMost(ExprAttr a, ExprAttr b) {
  ExprAttr difference = ExprAttr::sub(b, a);
  return !difference.isUnknown() && isNeverNegative(difference, facts);
}

/// c * (x floordiv d) where d divides x: what c and d share cancels.
static bool cancelQuotient(Term &term, const SymbolFacts &facts) {
  for (ExprAttr &factor : term.factors) {
    if (factor.getKind() != ExprKind::FloorDiv)
      continue;
    ExprAttr x = factor.getOperands()[0];
    std::optional<int64_t> d = factor.getOperands()[1].asConstant();
    if (!d || term.coefficient == INT64_MIN || divisorOf(x, facts) % *d != 0)
      continue;
    int64_t common = std::gcd(term.coefficient, *d);
    if (common == 1)
      continue;
    term.coefficient /= common;
    factor =
        ExprAttr::floorDiv(x, ExprAttr::constant(x.getContext(), *d / common));
    return true;
  }
  return false;
}

/// A sum with an exact quotient and other terms of its dividend, as in
/// x - x floordiv 2: the whole over the divisor, where that is shorter.
static ExprAttr joinQuotient(ExprAttr sum, const SymbolFacts &facts) {
  Terms terms = termsOf(sum);
  for (const Term &term : terms) {
    if (term.factors.size() != 1 || term.coefficient == INT64_MIN)
      continue;
    ExprAttr quotient = term.factors.front();
    if (quotient.getKind() != ExprKind::FloorDiv)
      continue;
    ExprAttr x = quotient.getOperands()[0], d = quotient.getOperands()[1];
    if (!d.isConstant() || divisorOf(x, facts) % d.getValue() != 0)
      continue;
    ExprAttr rest = ExprAttr::sub(sum, quotient.times(term.coefficient));
    ExprAttr scaled =
        ExprAttr::add(rest.times(d.getValue()), x.times(term.coefficient));
    if (!scaled.isUnknown() && termsOf(scaled).size() < terms.size())
      return ExprAttr::floorDiv(scaled, d);
  }
  return sum;
}

ExprAttr Simplifier::simplifySum(ExprAttr expr) {
  SmallVector<ExprAttr> summands;
  bool changed = false;
  for (Term &term : termsOf(expr)) {
    bool cancelled = cancelQuotient(term, facts);
    changed |= cancelled;
    if (!cancelled) {
      summands.push_back(fromTerm(expr.getContext(), term));
      continue;
    }
    // A factor may have become a sum: build the product anew.
    SmallVector<ExprAttr> factors(ArrayRef<ExprAttr>(term.factors));
    factors.push_back(ExprAttr::constant(expr.getContext(), term.coefficient));
    summands.push_back(ExprAttr::get(ExprKind::Mul, factors));
  }
  return joinQuotient(changed ? ExprAttr::get(ExprKind::Add, summands) : expr,
                      facts);
}

ExprAttr Simplifier::simplifyFloorDiv(ExprAttr expr) {
  ExprAttr a = expr.getOperands()[0], b = expr.getOperands()[1];
  ExprAttr zero = ExprAttr::constant(expr.getContext(), 0);
  if (!b.isConstant())
    return isAtMost(zero, a) && isAtMost(a.plus(1), b) ? zero : expr;
  int64_t c = b.getValue();
  Terms whole, rest;
  bool restVaries = false;
  for (Term &term : termsOf(a)) {
    bool divides = divisorOf(fromTerm(a.getContext(), term), facts) % c == 0;
    restVaries |= !divides && !term.isConstant();
    (divides ? whole : rest).push_back(std::move(term));
  }
  if (whole.empty() || rest.empty())
    return expr;
  ExprAttr exact = fromTerms(a.getContext(), std::move(whole));
  ExprAttr quotient = ExprAttr::floorDiv(exact, b);
  if (!restVaries) // A constant in [0, c - 1], see the normal form.
    return quotient;
  ExprAttr other = fromTerms(a.getContext(), std::move(rest));
  return ExprAttr::add(quotient, ExprAttr::floorDiv(other, b));
}

ExprAttr Simplifier::simplifyTruncDiv(ExprAttr expr) {
  ExprAttr a = expr.getOperands()[0], b = expr.getOperands()[1];
  if (rangeOf(b, facts).lower <= 0)
    return expr;
  Interval range = rangeOf(a, facts);
  if (range.lower >= 0)
    return ExprAttr::floorDiv(a, b);
  return range.upper <= 0 ? ExprAttr::ceilDiv(a, b) : expr;
}

ExprAttr Simplifier::simplifyMinMax(ExprAttr expr) {
  constexpr size_t kMaxCompared = 8;
  SmallVector<ExprAttr> kept(expr.getOperands());
  if (kept.size() > kMaxCompared)
    return expr;
  bool isMin = expr.getKind() == ExprKind::Min;
  for (size_t i = 0; i < kept.size();) {
    bool dominated = llvm::any_of(kept, [&](ExprAttr other) {
      return other != kept[i] &&
             (isMin ? isAtMost(other, kept[i]) : isAtMost(kept[i], other));
    });
    if (dominated)
      kept.erase(kept.begin() + i);
    else
      ++i;
  }
  return kept.size() == expr.getOperands().size()
             ? expr
             : ExprAttr::get(expr.getKind(), kept);
}

ExprAttr Simplifier::simplifyCondition(ExprAttr expr) {
  ArrayRef<ExprAttr> operands = expr.getOperands();
  MLIRContext *context = expr.getContext();
  if (expr.getKind() == ExprKind::Not) {
    ExprAttr inner = operands[0];
    if (inner.getKind() != ExprKind::Eq || inner.getOperands()[0].isF32() ||
        !inner.getOperands()[1].isConstant(0))
      return expr;
    Interval range = rangeOf(inner.getOperands()[0], facts);
    return range.lower >= 0 && range.upper <= 1 ? inner.getOperands()[0] : expr;
  }
  if (operands[0].isF32()) {
    ExprAttr exact =
        compareExactly(expr.getKind(), operands[0], operands[1], facts);
    return exact ? exact : expr;
  }
  if (expr.getKind() == ExprKind::Eq)
    return provablyNotEqual(operands[0], operands[1], facts)
               ? ExprAttr::constant(context, 0)
               : expr;
  if (expr.getKind() != ExprKind::Lt && expr.getKind() != ExprKind::Le)
    return expr;
  ExprAttr difference = ExprAttr::sub(operands[0], operands[1]);
  if (expr.getKind() == ExprKind::Lt)
    difference = difference.plus(1);
  Probes probes = probe(difference, facts);
  bool canBeTrue = anyProbe(probes, [](int64_t value) { return value <= 0; });
  bool canBeFalse = anyProbe(probes, [](int64_t value) { return value > 0; });
  if (difference.isUnknown() || (canBeTrue && canBeFalse))
    return expr;
  Interval range = rangeOf(difference, facts);
  if (range.upper <= 0)
    return ExprAttr::constant(context, 1);
  return range.lower > 0 ? ExprAttr::constant(context, 0) : expr;
}

ExprAttr Simplifier::simplifyNode(ExprAttr expr) {
  if (expr.isConstant() || expr.isUnknown() || expr.isF32())
    return expr;
  if (!hasManyValues(probe(expr, facts))) {
    Interval range = rangeOf(expr, facts);
    if (range.lower == range.upper)
      return ExprAttr::constant(expr.getContext(), range.lower);
  }
  switch (expr.getKind()) {
  case ExprKind::Add:
  case ExprKind::Mul:
    return simplifySum(expr);
  case ExprKind::FloorDiv:
    return simplifyFloorDiv(expr);
  case ExprKind::TruncDiv:
    return simplifyTruncDiv(expr);
  case ExprKind::Min:
  case ExprKind::Max:
    return simplifyMinMax(expr);
  case ExprKind::F32ToInt: {
    ExprAttr exact = truncateExactly(expr.getOperands()[0], facts);
    return exact ? exact : expr;
  }
  default:
    return isConditionKind(expr.getKind()) ? simplifyCondition(expr) : expr;
  }
}

ExprAttr Simplifier::simplify(ExprAttr expr) {
  if (ExprAttr known = done.lookup(expr))
    return known;
  SmallVector<ExprAttr> operands;
  for (ExprAttr operand : expr.getOperands())
    operands.push_back(simplify(operand));
  ExprAttr result = expr;
  if (ArrayRef<ExprAttr>(operands) != expr.getOperands())
    result = ExprAttr::get(expr.getKind(), operands);
  result = simplifyNode(result);
  done[expr] = result;
  return result;
}

ExprAttr dycc::dyn::simplify(ExprAttr expr, const SymbolFacts &facts) {
  // One simplification may open the way for another.
  constexpr int kMaxRounds = 4;
  for (int round = 0; round != kMaxRounds; ++round) {
    ExprAttr simpler = Simplifier(facts).simplify(expr);
    if (simpler == expr)
      break;
    expr = simpler;
  }
  return expr;
}
