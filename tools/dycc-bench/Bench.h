// One call of dycc-bench.
#ifndef DYCC_TOOLS_DYCC_BENCH_BENCH_H
#define DYCC_TOOLS_DYCC_BENCH_BENCH_H

#include <cstdint>
#include <string>
#include <vector>

namespace dycc::bench {

/// The command line.
struct Options {
  std::string model;
  std::string against;           ///< Another library of the model; empty: none.
  std::vector<std::string> dims; ///< NAME=VALUE or NAME=LO..HI:STEP.
  std::vector<std::string> fills; ///< NAME=LO..HI or NAME=VALUE.
  double warmUp = 0.1;            ///< Seconds at each size.
  double minTime = 0.5;           ///< Seconds that are measured at each size.
  uint32_t stream = 0;            ///< Requests of random sizes.
  uint64_t seed = 1;
  uint32_t threads = 0;
  std::string machine; ///< Whose kernels run; empty: the best.
  std::string variant; ///< Which one runs, of a family; empty: the first.
  bool isProcessorTime = false; ///< Of the thread, in the place of all time.
  bool profile = false;
  std::string json;   ///< A file; empty: none.
  std::string trace;  ///< The same.
  std::string shapes; ///< The same.
};

/// Does what the options say and prints to stdout; throws what dycc-run's parts
/// throw (tools/dycc-run/HostTensor.h).
void runBench(const Options &options);

} // namespace dycc::bench

#endif // DYCC_TOOLS_DYCC_BENCH_BENCH_H
