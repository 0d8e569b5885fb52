#include "codegen/halide/cpu/Convolution.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/roots/RuntimeFilter.h"

namespace dycc::halide {
namespace {

template <bool isTransposed>
void defineConvolution(KernelBuilder &builder, mlir::Operation *op) {
  if (builder.isReference() || isRuntimeFilter(builder, op))
    return defineRuntimeFilter(builder, op, isTransposed);
  Window window = convolutionWindow(builder, op);
  ConvolutionProblem problem =
      convolutionProblem(builder, op, window, isTransposed);
  mlir::Attribute plan = builder.plan(problem);
  if (auto depthwise = mlir::dyn_cast<dyn::DepthwisePlanAttr>(plan))
    return buildDepthwise(builder, op, window, depthwise);
  if (auto rows = mlir::dyn_cast<dyn::WindowPlanAttr>(plan))
    return buildRowDepthwise(builder, op, window, rows);
  if (auto winograd = mlir::dyn_cast<dyn::WinogradPlanAttr>(plan))
    return buildWinograd(builder, op, window, problem, winograd);
  buildConvolution(builder, op, window, problem,
                   mlir::cast<dyn::ConvolutionPlanAttr>(plan));
}

} // namespace

void addConvolutions(Registry &registry) {
  registry["Conv"] = {defineConvolution<false>};
  registry["ConvTranspose"] = {defineConvolution<true>};
}

} // namespace dycc::halide
