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
  /// Bytes over input symbols that surely hold a tensor of this type; null
  /// where there is no bound.
  ExprAttr boundBytes(mlir::Type type) const;
  const SymbolFacts &getFacts() const { return facts; }

private:
  /// An end of the interval that `expr` can be in, over input symbols; null
  /// where that end is open. Intervals whose ends are expressions: of a minimum
  /// one bounded operand is enough, so that what is clamped to an extent of an
  /// input is bounded by it.
  ExprAttr end(ExprAttr expr, bool upper) const;
  ExprAttr endOfSymbol(ExprAttr expr, bool upper) const;
  ExprAttr endOfProduct(ExprAttr expr, bool upper) const;
  ExprAttr endOfDivision(ExprAttr expr, bool upper) const;
  /// The end of a sum, minimum or maximum from those of its operands; of the
  /// latter two, `anyOperand`: operands without an end can be left out.
  ExprAttr combine(ExprAttr expr, bool upper, bool anyOperand) const;

  SymbolFacts facts;
  /// The bound of each execution symbol; null where there is none.
  llvm::StringMap<ExprAttr> bounds;
};

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_BOUNDS_H
