#ifndef DYCC_CODEGEN_KERNELS_KERNELCOMPILER_H
#define DYCC_CODEGEN_KERNELS_KERNELCOMPILER_H

#include "codegen/target/Backend.h"
#include "llvm/ADT/ArrayRef.h"
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dycc::codegen {

/// A compiled version of a kernel.
struct Kernel {
  std::string name;   ///< Of the function.
  std::string object; ///< Bytes of an ELF object that defines the function.
  /// Bytes of halide_malloc that one thread holds at most, over the kernel's
  /// symbols.
  dyn::ExprAttr scratchBytes;
  /// What its process took; nothing where the cache had it, or a kernel before
  /// it is the same.
  std::optional<double> seconds;
};

class KernelServer;

struct KernelOptions {
  unsigned jobs = 1;    ///< Worker processes at once.
  std::string cacheDir; ///< Empty: no cache.
  /// Compiles them, with the same back end; null: one that is started for it.
  KernelServer *server = nullptr;
  /// Is told what went wrong inside the kernel compiler, in words for its
  /// developers.
  std::function<void(llvm::StringRef)> onDefect = {};
  /// Is told how many kernels of how many are there, and how many of these the
  /// cache had.
  std::function<void(size_t done, size_t all, size_t cached)> onProgress = {};
};

/// Compiles each version of each kernel in a forked process of its own, or
/// takes it from the cache. The function is
///   int name(void *frame, inputs as halide_buffer_t *...,
///            int32_t symbols..., outputs as halide_buffer_t *...)
/// with the name of the version's function and the kernel's symbols. It reads
/// no more of a buffer than its pointer. The one of an input without elements
/// must still point at DYCC_NOTHING_BYTES readable bytes.
///
/// The results are in the order of the kernels and of their versions; a kernel
/// without versions has one, which the back end chooses. Emits an error at
/// each kernel that fails, a plan that does not fit included; then fails as a
/// whole. Kernels that Backend::plan() has a reason for are not for it. Without
/// a server, no other thread of the process may hold a lock meanwhile.
mlir::FailureOr<std::vector<Kernel>>
compileKernels(llvm::ArrayRef<dyn::KernelOp> kernels, const Backend &backend,
               const KernelOptions &options);

/// What makes all objects of a kernel, its name aside: where these texts are
/// equal, so are the objects of kernels of one name.
std::string objectsText(dyn::KernelOp kernel, const Backend &backend);

/// What makes a kernel: operators, types and symbols of the body, as text.
/// Equal texts give equal kernels.
std::string kernelText(dyn::KernelOp kernel);

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_KERNELS_KERNELCOMPILER_H
