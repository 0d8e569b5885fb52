#ifndef DYCC_CODEGEN_LLVM_LIVEFORMULA_H
#define DYCC_CODEGEN_LLVM_LIVEFORMULA_H

#include "passes/plan/Liveness.h"

#include "llvm/ADT/SetVector.h"

namespace dycc::codegen {

/// What is live in the arena at each launch of a planned function, in the order
/// of the text: values that are read later, operands and results, of which one
/// that is written over an operand counts in its stead.
struct LiveFormula {
  LiveFormula(mlir::func::FuncOp main, const dyn::ExecutionBounds &bounds);

  /// Of values, in bytes over input symbols; each once.
  llvm::SetVector<dyn::ExprAttr> sizes;
  /// As DyccModelDesc::liveSteps has them.
  std::vector<int32_t> steps;
};

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_LLVM_LIVEFORMULA_H
