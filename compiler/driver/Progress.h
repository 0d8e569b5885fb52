#ifndef DYCC_COMPILER_DRIVER_PROGRESS_H
#define DYCC_COMPILER_DRIVER_PROGRESS_H

#include "llvm/ADT/StringRef.h"

namespace dycc {

/// Is told how a compilation goes, by the thread that compiles.
class Progress {
public:
  virtual ~Progress() = default;

  /// A step begins: import, a stage, kernels, host, link. While that is import
  /// the compiler forks: no thread of a listener may live then.
  virtual void onStep(llvm::StringRef step) = 0;
  /// So many of all kernels are there, `cached` of them from the cache.
  virtual void onKernels(size_t done, size_t all, size_t cached) = 0;
};

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_PROGRESS_H
