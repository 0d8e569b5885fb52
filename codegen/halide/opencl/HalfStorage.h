#ifndef DYCC_CODEGEN_HALIDE_OPENCL_HALFSTORAGE_H
#define DYCC_CODEGEN_HALIDE_OPENCL_HALFSTORAGE_H

#include <Halide.h>

namespace dycc::halide {

/// Makes f16 in memory integers of 16 bits, which calls of the text's functions
/// convert to f32 and back: `half` as a type of values is an extension of
/// OpenCL, its conversions are not. Lowering throws KernelError where something
/// computes in f16.
void addHalfStorage(Halide::Pipeline &pipeline);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_OPENCL_HALFSTORAGE_H
