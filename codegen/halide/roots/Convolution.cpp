#include "codegen/halide/roots/Convolution.h"

#include "codegen/halide/Attributes.h"

namespace dycc::halide {

Window convolutionWindow(KernelBuilder &builder, mlir::Operation *op) {
  return Window::get(
      builder, op, constantExtents(builder.operand(op, 1).dims, 2),
      builder.operand(op, 0).dims, builder.dims(op->getResult(0)));
}

static void readPanels(ConvolutionProblem &problem, const PanelTensor &panels,
                       const Window &window) {
  problem.panelWidth = panels.width();
  int64_t winograd = panels.layout.getWinograd();
  if (winograd == 0)
    return;
  auto isOne = [](int64_t value) { return value == 1; };
  if (problem.isTransposed || problem.groups != 1 ||
      !llvm::all_of(window.strides, isOne) ||
      !llvm::all_of(window.dilations, isOne))
    throw KernelError("expects one group and windows one apart for a filter "
                      "that is transformed for Winograd's tiles");
  problem.winograd = winograd;
}

ConvolutionProblem convolutionProblem(KernelBuilder &builder,
                                      mlir::Operation *op, const Window &window,
                                      bool isTransposed) {
  Tensor x = builder.operand(op, 0), weight = builder.operand(op, 1);
  int64_t groups = intAttribute(op, "group", 1);
  dyn::ExprAttr inputs = weight.dims[isTransposed ? 0 : 1];
  if (isTransposed)
    inputs = dyn::ExprAttr::floorDiv(
        inputs, dyn::ExprAttr::constant(inputs.getContext(), groups));
  int64_t step = isTransposed ? 1 : window.strides.back();
  ConvolutionProblem problem{x.element,
                             x.dims,
                             builder.dims(op->getResult(0)),
                             window.kernel,
                             groups,
                             inputs,
                             isTransposed,
                             window.isPadded,
                             window.kernel.back() == 1 && step == 1,
                             weight.element.bytes(),
                             {},
                             {},
                             {},
                             window.strides,
                             window.dilations,
                             isRowMajor(op)};
  mlir::Value image = KernelBuilder::operandValue(op, 0);
  if (builder.isChannelsLast(image))
    problem.channelBlock = dyn::getLayout(image.getType()).getWidth();
  if (std::optional<PanelTensor> panels = builder.panels(op, 1))
    readPanels(problem, *panels, window);
  const fuse::RootChain *chain = builder.chain();
  problem.isChained = chain && (chain->first == op || chain->second == op);
  return problem;
}

} // namespace dycc::halide
