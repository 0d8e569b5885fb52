#ifndef DYCC_CODEGEN_HALIDE_KERNELCOMPILER_H
#define DYCC_CODEGEN_HALIDE_KERNELCOMPILER_H

#include "codegen/halide/TargetInfo.h"
#include "dialects/dyn/DynOps.h"
#include "llvm/ADT/ArrayRef.h"
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dycc::halide {

/// A compiled kernel.
struct Kernel {
  std::string object; ///< Bytes of an ELF object that defines the function.
  /// Bytes of halide_malloc that one thread holds at most, over the kernel's
  /// symbols.
  dyn::ExprAttr scratchBytes;
};

struct KernelOptions {
  unsigned jobs = 1;    ///< Worker processes at once.
  std::string cacheDir; ///< Empty: no cache.
  /// Is told what went wrong inside the kernel compiler, in words for its
  /// developers.
  std::function<void(llvm::StringRef)> onDefect = {};
  /// Is told how many kernels of how many are there, from the cache too.
  std::function<void(size_t done, size_t all)> onProgress = {};
};

/// Why there is no kernel for an operator.
struct KernelRefusal {
  mlir::Operation *op; ///< In the kernel's body, or the kernel itself.
  std::string reason;  ///< "expects a constant window, got extent 's4'".
  /// The reason is for the developers of dycc.
  bool isDefect = false;
};

/// Why no object can be made of a kernel, if so: defines it as its
/// compilation would do, which takes a few milliseconds. Everything that is
/// refused for what the model is has to be found by this.
std::optional<KernelRefusal> whyNoKernel(dyn::KernelOp kernel,
                                         const TargetInfo &target);

/// The names of the kernel's symbols, in the order of its parameters.
llvm::SmallVector<llvm::StringRef> kernelSymbols(dyn::KernelOp kernel);

/// Compiles each kernel in a forked process of its own, or takes it from the
/// cache. The function is
///   int name(void *frame, inputs as halide_buffer_t *...,
///            int32_t symbols..., outputs as halide_buffer_t *...)
/// with the kernel's name and symbols. It reads no more of a buffer than its
/// pointer. The one of an input without elements must still point at
/// DYCC_NOTHING_BYTES readable bytes.
///
/// Emits an error at each kernel that fails; then fails as a whole. Kernels
/// that whyNoKernel() has a reason for are not for it. No other thread of the
/// process may hold a lock meanwhile.
mlir::FailureOr<std::vector<Kernel>>
compileKernels(llvm::ArrayRef<dyn::KernelOp> kernels, const TargetInfo &target,
               const KernelOptions &options);

/// What makes a kernel: operators, types and symbols of the body, as text.
/// Equal texts give equal kernels.
std::string kernelText(dyn::KernelOp kernel);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_KERNELCOMPILER_H
