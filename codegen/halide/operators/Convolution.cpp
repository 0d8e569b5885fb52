#include "codegen/halide/cpu/Convolution.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/roots/RuntimeFilter.h"
#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxQuantize.h"

namespace dycc::halide {
namespace {

/// Integers under filters that are not packed are summed up one by one.
bool isPlainSum(KernelBuilder &builder, mlir::Operation *op) {
  bool areBytes = mlir::isa<onnx::ConvIntegerOp>(op);
  return builder.isReference() || isRuntimeFilter(builder, op) ||
         (areBytes && !builder.panels(op, 1));
}

template <bool isTransposed>
void defineConvolution(KernelBuilder &builder, mlir::Operation *op) {
  if (isPlainSum(builder, op))
    return defineRuntimeFilter(builder, op, isTransposed);
  Window window = convolutionWindow(builder, op);
  auto operands = ConvolutionOperands::get(builder, op);
  ConvolutionProblem problem =
      convolutionProblem(builder, op, operands, window, isTransposed);
  mlir::Attribute plan = builder.plan(problem);
  if (auto depthwise = mlir::dyn_cast<dyn::DepthwisePlanAttr>(plan))
    return buildDepthwise(builder, op, operands, window, depthwise);
  if (auto rows = mlir::dyn_cast<dyn::WindowPlanAttr>(plan))
    return buildRowDepthwise(builder, op, operands, window, rows);
  if (auto winograd = mlir::dyn_cast<dyn::WinogradPlanAttr>(plan))
    return buildWinograd(builder, op, operands, window, problem, winograd);
  buildConvolution(builder, op, operands, window, problem,
                   mlir::cast<dyn::ConvolutionPlanAttr>(plan));
}

/// Of the integers as they are, without what their zero points add to a sum.
void defineConvInteger(KernelBuilder &builder, mlir::Operation *op) {
  if (!op->hasAttr(onnx::kPaddedWithPoint) || KernelBuilder::hasOperand(op, 3))
    throw KernelError("expects constant filters for all channels, for one "
                      "each or for groups of four, whose sums i32 holds, and "
                      "zero points of known rank");
  defineConvolution<false>(builder, op);
}

} // namespace

void addConvolutions(Registry &registry) {
  registry["Conv"] = {defineConvolution<false>};
  registry["ConvInteger"] = {defineConvInteger};
  registry["ConvTranspose"] = {defineConvolution<true>};
}

} // namespace dycc::halide
