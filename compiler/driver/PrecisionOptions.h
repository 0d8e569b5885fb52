#ifndef DYCC_COMPILER_DRIVER_PRECISIONOPTIONS_H
#define DYCC_COMPILER_DRIVER_PRECISIONOPTIONS_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace dycc {

/// The names of the nodes of an imported module that `--keep-f32` means by
/// `patterns`: of nodes or of operators, in which `*` and `?` stand for any
/// letters and one. Fails where a pattern means no node, and says which names
/// are near it.
llvm::Expected<std::vector<std::string>>
findKeptNodes(mlir::ModuleOp module, llvm::ArrayRef<std::string> patterns);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_PRECISIONOPTIONS_H
