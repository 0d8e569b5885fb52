#ifndef DYCC_COMPILER_REPORT_EXPRSCRIPT_H
#define DYCC_COMPILER_REPORT_EXPRSCRIPT_H

#include "dialects/dyn/DynOps.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace dycc {

/// Expressions as JavaScript: integers are BigInts, which do not overflow, and
/// f32 numbers that Math.fround rounds. Each expression is computed once: it is
/// a constant of the script from its first use on. The functions that it calls
/// are those of page/numbers.js.
class ExprScript {
public:
  /// Input symbols are elements of the array `symbols`, in the order of their
  /// declarations; derived ones are computed where they are first used.
  explicit ExprScript(mlir::ModuleOp module);

  /// What stands for the value of `expr` behind definitions(): a name or a
  /// literal. Its symbols must be input symbols or derived of those.
  std::string emit(dyn::ExprAttr expr);
  /// A constant that is `text`; its name.
  std::string define(const std::string &text);
  /// Statements, a line each.
  const std::string &definitions() const { return statements; }

private:
  std::string emitSymbol(llvm::StringRef name);
  std::string textOf(dyn::ExprAttr expr, llvm::ArrayRef<std::string> operands);

  llvm::StringMap<dyn::ExprAttr> derived;
  llvm::StringMap<unsigned> inputs;
  llvm::DenseMap<dyn::ExprAttr, std::string> names;
  llvm::StringMap<std::string> texts; ///< Names of what define() was given.
  std::string statements;
};

} // namespace dycc

#endif // DYCC_COMPILER_REPORT_EXPRSCRIPT_H
