// In row-major order a channel's windows lie side by side: vectors of them
// share each tap of its filter.
#include "codegen/halide/Float.h"
#include "codegen/halide/cpu/Convolution.h"
#include "codegen/halide/cpu/RowWindows.h"

using Halide::Expr;

namespace dycc::halide {

void buildRowDepthwise(KernelBuilder &builder, mlir::Operation *op,
                       const Window &window, dyn::WindowPlanAttr plan) {
  Tensor x = builder.operand(op, 0), weight = builder.operand(op, 1);
  Expr zero = Halide::Internal::make_zero(x.element.computed);
  auto addProduct = [&](const Expr &total, const Expr &element,
                        const Halide::RDom &taps) {
    Index at{axisVar(1, x.rank()), 0};
    for (int i = taps.dimensions() - 1; i >= 0; --i)
      at.push_back(taps[i]);
    return total + weight(at) * element;
  };
  auto same = [](const Expr &element) { return element; };
  RowWindows windows =
      makeRowWindows(builder, x, builder.dims(op->getResult(0)), window,
                     {/*isAnyOrder=*/false, zero, same, addProduct}, plan);
  KernelBuilder &b = builder;
  bool hasBias = KernelBuilder::hasOperand(op, 2);
  builder.define(op, [&](const Index &index) {
    Expr sum = windows.total(reversed(index));
    return hasBias ? strict(sum + b.operand(op, 2)({index[1]})) : sum;
  });
  builder.addRoot(op, [&b, windows](const Store &store) {
    scheduleRowWindows(b, windows, store);
  });
}

} // namespace dycc::halide
