#ifndef DYCC_CODEGEN_HALIDE_CPU_CONVOLUTION_H
#define DYCC_CODEGEN_HALIDE_CPU_CONVOLUTION_H

#include "codegen/halide/roots/Convolution.h"

namespace dycc::halide {

/// Defines the result of a convolution as `plan` says, with its loops. It may
/// be one of two whose pixels a chain computes together.
void buildConvolution(KernelBuilder &builder, mlir::Operation *op,
                      const ConvolutionOperands &operands, const Window &window,
                      const ConvolutionProblem &problem,
                      dyn::ConvolutionPlanAttr plan);
/// The same by Winograd's filtering.
void buildWinograd(KernelBuilder &builder, mlir::Operation *op,
                   const ConvolutionOperands &operands, const Window &window,
                   const ConvolutionProblem &problem,
                   dyn::WinogradPlanAttr plan);
/// The same of a depthwise one that reads its image where it lies.
void buildDepthwise(KernelBuilder &builder, mlir::Operation *op,
                    const ConvolutionOperands &operands, const Window &window,
                    dyn::DepthwisePlanAttr plan);
/// The same of a depthwise one in row-major order.
void buildRowDepthwise(KernelBuilder &builder, mlir::Operation *op,
                       const ConvolutionOperands &operands,
                       const Window &window, dyn::WindowPlanAttr plan);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_CONVOLUTION_H
