// The checks that a model has no operator, and none in a form, that the
// compiler cannot handle.
#ifndef DYCC_COMPILER_DRIVER_SUPPORTEDOPS_H
#define DYCC_COMPILER_DRIVER_SUPPORTEDOPS_H

#include "codegen/target/Backend.h"
#include "compiler/driver/Compile.h"
#include "compiler/import/Import.h"

namespace dycc {

/// Whether memory can hold a value of this type.
bool canHold(mlir::Type type);

/// Reports each node of a module that no later stage can handle, all of them in
/// one run, and marks it: the next call says nothing of it. Before normalize is
/// done, operators that it expands pass.
mlir::LogicalResult checkOperators(mlir::ModuleOp module, bool isNormalized);

/// Reports what no operator has to do with: an input that is an output or
/// unused, and a constant that is an output, of a type that nothing can hold.
mlir::LogicalResult checkEdges(mlir::ModuleOp module);

/// Reports the nodes that import left out for errors of others, where no stage
/// could handle them.
void checkSkipped(llvm::ArrayRef<SkippedNode> nodes);

/// Makes a module complete of which some operators are marked or have results
/// whose shapes are not known: takes them out, with all that depends on their
/// shapes, and puts inputs of the model in the place of their other results.
/// So the stages behind can say what they refuse of the rest.
void setRefusedAside(mlir::ModuleOp module);

/// Reports each operator in a group, after the fuse stage, that no kernel can
/// be made of in this form.
CompileStatus checkKernels(mlir::ModuleOp module,
                           const codegen::Backend &backend);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_SUPPORTEDOPS_H
