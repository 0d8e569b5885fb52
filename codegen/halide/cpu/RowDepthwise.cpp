// In row-major order a channel's windows lie side by side: vectors of them
// share each tap of its filter.
#include "codegen/halide/cpu/Convolution.h"
#include "codegen/halide/cpu/RowWindows.h"

using Halide::Expr;

namespace dycc::halide {

void buildRowDepthwise(KernelBuilder &builder, mlir::Operation *op,
                       const ConvolutionOperands &operands,
                       const Window &window, dyn::WindowPlanAttr plan) {
  const Tensor &x = operands.image;
  Expr zero = Halide::Internal::make_zero(x.element.computed);
  auto addProduct = [&](const Expr &total, const Expr &element,
                        const Halide::RDom &taps) {
    Index at{axisVar(1, x.rank()), 0};
    for (int i = taps.dimensions() - 1; i >= 0; --i)
      at.push_back(taps[i]);
    return operands.add(total, element, operands.filter(at));
  };
  auto same = [](const Expr &element) { return element; };
  RowWindows windows = makeRowWindows(
      builder, x, builder.dims(op->getResult(0)), window,
      {/*isAnyOrder=*/false, zero, operands.padding, same, addProduct}, plan);
  KernelBuilder &b = builder;
  builder.define(op, [&](const Index &index) {
    return operands.withBias(windows.total(reversed(index)), index);
  });
  builder.addRoot(op, [&b, windows](const Store &store) {
    scheduleRowWindows(b, windows, store);
  });
}

} // namespace dycc::halide
