#ifndef DYCC_COMPILER_DRIVER_SYMBOLTEXTS_H
#define DYCC_COMPILER_DRIVER_SYMBOLTEXTS_H

#include "dialects/dyn/DynOps.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"

namespace dycc {

/// `expr`, the text of an expression, with quotients that round up written so:
/// "ceil(H / 4)" for "(H + 3) floordiv 4", as which the normal form has them.
std::string withCeilings(llvm::StringRef expr);

/// Expressions as a person reads them, in the names of the model.
class SymbolTexts {
public:
  explicit SymbolTexts(mlir::ModuleOp module);

  /// What a derived symbol stands for, or an execution symbol that `dyn.define`
  /// computes, without short names; null for other symbols.
  dyn::ExprAttr definitionOf(llvm::StringRef name) const {
    return definitions.lookup(name);
  }
  /// `expr` without the symbols whose definitions are short.
  dyn::ExprAttr withoutShortNames(dyn::ExprAttr expr) const {
    return expr.substitute(
        [&](llvm::StringRef name) { return shortOnes.lookup(name); });
  }
  std::string str(dyn::ExprAttr expr) const {
    return withCeilings(withoutShortNames(expr).str());
  }
  /// Element type and extents: "f32[N, 3, 2 * H]".
  std::string str(mlir::Type type) const;
  /// Symbols that are left in `exprs`, written so, and have a definition: with
  /// it, in order of appearance.
  std::vector<std::pair<std::string, dyn::ExprAttr>>
  longNames(llvm::ArrayRef<dyn::ExprAttr> exprs) const;
  /// Whether no symbol of the module has that name.
  bool isFree(llvm::StringRef name) const { return !names.contains(name); }

private:
  void define(llvm::StringRef name, dyn::ExprAttr definition);

  llvm::StringMap<dyn::ExprAttr> definitions, shortOnes;
  llvm::StringSet<> names;
};

/// Names for what several sizes have in common: "t0" for N * H * W.
class CommonTerms {
public:
  CommonTerms(const SymbolTexts &texts, llvm::ArrayRef<dyn::ExprAttr> sizes);

  /// `size` with the names in it.
  dyn::ExprAttr shorten(dyn::ExprAttr size) const;
  /// `expr` with the names of terms that it is a sum of.
  dyn::ExprAttr inTerms(dyn::ExprAttr expr) const;
  /// Each name and what it is the name of.
  std::vector<std::pair<std::string, dyn::ExprAttr>> definitions() const;

private:
  const SymbolTexts &texts;
  llvm::MapVector<dyn::ExprAttr, dyn::ExprAttr> nameOf;
};

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_SYMBOLTEXTS_H
