#ifndef DYCC_CODEGEN_HALIDE_KERNELCOMPILER_H
#define DYCC_CODEGEN_HALIDE_KERNELCOMPILER_H

#include "codegen/target/TargetInfo.h"
#include "dialects/dyn/DynOps.h"
#include "llvm/ADT/ArrayRef.h"
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace dycc::halide {

/// A kernel to compile. Its function is
///   int name(void *frame, inputs as halide_buffer_t *...,
///            int32_t symbols..., outputs as halide_buffer_t *...)
/// with the symbols of the body in the order of the group's `symbols` (s0, s1,
/// ...), or of their first appearance where the group is not canonical. A
/// kernel reads no more of a buffer than its pointer. The one of an input
/// without elements must still point at DYCC_NOTHING_BYTES readable bytes.
struct KernelJob {
  dyn::GroupOp group;
  std::string name;
  dyn::KernelPlanAttr plan = {}; ///< Null: the best for the target.
};

/// A compiled kernel.
struct Kernel {
  std::string object; ///< Bytes of an ELF object that defines the function.
  /// Bytes of halide_malloc that one thread holds at most, over the symbols of
  /// the group's body.
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
  mlir::Operation *op; ///< In the group's body, or the group itself.
  std::string reason;  ///< "expects a constant window, got extent 's4'".
  /// The reason is for the developers of dycc.
  bool isDefect = false;
};

/// Why no kernel can be made of a canonical group, if so: defines it as its
/// compilation would do, which takes a few milliseconds. Everything that is
/// refused for what the model is has to be found by this.
std::optional<KernelRefusal> whyNoKernel(dyn::GroupOp group,
                                         const codegen::TargetInfo &target);

/// The plan of such a group for the target, or why there is no kernel.
using KernelOrRefusal = std::variant<dyn::KernelPlanAttr, KernelRefusal>;
KernelOrRefusal planKernel(dyn::GroupOp group,
                           const codegen::TargetInfo &target);

/// The symbols of a group's body, in the order of the kernel's parameters:
/// s0, s1, ... of a canonical group, else by first appearance (types of the
/// block arguments; then, op by op, expressions and result types).
llvm::SmallVector<llvm::StringRef> kernelSymbols(dyn::GroupOp group);

/// Compiles each job in a forked process of its own, or takes it from the
/// cache. Emits an error at the group of each job that fails; then fails as a
/// whole. Groups that whyNoKernel() has a reason for are not for it. No other
/// thread of the process may hold a lock meanwhile.
mlir::FailureOr<std::vector<Kernel>>
compileKernels(llvm::ArrayRef<KernelJob> jobs,
               const codegen::TargetInfo &target, const KernelOptions &options);

/// What makes a kernel: operators, types and symbols of the body, as text.
/// Equal texts give equal kernels.
std::string kernelText(dyn::GroupOp group);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_KERNELCOMPILER_H
