#ifndef DYCC_CODEGEN_HALIDE_ROOTS_DEQUANTIZEDPANELS_H
#define DYCC_CODEGEN_HALIDE_ROOTS_DEQUANTIZEDPANELS_H

#include "codegen/halide/KernelBuilder.h"

namespace dycc::halide {

/// A packed matrix (k, n) of integers with a scale, and perhaps a zero point,
/// for each column of each block of `blockSize` neighbours along k.
struct DequantizedPanels {
  PanelTensor steps, scales;
  std::optional<PanelTensor> points;
  Halide::Expr point; ///< One for all of it; undefined: 0, or `points`.
  int blockSize;

  /// The real number, in f32, at a lane of a panel: (step - point) * scale.
  Halide::Expr at(const Halide::Expr &lane, const Halide::Expr &k,
                  const Halide::Expr &panel) const;
};

/// What operand `position` of `op` is dequantised from; nothing where it is not
/// dequantised, or from other than packed integers.
std::optional<DequantizedPanels> dequantizedPanels(KernelBuilder &builder,
                                                   mlir::Operation *op,
                                                   unsigned position);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_ROOTS_DEQUANTIZEDPANELS_H
