#ifndef DYCC_CODEGEN_HALIDE_OPENCL_WHOLETILES_H
#define DYCC_CODEGEN_HALIDE_OPENCL_WHOLETILES_H

#include <Halide.h>

namespace dycc::halide {

/// Gives loops that limit the lanes of vectors to the end of a tensor a second
/// form without the limits, for threads whose tile ends before it.
void addWholeTiles(Halide::Pipeline &pipeline);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_OPENCL_WHOLETILES_H
