#include "codegen/halide/roots/Convolution.h"

#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/Groups.h"
#include "dialects/dyn/Layout.h"
#include "dialects/onnx/OnnxQuantize.h"

using Halide::Expr;

namespace dycc::halide {

/// How many channels of a pixel lie together in an image in memory.
static std::optional<int64_t> channelsTogether(const KernelBuilder &builder,
                                               mlir::Operation *op) {
  mlir::Value image = KernelBuilder::operandValue(op, 0);
  if (!builder.isChannelsLast(image))
    return std::nullopt;
  return dyn::getLayout(image.getType()).getWidth();
}

/// Integers: the zero point of the image stands in its padding.
static ConvolutionOperands integerOperands(KernelBuilder &builder,
                                           mlir::Operation *op) {
  ConvolutionOperands result{builder.operand(op, 0), builder.operand(op, 1),
                             builder.panels(op, 1), Expr(0), std::nullopt};
  Tensor &image = result.image, &filter = result.filter;
  if (KernelBuilder::hasOperand(op, 2))
    result.padding = builder.operand(op, 2)({});
  result.inGroups =
      result.panels && result.panels->isGrouped() && !builder.isReference();
  if (!result.inGroups) {
    int less = less128(op);
    image = widened(builder, image, less);
    filter = widened(builder, filter);
    result.padding = Halide::cast<int32_t>(result.padding) - less;
    return result;
  }
  result.leftSide = leftSideOf(op);
  // The filter knows the channels, whatever the image calls them.
  dyn::ExprAttr channels = filter.dims[1].times(intAttribute(op, "group", 1));
  int64_t together = channelsTogether(builder, op).value_or(1);
  bool isWhole = dyn::divisorOf(channels, {}) % dyn::kIntegerGroup == 0;
  image = grouped(builder, image, 1, channels,
                  isWhole || together % dyn::kIntegerGroup == 0);
  filter = grouped(builder, filter, 1, filter.dims[1], true);
  result.padding = repeated(result.padding);
  return result;
}

/// bf16, where the filter lies in pairs.
static ConvolutionOperands pairOperands(KernelBuilder &builder,
                                        mlir::Operation *op) {
  Tensor filter = builder.storedOperand(op, 1);
  return {builder.storedOperand(op, 0),
          grouped(builder, filter, 1, filter.dims[1], /*hasWhole=*/true),
          builder.panels(op, 1),
          Halide::cast<uint16_t>(0),
          std::nullopt,
          /*inGroups=*/true,
          LeftSide::Bf16};
}

ConvolutionOperands ConvolutionOperands::get(KernelBuilder &builder,
                                             mlir::Operation *op) {
  if (mlir::isa<onnx::ConvIntegerOp>(op))
    return integerOperands(builder, op);
  Tensor image = builder.operand(op, 0);
  ConvolutionOperands result{
      image, builder.operand(op, 1), builder.panels(op, 1),
      Halide::Internal::make_zero(image.element.computed), std::nullopt};
  if (multipliesPairs(builder, result.panels))
    result = pairOperands(builder, op);
  if (KernelBuilder::hasOperand(op, 2))
    result.bias = builder.operand(op, 2);
  return result;
}

Expr ConvolutionOperands::add(Expr sum, Expr x, Expr w) const {
  return inGroups ? dotProduct(sum, x, w, leftSide) : sum + w * x;
}

Expr ConvolutionOperands::withBias(Expr sum, const Index &index) const {
  return bias ? strict(sum + (*bias)({index[1]})) : sum;
}

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
                                      mlir::Operation *op,
                                      const ConvolutionOperands &operands,
                                      const Window &window, bool isTransposed) {
  const Tensor &x = operands.image, &weight = operands.filter;
  int64_t groups = intAttribute(op, "group", 1);
  dyn::ExprAttr inputs = weight.dims[isTransposed ? 0 : 1];
  if (isTransposed)
    inputs = dyn::ExprAttr::floorDiv(
        inputs, dyn::ExprAttr::constant(inputs.getContext(), groups));
  int64_t step = isTransposed ? 1 : window.strides.back();
  ElementType element = x.element;
  // Pairs that lie in memory are read as they are.
  if (operands.channelsTogether() > 1)
    element = {builder.isInMemory(op, 0) ? sumsOf(operands.leftSide)
                                         : x.element.stored,
               sumsOf(operands.leftSide)};
  ConvolutionProblem problem{element,
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
  problem.channelsTogether = operands.channelsTogether();
  problem.channelBlock = channelsTogether(builder, op);
  if (operands.inGroups && problem.channelBlock)
    *problem.channelBlock /= operands.panels->layout.getGroup();
  if (operands.panels)
    readPanels(problem, *operands.panels, window);
  const fuse::RootChain *chain = builder.chain();
  problem.isChained = chain && (chain->first == op || chain->second == op);
  return problem;
}

} // namespace dycc::halide
