#ifndef DYCC_CODEGEN_KERNELS_KERNELSERVER_H
#define DYCC_CODEGEN_KERNELS_KERNELSERVER_H

#include "codegen/kernels/WorkerPool.h"
#include "codegen/target/Backend.h"

namespace dycc::codegen {

/// A version of a kernel that a file shall hold.
struct KernelRequest {
  std::string bytecode; ///< The kernel, as MLIR's bytecode.
  unsigned version;
  std::string path; ///< Of the KernelFile.

  static KernelRequest get(dyn::KernelOp kernel, unsigned version,
                           llvm::StringRef path);
};

/// A process that compiles kernels, each in a fork of its own. Started before a
/// model is there, it has neither the model's memory, which each fork would
/// have to map, nor threads, which no fork would survive: the process that
/// started it may have both.
class KernelServer {
public:
  /// Starts the process; `backend` is that of this moment. The calling process
  /// must not hold locks in other threads.
  explicit KernelServer(const Backend &backend);
  /// Ends it.
  ~KernelServer();
  KernelServer(const KernelServer &) = delete;
  KernelServer &operator=(const KernelServer &) = delete;

  /// Compiles all of `requests`, at most `jobs` at once; how they ended, in
  /// order. `onEnd` is called with the number of those that have. Thread rule:
  /// one call at a time.
  std::vector<TaskEnd> run(llvm::ArrayRef<KernelRequest> requests,
                           unsigned jobs,
                           const std::function<void(size_t)> &onEnd = {});

private:
  pid_t pid = -1;
  int channel = -1;
};

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_KERNELS_KERNELSERVER_H
