// Ranges by interval arithmetic, sharpened for sums: an interval forgets that
// two terms depend on one symbol. So min, max, ite and quotients by constants
// are taken apart inside the sum: min(x, y) is one of x and y, and
// d * (x floordiv d) is x less something in [0, d - 1].
#include "dialects/dyn/ExprDetail.h"
#include "dialects/dyn/ExprInterval.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace mlir;
using namespace dycc::dyn;
using namespace dycc::dyn::detail;

namespace {
/// Inclusive interval of f32 values; rounding is monotone, so the operation on
/// the ends bounds the operation on what is between them.
struct F32Interval {
  float lower, upper;
};

constexpr float kInfinity = std::numeric_limits<float>::infinity();

class RangeSolver {
public:
  explicit RangeSolver(const SymbolFacts &facts) : facts(facts) {}
  Interval solve(ExprAttr expr);

private:
  Interval solveSum(ExprAttr expr);
  Interval solveProduct(ExprAttr expr);
  Interval solveChoice(ExprAttr expr);
  Interval solveDecision(ExprAttr expr);
  Interval refine(ExprAttr sum, const Term &term, Interval known);
  Interval refineChoice(ExprAttr sum, const Term &term);
  Interval refineQuotient(ExprAttr sum, const Term &term);
  Interval refineName(ExprAttr sum, ExprAttr name);
  F32Interval solveF32(ExprAttr expr);
  Interval truncate(F32Interval value);

  const SymbolFacts &facts;
  llvm::DenseMap<ExprAttr, Interval> sums;
  int budget = 64; ///< Sums that may still be taken apart.
};
} // namespace

Interval RangeSolver::solveProduct(ExprAttr expr) {
  Interval product{1, 1};
  for (ExprAttr operand : expr.getOperands())
    product = mulIntervals(product, solve(operand));
  return product;
}

Interval RangeSolver::solveChoice(ExprAttr expr) {
  Interval result = solve(expr.getOperands().front());
  for (ExprAttr operand : expr.getOperands().drop_front()) {
    Interval other = solve(operand);
    if (expr.getKind() == ExprKind::Min)
      result = {std::min(result.lower, other.lower),
                std::min(result.upper, other.upper)};
    else
      result = {std::max(result.lower, other.lower),
                std::max(result.upper, other.upper)};
  }
  return result;
}

Interval RangeSolver::solveDecision(ExprAttr expr) {
  ArrayRef<ExprAttr> operands = expr.getOperands();
  Interval condition = solve(operands[0]);
  if (condition.lower > 0)
    return solve(operands[1]);
  if (condition.lower == 0 && condition.upper == 0)
    return solve(operands[2]);
  return hull(solve(operands[1]), solve(operands[2]));
}

/// `sum` with the choice in `term` replaced by each of its operands in turn.
Interval RangeSolver::refineChoice(ExprAttr sum, const Term &term) {
  ExprAttr choice = term.factors.front();
  bool takesMin = (choice.getKind() == ExprKind::Min) == (term.coefficient > 0);
  std::optional<Interval> result;
  for (ExprAttr operand : choice.getOperands()) {
    ExprAttr change = ExprAttr::sub(operand, choice).times(term.coefficient);
    Interval other = solve(ExprAttr::add(sum, change));
    if (!result)
      result = other;
    else if (takesMin)
      result = {std::min(result->lower, other.lower),
                std::min(result->upper, other.upper)};
    else
      result = {std::max(result->lower, other.lower),
                std::max(result->upper, other.upper)};
  }
  return *result;
}

/// From c * (x floordiv d) = (c * x - c * m) / d with m in [0, d - 1].
Interval RangeSolver::refineQuotient(ExprAttr sum, const Term &term) {
  ExprAttr quotient = term.factors.front();
  int64_t d = quotient.getOperands()[1].getValue();
  ExprAttr rest = ExprAttr::sub(sum, quotient.times(term.coefficient));
  ExprAttr scaled = ExprAttr::add(
      rest.times(d), quotient.getOperands()[0].times(term.coefficient));
  if (scaled.isUnknown())
    return kFullInterval;
  Interval error =
      mulIntervals({-term.coefficient, -term.coefficient}, {0, d - 1});
  return shrinkInterval(addIntervals(solve(scaled), error), d);
}

/// `sum` with what a name stands for, where another term depends on what that
/// depends on. Elsewhere the range of the name says as much.
Interval RangeSolver::refineName(ExprAttr sum, ExprAttr name) {
  auto fact = facts.find(name.getSymbol());
  if (fact == facts.end() || !fact->second.definition)
    return kFullInterval;
  auto definition = cast<ExprAttr>(fact->second.definition);
  llvm::StringSet<> others;
  sum.forEachSymbol([&](llvm::StringRef other) { others.insert(other); });
  bool isShared = false;
  definition.forEachSymbol(
      [&](llvm::StringRef symbol) { isShared |= others.contains(symbol); });
  return isShared ? solve(sum.replace(name, definition)) : kFullInterval;
}

Interval RangeSolver::refine(ExprAttr sum, const Term &term, Interval known) {
  if (term.coefficient == INT64_MIN)
    return known;
  for (ExprAttr factor : term.factors) {
    if (factor.getKind() == ExprKind::Ite && --budget > 0)
      known = intersect(
          known, hull(solve(sum.replace(factor, factor.getOperands()[1])),
                      solve(sum.replace(factor, factor.getOperands()[2]))));
  }
  if (term.factors.size() != 1 || --budget <= 0)
    return known;
  ExprAttr atom = term.factors.front();
  ExprKind kind = atom.getKind();
  if (kind == ExprKind::Symbol)
    return intersect(known, refineName(sum, atom));
  if (kind == ExprKind::Min || kind == ExprKind::Max)
    return intersect(known, refineChoice(sum, term));
  if (kind == ExprKind::FloorDiv && atom.getOperands()[1].isConstant())
    return intersect(known, refineQuotient(sum, term));
  return known;
}

Interval RangeSolver::solveSum(ExprAttr expr) {
  // Taken apart in another order the same sums come again.
  if (auto known = sums.find(expr); known != sums.end())
    return known->second;
  Interval result{0, 0};
  for (ExprAttr operand : expr.getOperands())
    result = addIntervals(result, solve(operand));
  // Where values of the sum lie at both ends, nothing can narrow it.
  Probes probes = probe(expr, facts);
  if (llvm::is_contained(probes, result.lower) &&
      llvm::is_contained(probes, result.upper))
    return sums[expr] = result;
  Terms terms = termsOf(expr);
  // A single atom depends on nothing beside it: its own interval is exact.
  if (terms.size() <= 2 && terms.back().isConstant() &&
      terms.front().factors.size() == 1)
    return result;
  for (const Term &term : terms) {
    if (budget <= 0)
      break;
    result = refine(expr, term, result);
  }
  return sums[expr] = result;
}

Interval RangeSolver::truncate(F32Interval value) {
  // Beyond this the ends say nothing; NaN compares false.
  constexpr float kLimit = 4611686018427387904.0f; // 2^62
  return {value.lower > -kLimit && value.lower < kLimit ? int64_t(value.lower)
                                                        : INT64_MIN,
          value.upper > -kLimit && value.upper < kLimit ? int64_t(value.upper)
                                                        : INT64_MAX};
}

static float toF32End(int64_t end) {
  if (end == INT64_MIN)
    return -kInfinity;
  return end == INT64_MAX ? kInfinity : float(end);
}

F32Interval RangeSolver::solveF32(ExprAttr expr) {
  constexpr F32Interval full{-kInfinity, kInfinity};
  ArrayRef<ExprAttr> operands = expr.getOperands();
  ExprKind kind = expr.getKind();
  if (kind == ExprKind::F32Constant)
    return {expr.getFloat(), expr.getFloat()};
  if (kind == ExprKind::IntToF32) {
    Interval range = solve(operands[0]);
    return {toF32End(range.lower), toF32End(range.upper)};
  }
  if (kind == ExprKind::F32FromBits)
    return full;
  if (kind == ExprKind::Ite) {
    F32Interval a = solveF32(operands[1]), b = solveF32(operands[2]);
    return {std::min(a.lower, b.lower), std::max(a.upper, b.upper)};
  }
  F32Interval a = solveF32(operands.front()), b = solveF32(operands.back());
  if (kind == ExprKind::F32Sqrt && !(a.lower >= 0))
    return full;
  if (kind == ExprKind::F32Div && !(b.lower > 0) && !(b.upper < 0))
    return full;
  F32Interval result{kInfinity, -kInfinity};
  for (float x : {a.lower, a.upper})
    for (float y : {b.lower, b.upper}) {
      float value = applyF32(kind, x, y);
      if (std::isnan(value))
        return full;
      result = {std::min(result.lower, value), std::max(result.upper, value)};
    }
  return result;
}

Interval RangeSolver::solve(ExprAttr expr) {
  ArrayRef<ExprAttr> operands = expr.getOperands();
  switch (expr.getKind()) {
  case ExprKind::Constant:
    return {expr.getValue(), expr.getValue()};
  case ExprKind::Symbol: {
    auto fact = facts.find(expr.getSymbol());
    return fact == facts.end() ? Interval{0, INT64_MAX} : fact->second.range;
  }
  case ExprKind::Add:
    return solveSum(expr);
  case ExprKind::Mul:
    return solveProduct(expr);
  case ExprKind::FloorDiv:
  case ExprKind::CeilDiv:
  case ExprKind::TruncDiv:
    return divIntervals(expr.getKind(), solve(operands[0]), solve(operands[1]));
  case ExprKind::Min:
  case ExprKind::Max:
    return solveChoice(expr);
  case ExprKind::Ite:
    return expr.isF32() ? kFullInterval : solveDecision(expr);
  case ExprKind::F32ToInt:
    return truncate(solveF32(operands[0]));
  case ExprKind::F32ToBits:
    return {INT32_MIN, INT32_MAX};
  default:
    return isConditionKind(expr.getKind()) ? Interval{0, 1} : kFullInterval;
  }
}

Interval dycc::dyn::rangeOf(ExprAttr expr, const SymbolFacts &facts) {
  return RangeSolver(facts).solve(expr);
}

/// |a * b|, or the larger of both where that overflows: it divides too.
static int64_t multiplyDivisors(int64_t a, int64_t b) {
  int64_t product;
  if (__builtin_mul_overflow(a, b, &product))
    return std::max(a, b);
  return product;
}

static int64_t divisorOfQuotient(ExprAttr expr, const SymbolFacts &facts) {
  std::optional<int64_t> c = expr.getOperands()[1].asConstant();
  int64_t inner = divisorOf(expr.getOperands()[0], facts);
  if (!c || *c <= 0 || inner % *c != 0)
    return 1;
  return inner / *c;
}

int64_t dycc::dyn::divisorOf(ExprAttr expr, const SymbolFacts &facts) {
  ArrayRef<ExprAttr> operands = expr.getOperands();
  switch (expr.getKind()) {
  case ExprKind::Constant:
    return expr.getValue() == INT64_MIN ? 1 : std::abs(expr.getValue());
  case ExprKind::Symbol: {
    auto fact = facts.find(expr.getSymbol());
    return fact == facts.end() ? 1
                               : std::max<int64_t>(1, fact->second.multiple);
  }
  case ExprKind::Mul: {
    int64_t product = 1;
    for (ExprAttr operand : operands)
      product = multiplyDivisors(product, divisorOf(operand, facts));
    return product;
  }
  case ExprKind::Ite:
    operands = operands.drop_front();
    [[fallthrough]];
  case ExprKind::Add:
  case ExprKind::Min:
  case ExprKind::Max: {
    int64_t common = 0;
    for (ExprAttr operand : operands)
      common = std::gcd(common, divisorOf(operand, facts));
    return common;
  }
  case ExprKind::FloorDiv:
  case ExprKind::CeilDiv:
  case ExprKind::TruncDiv:
    return divisorOfQuotient(expr, facts);
  default:
    return 1;
  }
}
