#ifndef DYCC_COMPILER_DRIVER_PRECISIONOPTIONS_H
#define DYCC_COMPILER_DRIVER_PRECISIONOPTIONS_H

#include "compiler/driver/Compile.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace dycc {

/// The names of the nodes of an imported module that stay f32. `--keep-f32`
/// names nodes or operators, in which `*` and `?` stand for any letters and
/// one; a file of exceptions, and what was measured, nodes as they are. Fails
/// where a name means no node, and says which names are near it.
llvm::Expected<std::vector<std::string>>
findKeptNodes(mlir::ModuleOp module, const CompileOptions &options);

/// The nodes that store something in 16 bits as `options` are, in the order in
/// which the model computes them.
CompileStatus findRoundedNodes(const CompileOptions &options,
                               llvm::raw_ostream &errors,
                               std::vector<std::string> &nodes);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_PRECISIONOPTIONS_H
