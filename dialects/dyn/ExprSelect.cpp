// The normal form of what chooses: min, max, ite, and the conditions. Integer
// comparisons are solved for zero, `a < b` as `a - b + 1 <= 0`, divided by what
// the coefficients share, and written with positive terms on both sides.
#include "dialects/dyn/ExprDetail.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/STLExtras.h"
#include <numeric>

using namespace mlir;
using namespace dycc::dyn;
using namespace dycc::dyn::detail;

bool dycc::dyn::detail::isConditionKind(ExprKind kind) {
  return kind >= ExprKind::Eq && kind <= ExprKind::Or;
}

static void sortAndDeduplicate(SmallVectorImpl<ExprAttr> &operands) {
  llvm::sort(operands,
             [](ExprAttr a, ExprAttr b) { return compare(a, b) < 0; });
  operands.erase(llvm::unique(operands), operands.end());
}

/// True where `a` is chosen whatever the symbols are: `a - b` is a constant of
/// the right sign.
static bool isChosen(ExprKind kind, ExprAttr a, ExprAttr b) {
  std::optional<int64_t> difference = ExprAttr::sub(a, b).asConstant();
  if (!difference)
    return false;
  return kind == ExprKind::Min ? *difference <= 0 : *difference >= 0;
}

/// Adds `operand` unless one in `chosen` decides against it.
static void addChoice(ExprKind kind, SmallVectorImpl<ExprAttr> &chosen,
                      ExprAttr operand) {
  constexpr size_t kMaxCompared = 16;
  if (chosen.size() < kMaxCompared) {
    for (ExprAttr other : chosen)
      if (isChosen(kind, other, operand))
        return;
    llvm::erase_if(
        chosen, [&](ExprAttr other) { return isChosen(kind, operand, other); });
  }
  chosen.push_back(operand);
}

ExprAttr dycc::dyn::detail::normalizeMinMax(ExprKind kind,
                                            ArrayRef<ExprAttr> operands) {
  SmallVector<ExprAttr> chosen;
  for (ExprAttr operand : operands) {
    ArrayRef<ExprAttr> flat(operand);
    if (operand.getKind() == kind)
      flat = operand.getOperands();
    for (ExprAttr single : flat)
      addChoice(kind, chosen, single);
  }
  sortAndDeduplicate(chosen);
  if (chosen.size() == 1)
    return chosen.front();
  return makeNode(chosen.front().getContext(), kind, chosen);
}

/// 1 where `expr` is not 0, else 0.
static ExprAttr truthOf(ExprAttr expr) {
  if (isConditionKind(expr.getKind()))
    return expr;
  ExprAttr zero = ExprAttr::constant(expr.getContext(), 0);
  return ExprAttr::get(ExprKind::Not,
                       {ExprAttr::get(ExprKind::Eq, {expr, zero})});
}

ExprAttr dycc::dyn::detail::normalizeIte(ExprAttr condition, ExprAttr then,
                                         ExprAttr otherwise) {
  if (condition.isConstant())
    return condition.isConstant(0) ? otherwise : then;
  if (then == otherwise)
    return then;
  for (ExprAttr operand : {condition, then, otherwise})
    if (operand.isUnknown())
      return operand;
  condition = truthOf(condition);
  if (condition.isConstant())
    return condition.isConstant(0) ? otherwise : then;
  if (condition.getKind() == ExprKind::Not)
    return normalizeIte(condition.getOperands()[0], otherwise, then);
  if (then.isConstant(1) && otherwise.isConstant(0))
    return condition;
  if (then.isConstant(0) && otherwise.isConstant(1))
    return ExprAttr::get(ExprKind::Not, {condition});
  return makeNode(condition.getContext(), ExprKind::Ite,
                  {condition, then, otherwise});
}

static bool applyF32Comparison(ExprKind kind, float a, float b) {
  if (kind == ExprKind::Eq)
    return a == b;
  return kind == ExprKind::Lt ? a < b : a <= b;
}

static ExprAttr compareF32(ExprKind kind, ExprAttr a, ExprAttr b) {
  if (a.getKind() == ExprKind::F32Constant &&
      b.getKind() == ExprKind::F32Constant)
    return ExprAttr::constant(
        a.getContext(), applyF32Comparison(kind, a.getFloat(), b.getFloat()));
  return makeNode(a.getContext(), kind, {a, b});
}

/// The largest integer that divides all coefficients but the constant's.
static int64_t commonCoefficient(ArrayRef<Term> terms) {
  int64_t common = 0;
  for (const Term &term : terms)
    if (!term.isConstant() && term.coefficient != INT64_MIN)
      common = std::gcd(common, term.coefficient);
    else if (!term.isConstant())
      return 1;
  return common;
}

/// `terms` as `left - right + constant`, both sums with positive coefficients.
static void splitBySign(ArrayRef<Term> terms, Terms &left, Terms &right,
                        int64_t &constant) {
  constant = 0;
  for (const Term &term : terms) {
    if (term.isConstant())
      constant = term.coefficient;
    else if (term.coefficient > 0)
      left.push_back(term);
    else
      right.push_back({-term.coefficient, term.factors});
  }
}

/// `terms == 0`.
static ExprAttr equalsZero(MLIRContext *context, Terms terms) {
  int64_t common = commonCoefficient(terms), constant;
  for (Term &term : terms) {
    if (term.coefficient % common != 0) // Only the constant can be so.
      return ExprAttr::constant(context, 0);
    term.coefficient /= common;
  }
  if (terms.front().coefficient < 0)
    for (Term &term : terms)
      term.coefficient = -term.coefficient;
  Terms left, right;
  splitBySign(terms, left, right, constant);
  (constant > 0 && !right.empty() ? left : right)
      .push_back({constant > 0 && !right.empty() ? constant : -constant, {}});
  return makeNode(context, ExprKind::Eq,
                  {fromTerms(context, std::move(left)),
                   fromTerms(context, std::move(right))});
}

/// `x floordiv d <= c` and `c <= x floordiv d` as comparisons of x, or null.
static ExprAttr withoutQuotient(ArrayRef<Term> terms) {
  const Term &term = terms.front();
  bool isSingle =
      terms.size() == 1 || (terms.size() == 2 && terms.back().isConstant());
  if (!isSingle || term.factors.size() != 1 ||
      std::abs(term.coefficient) != 1 ||
      term.factors.front().getKind() != ExprKind::FloorDiv)
    return {};
  ArrayRef<ExprAttr> operands = term.factors.front().getOperands();
  if (!operands[1].isConstant())
    return {};
  ExprAttr x = operands[0], d = operands[1];
  int64_t k = terms.size() == 2 ? terms.back().coefficient : 0;
  if (term.coefficient == -1) { // k <= q.
    ExprAttr least = d.times(k);
    return least.isUnknown() ? ExprAttr()
                             : ExprAttr::get(ExprKind::Le, {least, x});
  }
  ExprAttr most = d.times(-k).plus(d.getValue() - 1); // q <= -k.
  return most.isUnknown() ? ExprAttr() : ExprAttr::get(ExprKind::Le, {x, most});
}

/// `terms <= 0`.
static ExprAttr atMostZero(MLIRContext *context, Terms terms) {
  int64_t common = commonCoefficient(terms), constant;
  for (Term &term : terms) // The constant rounds up: A <= floor(-r / g).
    term.coefficient = -floorDivide(-term.coefficient, common);
  if (ExprAttr simpler = withoutQuotient(terms))
    return simpler;
  Terms left, right;
  splitBySign(terms, left, right, constant);
  if (constant == 1)
    return makeNode(context, ExprKind::Lt,
                    {fromTerms(context, std::move(left)),
                     fromTerms(context, std::move(right))});
  bool onLeft = constant > 0 && !right.empty();
  (onLeft ? left : right).push_back({onLeft ? constant : -constant, {}});
  return makeNode(context, ExprKind::Le,
                  {fromTerms(context, std::move(left)),
                   fromTerms(context, std::move(right))});
}

/// `choice` without its operand `x`, or null where it is none of its operands.
static ExprAttr otherChoices(ExprAttr choice, ExprAttr x) {
  ExprKind kind = choice.getKind();
  if (kind != ExprKind::Min && kind != ExprKind::Max)
    return {};
  SmallVector<ExprAttr> others(choice.getOperands());
  llvm::erase(others, x);
  return others.size() == choice.getOperands().size()
             ? ExprAttr()
             : ExprAttr::get(kind, others);
}

/// `x == min(x, y)` as `x <= y`, and `x == max(x, y)` as `y <= x`, or null.
static ExprAttr compareChoice(ExprAttr a, ExprAttr b) {
  for (auto [choice, x] : {std::pair(a, b), std::pair(b, a)})
    if (ExprAttr others = otherChoices(choice, x))
      return choice.getKind() == ExprKind::Min
                 ? ExprAttr::get(ExprKind::Le, {x, others})
                 : ExprAttr::get(ExprKind::Le, {others, x});
  return {};
}

static ExprAttr compareIntegers(ExprKind kind, ExprAttr a, ExprAttr b) {
  MLIRContext *context = a.getContext();
  ExprAttr difference = ExprAttr::sub(a, b);
  if (kind == ExprKind::Lt)
    difference = difference.plus(1);
  if (difference.isUnknown())
    return difference;
  bool isEqual = kind == ExprKind::Eq;
  if (isEqual)
    if (ExprAttr order = compareChoice(a, b))
      return order;
  if (std::optional<int64_t> value = difference.asConstant())
    return ExprAttr::constant(context, isEqual ? *value == 0 : *value <= 0);
  Terms terms = termsOf(difference);
  for (const Term &term : terms)
    if (term.coefficient == INT64_MIN) // Its negative is no int64_t.
      return ExprAttr::unknown(context);
  return isEqual ? equalsZero(context, std::move(terms))
                 : atMostZero(context, std::move(terms));
}

static ExprAttr negate(ExprAttr operand) {
  MLIRContext *context = operand.getContext();
  if (operand.isConstant())
    return ExprAttr::constant(context, operand.isConstant(0));
  ExprKind kind = operand.getKind();
  if (kind == ExprKind::Not)
    return truthOf(operand.getOperands()[0]);
  if (!isConditionKind(kind))
    return ExprAttr::get(ExprKind::Eq,
                         {operand, ExprAttr::constant(context, 0)});
  bool isOrder = kind == ExprKind::Lt || kind == ExprKind::Le;
  if (isOrder && !operand.getOperands()[0].isF32()) // NaN is on neither side.
    return ExprAttr::get(kind == ExprKind::Lt ? ExprKind::Le : ExprKind::Lt,
                         {operand.getOperands()[1], operand.getOperands()[0]});
  return makeNode(context, ExprKind::Not, {operand});
}

static ExprAttr combine(ExprKind kind, ArrayRef<ExprAttr> operands) {
  MLIRContext *context = operands.front().getContext();
  const int64_t absorbing = kind == ExprKind::Or;
  SmallVector<ExprAttr> flat;
  for (ExprAttr operand : operands) {
    ExprAttr truth = truthOf(operand);
    if (truth.isConstant(absorbing) || truth.isUnknown())
      return truth;
    if (truth.getKind() == kind)
      llvm::append_range(flat, truth.getOperands());
    else if (!truth.isConstant())
      flat.push_back(truth);
  }
  sortAndDeduplicate(flat);
  if (flat.empty())
    return ExprAttr::constant(context, !absorbing);
  if (flat.size() == 1)
    return flat.front();
  for (ExprAttr operand : flat)
    if (llvm::is_contained(flat, negate(operand)))
      return ExprAttr::constant(context, absorbing);
  return makeNode(context, kind, flat);
}

ExprAttr dycc::dyn::detail::normalizeCondition(ExprKind kind,
                                               ArrayRef<ExprAttr> operands) {
  if (kind == ExprKind::Not)
    return negate(operands.front());
  if (kind == ExprKind::And || kind == ExprKind::Or)
    return combine(kind, operands);
  if (operands[0].isF32())
    return compareF32(kind, operands[0], operands[1]);
  return compareIntegers(kind, operands[0], operands[1]);
}
