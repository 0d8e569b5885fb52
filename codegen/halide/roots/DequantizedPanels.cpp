// Integers become real numbers in the registers of a product, or in a copy of a
// panel: memory has them in their own bits.
#include "codegen/halide/roots/DequantizedPanels.h"

#include "codegen/halide/Attributes.h"
#include "dialects/onnx/OnnxQuantize.h"

using Halide::cast;
using Halide::Expr;

namespace dycc::halide {

/// An integer as f32. Bytes are widened before they are taken apart: there are
/// no shifts of vectors of bytes.
static Expr stepAt(const PanelTensor &panel, const Expr &lane, const Expr &k,
                   const Expr &block) {
  if (!panel.isGrouped())
    return cast<float>(cast<int32_t>(panel.memory(lane, k, block)));
  int inByte = static_cast<int>(panel.layout.getGroup());
  int bits = panel.element.bits();
  Expr byte = cast<int32_t>(panel.memory(lane, k / inByte, block));
  return cast<float>((byte >> (k % inByte * bits)) & ((1 << bits) - 1));
}

Expr DequantizedPanels::at(const Expr &lane, const Expr &k,
                           const Expr &panel) const {
  Expr value = stepAt(steps, lane, k, panel), block = k / blockSize;
  if (points)
    value -= stepAt(*points, lane, block, panel);
  else if (point.defined())
    value -= point;
  return value * scales.element.load(scales.memory(lane, block, panel));
}

/// Bytes, or integers of fewer bits without a sign.
static bool areSteps(const PanelTensor &panel) {
  return !panel.isGrouped() || panel.element.stored.is_uint();
}

std::optional<DequantizedPanels> dequantizedPanels(KernelBuilder &builder,
                                                   mlir::Operation *op,
                                                   unsigned position) {
  auto from = KernelBuilder::operandValue(op, position)
                  .getDefiningOp<onnx::DequantizeLinearOp>();
  if (!from || from.getAxis() != 0 || from.getBlockSize() <= 0)
    return std::nullopt;
  auto steps = builder.panels(from, 0), scales = builder.panels(from, 1);
  if (!steps || !scales || !areSteps(*steps))
    return std::nullopt;
  DequantizedPanels result{*steps,
                           *scales,
                           builder.panels(from, 2),
                           {},
                           static_cast<int>(from.getBlockSize())};
  if (result.points || !KernelBuilder::hasOperand(from, 2))
    return result;
  Tensor point = builder.operand(from, 2);
  if (point.rank() > 0)
    return std::nullopt;
  result.point = cast<float>(point({}));
  return result;
}

} // namespace dycc::halide
