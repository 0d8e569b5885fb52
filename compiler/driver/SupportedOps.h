// What the compiler can do with each operator, and the check that a model has
// no other.
#ifndef DYCC_COMPILER_DRIVER_SUPPORTEDOPS_H
#define DYCC_COMPILER_DRIVER_SUPPORTEDOPS_H

#include "mlir/IR/BuiltinOps.h"

namespace dycc {

/// What becomes of an operator.
enum class Support {
  Kernel,   ///< A kernel computes it.
  Runtime,  ///< A call of the runtime.
  Host,     ///< Code of the host program, a view or a constant.
  Expanded, ///< Normalize writes it by means of others.
  Refused,
};

struct OperatorSupport {
  Support kind;
  /// Why it is refused, or which form is.
  llvm::StringRef note;
};

/// By the operator's name in ONNX's default domain, e.g. "Conv".
OperatorSupport supportOf(llvm::StringRef name);
llvm::StringRef stringify(Support support);

/// Reports each node of a module that no later stage can handle, all of them in
/// one run. Before normalize is done, operators that it expands pass.
mlir::LogicalResult checkOperators(mlir::ModuleOp module, bool isNormalized);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_SUPPORTEDOPS_H
