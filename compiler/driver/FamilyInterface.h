#ifndef DYCC_COMPILER_DRIVER_FAMILYINTERFACE_H
#define DYCC_COMPILER_DRIVER_FAMILYINTERFACE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace dycc {

/// What a caller sees of a model that may take the place of another one.
struct ModelInterface {
  /// Names, element types and extents.
  std::vector<std::string> inputs;
  /// Names and ranges of the unknown extents.
  std::vector<std::string> symbols;
  /// Names, element types and ranks: extents may be others.
  std::vector<std::string> outputs;
};

/// Of a module behind the plan stage.
ModelInterface interfaceOf(mlir::ModuleOp module);

/// Fails where a caller of the variant `first` cannot use `other` as well,
/// saying what differs.
llvm::Error checkInterface(llvm::StringRef firstName,
                           const ModelInterface &first,
                           llvm::StringRef otherName,
                           const ModelInterface &other);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_FAMILYINTERFACE_H
