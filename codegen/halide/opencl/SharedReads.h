#ifndef DYCC_CODEGEN_HALIDE_OPENCL_SHAREDREADS_H
#define DYCC_CODEGEN_HALIDE_OPENCL_SHAREDREADS_H

#include <Halide.h>

namespace dycc::halide {

/// Loads a vector once that several rows of a tile read in the same step of a
/// loop: a device's compiler would find them, but reads each of them before.
/// Vectors whose lanes lie apart, and which follow each other in four steps,
/// are four vectors along the steps.
void addSharedReads(Halide::Pipeline &pipeline);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_OPENCL_SHAREDREADS_H
