#ifndef DYCC_COMPILER_DRIVER_SYMBOLOPTIONS_H
#define DYCC_COMPILER_DRIVER_SYMBOLOPTIONS_H

#include "compiler/driver/Compile.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace dycc {

/// Applies what the user says of the inputs to an imported module: `--dim`
/// declares symbols (`H=16..1080%4`, `H=224`, `H=..1080`, `H=16..`),
/// `--input-shape` names or fixes the dims of an input (`x:1x3xHxW`).
/// Fails naming the option, what was found and what was expected.
llvm::Error applySymbolOptions(mlir::ModuleOp module,
                               const CompileOptions &options);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_SYMBOLOPTIONS_H
