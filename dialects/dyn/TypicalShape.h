#ifndef DYCC_DIALECTS_DYN_TYPICALSHAPE_H
#define DYCC_DIALECTS_DYN_TYPICALSHAPE_H

#include "dialects/dyn/Expr.h"

namespace dycc::dyn {

/// What an extent in `range` is taken for where nobody says: the middle of a
/// range that the model declares, else 64, rounded to a multiple.
int64_t typicalExtent(Interval range, int64_t multiple);

/// What formulas come to where each extent is a typical one: what decides
/// between two that facts cannot compare.
class TypicalShape {
public:
  explicit TypicalShape(const SymbolFacts &facts) : facts(facts) {}

  /// Nothing for an f32 and where a divisor is zero.
  std::optional<int64_t> valueOf(ExprAttr expr);
  /// Of an input symbol its typical extent, of a name what its definition
  /// comes to.
  std::optional<int64_t> valueOf(llvm::StringRef symbol);

private:
  const SymbolFacts &facts;
  llvm::StringMap<std::optional<int64_t>> symbols;
};

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_TYPICALSHAPE_H
