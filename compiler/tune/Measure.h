#ifndef DYCC_COMPILER_TUNE_MEASURE_H
#define DYCC_COMPILER_TUNE_MEASURE_H

#include "compiler/tune/Search.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

#include <string>

namespace dycc::tune {

/// Two libraries of one model, to be run in turn at one point.
struct BenchJob {
  std::string program; ///< dycc-bench.
  std::string before, after;
  std::string machine;             ///< Whose kernels run; empty: the best.
  std::vector<std::string> dims;   ///< `--dim` of dycc-bench.
  std::vector<std::string> inputs; ///< `--input` of dycc-bench.
  unsigned threads = 1;
  double seconds = 0.3; ///< To measure for.
  unsigned limit = 60;  ///< Seconds after which it is ended.
  std::string folder;   ///< For what it writes.
};

/// Least seconds of a run, and of all calls of each kernel in one, by name.
struct BenchTimes {
  Pair model;
  llvm::StringMap<Pair> kernels;
};

/// Runs dycc-bench, a process of its own: what a kernel does there, ends there.
/// Fails with what it said, the signal that ended it, or where it took too
/// long.
llvm::Expected<BenchTimes> runBench(const BenchJob &job);

} // namespace dycc::tune

#endif // DYCC_COMPILER_TUNE_MEASURE_H
