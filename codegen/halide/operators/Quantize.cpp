// Products read what is dequantised from packed integers in loops of their own
// (roots/DequantizedPanels.h); this is what it means.
#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/KernelBuilder.h"
#include "codegen/halide/Registry.h"

using Halide::cast;
using Halide::Expr;

namespace dycc::halide {
namespace {

/// Integers with a scale for each block along an axis.
void defineDequantizeLinear(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0), scale = builder.operand(op, 1);
  int64_t axis = intAttribute(op, "axis", 1);
  int block = static_cast<int>(intAttribute(op, "block_size", 0));
  if (block <= 0 || axis < 0 || axis >= x.rank() || scale.rank() != x.rank())
    throw KernelError("expects scales of blocks along an axis");
  bool isMoved = KernelBuilder::hasOperand(op, 2);
  Tensor point = isMoved ? builder.operand(op, 2) : Tensor();
  builder.define(op, [&](const Index &index) {
    Index at = index;
    at[axis] = at[axis] / block;
    Expr value = cast<float>(x(index));
    if (isMoved)
      value = strict(value - cast<float>(point(point.rank() ? at : Index())));
    return strict(value * scale(at));
  });
}

} // namespace

void addQuantization(Registry &registry) {
  registry["DequantizeLinear"] = {defineDequantizeLinear};
}

} // namespace dycc::halide
