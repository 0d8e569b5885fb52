#ifndef DYCC_CODEGEN_HALIDE_ROOTS_CONVOLUTION_H
#define DYCC_CODEGEN_HALIDE_ROOTS_CONVOLUTION_H

#include "codegen/halide/roots/Problem.h"
#include "codegen/halide/roots/Window.h"

namespace dycc::halide {

/// The window of a convolution with a filter of constant extents.
Window convolutionWindow(KernelBuilder &builder, mlir::Operation *op);

/// What a convolution with such a filter computes.
ConvolutionProblem convolutionProblem(KernelBuilder &builder,
                                      mlir::Operation *op, const Window &window,
                                      bool isTransposed);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_ROOTS_CONVOLUTION_H
