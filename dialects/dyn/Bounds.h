#ifndef DYCC_DIALECTS_DYN_BOUNDS_H
#define DYCC_DIALECTS_DYN_BOUNDS_H

#include "dialects/dyn/DynOps.h"

namespace dycc::dyn {

/// Bounds of expressions with execution symbols by input symbols alone: what
/// memory is reserved for before the model runs.
class ExecutionBounds {
public:
  explicit ExecutionBounds(mlir::ModuleOp module);

  /// Whether every symbol of `expr` is an input symbol.
  bool isOverInputs(ExprAttr expr) const;
  /// An expression over input symbols that is at least `expr`; `expr` itself
  /// where it has no execution symbol; null where there is no bound.
  ExprAttr bound(ExprAttr expr) const;
  const SymbolFacts &getFacts() const { return facts; }

private:
  /// Whether a larger value of any execution symbol cannot make `expr` smaller.
  bool isMonotone(ExprAttr expr) const;

  SymbolFacts facts;
  /// The bound of each execution symbol; null where there is none.
  llvm::StringMap<ExprAttr> bounds;
};

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_BOUNDS_H
