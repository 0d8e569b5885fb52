// The normal form of quotients and remainders. A remainder is written with the
// quotient, `a - b * (a floordiv b)`, and a quotient by a constant rounds down:
// so there is one form for each value, and what cancels does cancel.
#include "dialects/dyn/ExprDetail.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>

using namespace mlir;
using namespace dycc::dyn;
using namespace dycc::dyn::detail;

int64_t dycc::dyn::detail::floorDivide(int64_t a, int64_t b) {
  int64_t quotient = a / b;
  return quotient - ((a % b != 0) && ((a < 0) != (b < 0)));
}

/// Removes `divisor` (both sorted alike) from `factors`; false if it is not in.
static bool removeFactors(SmallVectorImpl<ExprAttr> &factors,
                          ArrayRef<ExprAttr> divisor) {
  for (ExprAttr factor : divisor) {
    auto *found = llvm::find(factors, factor);
    if (found == factors.end())
      return false;
    factors.erase(found);
  }
  return true;
}

/// The term that leads in the order by degree, then by factors.
static const Term &leadingTerm(ArrayRef<Term> terms) {
  return *llvm::min_element(terms, [](const Term &a, const Term &b) {
    if (a.factors.size() != b.factors.size())
      return a.factors.size() > b.factors.size();
    return compareFactors(a.factors, b.factors) < 0;
  });
}

ExprAttr dycc::dyn::detail::divideExactly(ExprAttr a, ExprAttr b) {
  constexpr int kMaxSteps = 64;
  MLIRContext *context = a.getContext();
  if (b.isConstant(0))
    return {};
  Term divisor = leadingTerm(termsOf(b));
  ExprAttr quotient = ExprAttr::constant(context, 0), rest = a;
  for (int step = 0; step != kMaxSteps && !rest.isUnknown(); ++step) {
    if (rest.isConstant(0))
      return quotient;
    Term term = leadingTerm(termsOf(rest));
    if (term.coefficient == INT64_MIN || // Divided by -1 it overflows.
        term.coefficient % divisor.coefficient ||
        !removeFactors(term.factors, divisor.factors))
      return {};
    term.coefficient /= divisor.coefficient;
    ExprAttr part = fromTerm(context, term);
    quotient = ExprAttr::add(quotient, part);
    rest = ExprAttr::sub(rest, ExprAttr::mul(part, b));
  }
  return {};
}

/// Divides all terms of both sides by the factors and the integer they share.
static void cancelCommon(ExprAttr &a, ExprAttr &b) {
  MLIRContext *context = a.getContext();
  Terms above = termsOf(a), below = termsOf(b);
  Term common{0, below.front().factors};
  for (Terms *terms : {&above, &below})
    for (const Term &term : *terms) {
      if (term.coefficient == INT64_MIN)
        return;
      common.coefficient = std::gcd(common.coefficient, term.coefficient);
      SmallVector<ExprAttr, 2> shared, left = term.factors;
      for (ExprAttr factor : common.factors)
        if (removeFactors(left, {factor}))
          shared.push_back(factor);
      common.factors = std::move(shared);
    }
  for (Terms *terms : {&above, &below})
    for (Term &term : *terms) {
      term.coefficient /= common.coefficient;
      removeFactors(term.factors, common.factors);
    }
  a = fromTerms(context, std::move(above));
  b = fromTerms(context, std::move(below));
}

/// `(x floordiv d + k) floordiv c` as `(x + k * d) floordiv (c * d)`, or null.
static ExprAttr flattenNested(ExprAttr a, int64_t c) {
  Terms terms = termsOf(a);
  if (terms.size() > 2 || terms.front().coefficient != 1 ||
      terms.front().factors.size() != 1)
    return {};
  int64_t k = 0;
  if (terms.size() == 2) {
    if (!terms[1].isConstant())
      return {};
    k = terms[1].coefficient;
  }
  ExprAttr inner = terms.front().factors.front();
  if (inner.getKind() != ExprKind::FloorDiv ||
      !inner.getOperands()[1].isConstant())
    return {};
  int64_t d = inner.getOperands()[1].getValue(), offset, divisor;
  if (llvm::MulOverflow(k, d, offset) || llvm::MulOverflow(c, d, divisor))
    return {};
  ExprAttr sum = inner.getOperands()[0].plus(offset);
  return ExprAttr::floorDiv(sum, ExprAttr::constant(a.getContext(), divisor));
}

/// `a floordiv c` for c > 1: whole multiples of c leave the quotient, then what
/// the rest shares with c is cancelled.
static ExprAttr floorDivByConstant(ExprAttr a, int64_t c) {
  MLIRContext *context = a.getContext();
  Terms whole, rest;
  int64_t common = c, remainder = 0;
  for (Term &term : termsOf(a)) {
    int64_t quotient = floorDivide(term.coefficient, c);
    whole.push_back({quotient, term.factors});
    term.coefficient -= quotient * c;
    if (term.isConstant())
      remainder = term.coefficient;
    else if (term.coefficient != 0) {
      common = std::gcd(common, term.coefficient);
      rest.push_back(std::move(term));
    }
  }
  ExprAttr outside = fromTerms(context, std::move(whole));
  if (rest.empty()) // What is left is the constant, which is less than c.
    return outside;
  for (Term &term : rest)
    term.coefficient /= common;
  rest.push_back({remainder / common, {}});
  ExprAttr inside = fromTerms(context, std::move(rest));
  if (common != 1)
    return ExprAttr::add(
        outside,
        ExprAttr::floorDiv(inside, ExprAttr::constant(context, c / common)));
  ExprAttr quotient = flattenNested(inside, c);
  if (!quotient)
    quotient = makeNode(context, ExprKind::FloorDiv,
                        {inside, ExprAttr::constant(context, c)});
  return ExprAttr::get(ExprKind::Add, {outside, quotient});
}

static ExprAttr divideByConstant(ExprKind kind, ExprAttr a, int64_t c) {
  MLIRContext *context = a.getContext();
  if (c == 0)
    return ExprAttr::unknown(context);
  if (c == 1)
    return a;
  if (c < 0) {
    if (c == INT64_MIN)
      return ExprAttr::unknown(context);
    return ExprAttr::get(kind, {a.times(-1), ExprAttr::constant(context, -c)});
  }
  if (kind == ExprKind::FloorDiv)
    return floorDivByConstant(a, c);
  if (kind == ExprKind::CeilDiv)
    return ExprAttr::floorDiv(a.plus(c - 1), ExprAttr::constant(context, c));
  return {};
}

ExprAttr dycc::dyn::detail::normalizeDivision(ExprKind kind, ExprAttr a,
                                              ExprAttr b) {
  if (kind == ExprKind::Mod || kind == ExprKind::TruncMod) {
    ExprKind quotient =
        kind == ExprKind::Mod ? ExprKind::FloorDiv : ExprKind::TruncDiv;
    return ExprAttr::sub(a, ExprAttr::mul(b, ExprAttr::get(quotient, {a, b})));
  }
  if (b.isConstant())
    if (ExprAttr result = divideByConstant(kind, a, b.getValue()))
      return result;
  if (a.isConstant(0))
    return a;
  if (a.isConstant() && b.isConstant()) // Only truncation is left here.
    return ExprAttr::constant(a.getContext(), a.getValue() / b.getValue());
  if (ExprAttr exact = divideExactly(a, b))
    return exact;
  ExprAttr oldDivisor = b;
  cancelCommon(a, b);
  if (b != oldDivisor)
    return ExprAttr::get(kind, {a, b});
  return makeNode(a.getContext(), kind, {a, b});
}
