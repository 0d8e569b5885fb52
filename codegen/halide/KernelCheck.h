#ifndef DYCC_CODEGEN_HALIDE_KERNELCHECK_H
#define DYCC_CODEGEN_HALIDE_KERNELCHECK_H

#include "codegen/halide/Planner.h"
#include "codegen/target/Backend.h"

namespace dycc::halide {

/// Why no object can be made of a kernel, if so. Its definitions run as they do
/// when it is compiled, and `planner` is asked for each step.
std::optional<codegen::KernelRefusal> whyNoKernel(dyn::KernelOp kernel,
                                                  Planner &planner);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_KERNELCHECK_H
