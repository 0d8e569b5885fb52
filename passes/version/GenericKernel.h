#ifndef DYCC_PASSES_VERSION_GENERICKERNEL_H
#define DYCC_PASSES_VERSION_GENERICKERNEL_H

#include "dialects/dyn/DynOps.h"
#include "dialects/onnx/OnnxOps.h"

namespace dycc::version {

/// A kernel without what its plans need not know.
struct GenericKernel {
  dyn::KernelOp original;
  dyn::KernelOp kernel; ///< A copy of it, over more symbols; in no module.
  /// What the symbols of `kernel` stand for, over those of the original.
  llvm::SmallVector<dyn::ExprAttr> meaning = {};
  /// Constants of `kernel` that may as well be arguments.
  llvm::SmallVector<onnx::ConstantOp> scalars = {};
  /// Kernels of equal text are one kernel, but for their scalars.
  std::string text = {};
};

/// The body and the versions of a kernel: equal texts are one kernel.
std::string textOf(dyn::KernelOp kernel);

/// `kernel`, which has versions, with a symbol for each channel extent that all
/// of its plans leave free; with `isDeep` for those too at which plans lose a
/// little. Nothing where it has nothing to leave open.
std::optional<GenericKernel> makeGeneric(dyn::KernelOp kernel, bool isDeep);

} // namespace dycc::version

#endif // DYCC_PASSES_VERSION_GENERICKERNEL_H
