#ifndef DYCC_CODEGEN_HALIDE_WORKERPOOL_H
#define DYCC_CODEGEN_HALIDE_WORKERPOOL_H

#include "llvm/ADT/ArrayRef.h"
#include <functional>
#include <string>
#include <vector>

namespace dycc::halide {

/// Runs each task in a forked process of its own, at most `jobs` at once, and
/// returns their error texts (empty: it went well) in order. A task reports by
/// its return value or by an exception; a crash of its process is an error
/// that says so. The calling process must not hold locks in other threads.
std::vector<std::string>
runWorkers(llvm::ArrayRef<std::function<std::string()>> tasks, unsigned jobs);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_WORKERPOOL_H
