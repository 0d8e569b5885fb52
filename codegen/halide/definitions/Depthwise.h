#ifndef DYCC_CODEGEN_HALIDE_DEFINITIONS_DEPTHWISE_H
#define DYCC_CODEGEN_HALIDE_DEFINITIONS_DEPTHWISE_H

#include "codegen/halide/KernelBuilder.h"

namespace dycc::halide {

/// Defines a convolution with one filter per channel whose image and filters
/// are vectors of channels in memory; false where `op` is none.
bool defineDepthwise(KernelBuilder &builder, mlir::Operation *op);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_DEFINITIONS_DEPTHWISE_H
