#ifndef DYCC_PASSES_FUSE_RUNTIMECALL_H
#define DYCC_PASSES_FUSE_RUNTIMECALL_H

#include "dialects/dyn/DynOps.h"

namespace dycc::fuse {

/// A call of the runtime: the operator's name there, its integer parameters as
/// runtime/abi/Operators.h has them, and its operands.
struct RuntimeCall {
  llvm::StringRef callee;
  llvm::SmallVector<dyn::ExprAttr> parameters;
  llvm::SmallVector<mlir::Value> inputs;
};

/// What an operator that looks into strings becomes. Strings and tables that it
/// has as attributes are constants, made in front of it.
std::optional<RuntimeCall> textCallOf(mlir::Operation *op);

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_RUNTIMECALL_H
