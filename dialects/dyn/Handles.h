#ifndef DYCC_DIALECTS_DYN_HANDLES_H
#define DYCC_DIALECTS_DYN_HANDLES_H

#include "mlir/IR/BuiltinTypes.h"

namespace dycc::dyn {

/// Whether elements of this type are no numbers but handles: 64 bits that stand
/// for a string, equal where the strings are (docs/decisions/0026-strings.md).
inline bool isHandle(mlir::Type elementType) {
  return !llvm::isa<mlir::ComplexType>(elementType) &&
         !elementType.isIntOrFloat();
}

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_HANDLES_H
