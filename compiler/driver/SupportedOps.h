// What the compiler can do with each operator, and the check that a model has
// no other.
#ifndef DYCC_COMPILER_DRIVER_SUPPORTEDOPS_H
#define DYCC_COMPILER_DRIVER_SUPPORTEDOPS_H

#include "codegen/halide/TargetInfo.h"
#include "compiler/driver/Compile.h"
#include "compiler/import/Import.h"

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
                           const halide::TargetInfo &target);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_SUPPORTEDOPS_H
