#ifndef DYCC_PASSES_SHAPE_SYMBOLDECLARATIONS_H
#define DYCC_PASSES_SHAPE_SYMBOLDECLARATIONS_H

#include "passes/shape/Solver.h"
#include "passes/shape/SymbolicValue.h"
#include "llvm/ADT/StringSet.h"

namespace dycc::shape {

/// Gathers the symbols in what a pass writes into a function, and declares
/// those that the solver has made: it may have met others on its way that are
/// of no use in the end.
class SymbolDeclarations {
public:
  explicit SymbolDeclarations(const Solver &solver);

  /// Notes that `expr` will be in the IR.
  void add(ExprAttr expr);
  void add(llvm::ArrayRef<ExprAttr> exprs) {
    for (ExprAttr expr : exprs)
      add(expr);
  }
  /// Writes what the solver reads of tensors into symbols. A later solution
  /// keeps their names.
  void insertReads();
  /// Whether what was noted needs a symbol.
  bool uses(llvm::StringRef name) const { return used.contains(name); }
  /// Adds the `dyn.symbol` ops, and a `dyn.define` for each name of what only
  /// execution knows. Reads must be there.
  void write(mlir::func::FuncOp function);

private:
  void addSymbol(llvm::StringRef name);
  void declare(mlir::func::FuncOp function);
  void define(mlir::func::FuncOp function);

  const Solver &solver;
  llvm::StringMap<const SymbolInfo *> infos;
  llvm::StringSet<> used;
};

/// The last operation of `block`, or in a region of one, that defines a symbol
/// of `exprs`; null where all are known at its start.
mlir::Operation *findLastDefiner(mlir::Block *block,
                                 llvm::ArrayRef<ExprAttr> exprs,
                                 const Definers &definers);

/// Erases names that nothing in the module mentions.
void eraseUnusedNames(mlir::ModuleOp module);

} // namespace dycc::shape

#endif // DYCC_PASSES_SHAPE_SYMBOLDECLARATIONS_H
