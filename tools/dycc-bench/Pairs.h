#ifndef DYCC_TOOLS_DYCC_BENCH_PAIRS_H
#define DYCC_TOOLS_DYCC_BENCH_PAIRS_H

#include "tools/dycc-bench/Bench.h"

namespace dycc::bench {

/// Measures the library and the one that it is compared with in pairs of runs,
/// each first as often as the other: what else the machine does is the same for
/// both. Prints, writes and throws as runBench().
void runPairs(const Options &options);

} // namespace dycc::bench

#endif // DYCC_TOOLS_DYCC_BENCH_PAIRS_H
