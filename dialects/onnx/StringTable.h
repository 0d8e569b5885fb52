#ifndef DYCC_DIALECTS_ONNX_STRINGTABLE_H
#define DYCC_DIALECTS_ONNX_STRINGTABLE_H

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/StringMap.h"

namespace dycc::onnx {

/// The strings in constants of a function and in defaults of its inputs, each
/// once. Equal functions give equal tables: who writes the constants and who
/// writes the table need not meet. (docs/decisions/0026-strings.md)
class StringTable {
public:
  explicit StringTable(mlir::FunctionOpInterface function);

  /// What the handles 1, 2 and so on stand for; 0 is the empty string.
  llvm::ArrayRef<llvm::StringRef> strings() const { return texts; }
  /// The elements of a constant of this function as memory has them.
  std::vector<char> handlesOf(mlir::ElementsAttr constant) const;

private:
  void add(mlir::Attribute constant);

  llvm::SmallVector<llvm::StringRef> texts;
  llvm::StringMap<uint64_t> handles;
};

} // namespace dycc::onnx

#endif // DYCC_DIALECTS_ONNX_STRINGTABLE_H
