#ifndef DYCC_CODEGEN_HALIDE_ROOTS_RUNTIMEFILTER_H
#define DYCC_CODEGEN_HALIDE_ROOTS_RUNTIMEFILTER_H

#include "codegen/halide/KernelBuilder.h"

namespace dycc::halide {

/// True where an extent of the filters of convolution `op` is not constant.
bool isRuntimeFilter(KernelBuilder &builder, mlir::Operation *op);

/// Defines a Conv, or ConvTranspose, with such filters.
void defineRuntimeFilter(KernelBuilder &builder, mlir::Operation *op,
                         bool transposed);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_ROOTS_RUNTIMEFILTER_H
