#ifndef DYCC_DIALECTS_DYN_EXPRVALUES_H
#define DYCC_DIALECTS_DYN_EXPRVALUES_H

#include "dialects/dyn/Expr.h"

#include "llvm/ADT/DenseMap.h"

namespace dycc::dyn {

/// Expressions where their symbols have certain values. What several of them
/// share is computed once. Sums and products stop at the ends of int64, and the
/// largest number stands for more than that: its quotients are as large.
class ExprValues {
public:
  void set(llvm::StringRef symbol, int64_t value) { symbols[symbol] = value; }

  /// Absent where a symbol has no value, for f32 and where it divides by zero.
  std::optional<int64_t> get(ExprAttr expr);

private:
  std::optional<int64_t> compute(ExprAttr expr);
  std::optional<int64_t> fold(ExprAttr expr);
  std::optional<int64_t> valueOf(llvm::StringRef symbol) const;

  llvm::StringMap<int64_t> symbols;
  llvm::DenseMap<ExprAttr, std::optional<int64_t>> known;
};

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_EXPRVALUES_H
