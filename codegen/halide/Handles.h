#ifndef DYCC_CODEGEN_HALIDE_HANDLES_H
#define DYCC_CODEGEN_HALIDE_HANDLES_H

#include "codegen/halide/KernelError.h"
#include "dialects/dyn/Handles.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/IR/Value.h"

namespace dycc::halide {

/// Throws where the elements of `value` can be moved and compared alone.
inline void expectNumbers(mlir::Value value) {
  if (dyn::isHandle(mlir::getElementTypeOrSelf(value.getType())))
    throw KernelError("expects numbers to compute with, got strings");
}

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_HANDLES_H
