// How the loops of a kernel run on a device: blocks of threads over the
// elements of what has memory, everything else in registers of the thread that
// reads it. A thread of a launch that sums up products has a tile of elements.
#ifndef DYCC_CODEGEN_HALIDE_OPENCL_DEVICELOOPS_H
#define DYCC_CODEGEN_HALIDE_OPENCL_DEVICELOOPS_H

#include "codegen/halide/KernelBuilder.h"
#include "dialects/dyn/DynDevice.h"

namespace dycc::halide {

/// Schedules a pipeline of plain definitions, those of `builder`, for the
/// threads and tiles of `plan`.
void scheduleOnDevice(KernelBuilder &builder, const Halide::Pipeline &pipeline,
                      dyn::DevicePlanAttr plan);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_OPENCL_DEVICELOOPS_H
