#ifndef DYCC_CODEGEN_KERNELS_WORKERPOOL_H
#define DYCC_CODEGEN_KERNELS_WORKERPOOL_H

#include "llvm/ADT/ArrayRef.h"
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace dycc::codegen {

/// How a task ended.
struct TaskEnd {
  std::string error;         ///< Empty where it went well.
  bool isDefect = false;     ///< It threw, or crashed: an error of the program.
  uint64_t microseconds = 0; ///< From its start to its end.
};

/// Runs each task in a forked process of its own, at most `jobs` at once, and
/// returns how they ended, in order. A task reports what the world around it
/// did (a full disk) by its return value, and what must not happen by an
/// exception; so is a crash of its process, unless it was killed from outside.
/// The calling process must not hold locks in other threads.
/// `onEnd` is called with the number of tasks that have ended, after each.
std::vector<TaskEnd>
runWorkers(llvm::ArrayRef<std::function<std::string()>> tasks, unsigned jobs,
           const std::function<void(size_t)> &onEnd = {});

/// Waits until a child has ended; its status, as of waitpid().
int waitFor(pid_t child);

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_KERNELS_WORKERPOOL_H
