// How the loops of a kernel run on a device: blocks of threads over the
// elements of what has memory, everything else in registers of the thread that
// reads it.
#ifndef DYCC_CODEGEN_HALIDE_OPENCL_DEVICELOOPS_H
#define DYCC_CODEGEN_HALIDE_OPENCL_DEVICELOOPS_H

#include "codegen/halide/KernelBuilder.h"

namespace dycc::halide {

/// Schedules a pipeline of plain definitions, those of `builder`, for threads
/// in groups of `threads`.
void scheduleOnDevice(KernelBuilder &builder, const Halide::Pipeline &pipeline,
                      int threads);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_OPENCL_DEVICELOOPS_H
