// What is proved of two expressions: by the range of their difference, after
// the values at a few points have not shown the contrary.
#include "dialects/dyn/ExprDetail.h"

#include <numeric>

using namespace mlir;
using namespace dycc::dyn;
using namespace dycc::dyn::detail;

static bool canBeNegative(ExprAttr expr, const SymbolFacts &facts) {
  return anyProbe(probe(expr, facts), [](int64_t value) { return value < 0; });
}

bool dycc::dyn::detail::isNeverNegative(ExprAttr expr,
                                        const SymbolFacts &facts) {
  return !canBeNegative(expr, facts) && rangeOf(expr, facts).lower >= 0;
}

bool dycc::dyn::provablyEqual(ExprAttr a, ExprAttr b,
                              const SymbolFacts &facts) {
  if (a.isUnknown() || b.isUnknown())
    return false;
  if (a == b)
    return true;
  if (a.isF32() || b.isF32())
    return false;
  ExprAttr difference = ExprAttr::sub(a, b);
  if (anyProbe(probe(difference, facts), [](int64_t v) { return v != 0; }))
    return false;
  return simplify(difference, facts).isConstant(0);
}

bool dycc::dyn::provablyLessEqual(ExprAttr a, ExprAttr b,
                                  const SymbolFacts &facts) {
  ExprAttr difference = ExprAttr::sub(b, a);
  if (difference.isUnknown() || canBeNegative(difference, facts))
    return false;
  return isNeverNegative(simplify(difference, facts), facts);
}

bool dycc::dyn::provablyNotEqual(ExprAttr a, ExprAttr b,
                                 const SymbolFacts &facts) {
  ExprAttr difference = ExprAttr::sub(a, b);
  if (difference.isUnknown() ||
      anyProbe(probe(difference, facts), [](int64_t v) { return v == 0; }))
    return false;
  Interval range = rangeOf(difference, facts);
  if (range.lower > 0 || range.upper < 0)
    return true;
  Terms terms = termsOf(difference);
  int64_t constant = 0, common = 0;
  for (const Term &term : terms) {
    if (term.isConstant())
      constant = term.coefficient;
    else
      common =
          std::gcd(common, divisorOf(fromTerm(a.getContext(), term), facts));
  }
  return common == 0 ? constant != 0 : constant % common != 0;
}
