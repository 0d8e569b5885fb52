#ifndef DYCC_PASSES_SHAPE_SYMBOLSCOPES_H
#define DYCC_PASSES_SHAPE_SYMBOLSCOPES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace dycc::shape {

/// Checks that each execution symbol has its value where it is used: in the
/// block of what defines it or below, and behind it.
mlir::LogicalResult checkSymbolScopes(mlir::func::FuncOp function);

} // namespace dycc::shape

#endif // DYCC_PASSES_SHAPE_SYMBOLSCOPES_H
