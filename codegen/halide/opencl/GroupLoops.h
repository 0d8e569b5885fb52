// Reductions in one launch: a group of threads for each total, or for some.
#ifndef DYCC_CODEGEN_HALIDE_OPENCL_GROUPLOOPS_H
#define DYCC_CODEGEN_HALIDE_OPENCL_GROUPLOOPS_H

#include "codegen/halide/cpu/ReductionLoops.h"

namespace dycc::halide {

/// Gives the reductions of `stages` and the result of `store`, which reads
/// them, one launch: each thread reduces some elements in registers, what
/// threads have is added up in local memory, and all threads of a group store
/// what the result has of its totals. (`store.func` has axes whose extents its
/// reductions do not depend on; a launch may have at most three of these, else
/// the host goes over the outer ones.)
void scheduleGroups(const Store &store, const ReductionStages &stages);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_OPENCL_GROUPLOOPS_H
