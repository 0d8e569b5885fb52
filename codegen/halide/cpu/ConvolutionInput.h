#ifndef DYCC_CODEGEN_HALIDE_CPU_CONVOLUTIONINPUT_H
#define DYCC_CODEGEN_HALIDE_CPU_CONVOLUTIONINPUT_H

#include "codegen/halide/cpu/ConvolutionLoops.h"
#include "codegen/halide/roots/Convolution.h"

namespace dycc::halide {

/// What the taps of a convolution read: the image with its padding, or the
/// image where it lies.
class ConvolutionInput {
public:
  /// With `allLanes` channels up to a multiple of the panel width are asked
  /// for; with `leavesTapsOut` taps alone that reach the image from a tile.
  ConvolutionInput(KernelBuilder &builder, mlir::Operation *op,
                   const ConvolutionOperands &operands, bool transposed,
                   const Window &window, bool allLanes, bool leavesTapsOut);

  /// The input with its padding: of `arguments` (channel, x, y..., n), where
  /// position 0 of an axis is the first of the padding, or of the image where
  /// taps are left out. Positions are limited: the last tile may hang over the
  /// end.
  Halide::Func padded(const std::vector<Halide::Var> &arguments) const;
  /// Whether a tap reaches the image from some pixel of a tile, axis by axis,
  /// where taps are left out.
  std::vector<Halide::Expr> reaches(const ConvolutionStages &stages) const;
  /// The element of a padded input under a tap.
  Halide::Expr at(const ConvolutionStages &stages, Halide::Func padded,
                  Halide::Expr channel) const;
  /// The same in the image itself, for tiles that are inside.
  Halide::Expr inPlace(const ConvolutionStages &stages,
                       Halide::Expr channel) const;
  /// Whether all windows of a tile lie inside the image, and it is whole.
  Halide::Expr isInside(const ConvolutionStages &stages) const;
  /// Rows of input that one row of output and the next step need.
  int rowsInFlight() const;
  /// Distance between neighbouring windows in the padded input.
  int step(int axis) const;

private:
  Halide::Expr sourcePosition(int axis, Halide::Expr p,
                              Halide::Expr &inside) const;
  int hangOver(const ConvolutionStages &stages, int dim) const;
  Halide::Expr inImage(const ConvolutionStages &stages, int dim,
                       int over) const;
  std::vector<int> emptyAxes() const;
  Halide::Expr transposedBegin(int axis, int reach) const;

  KernelBuilder &builder;
  mlir::Operation *op;
  bool transposed, allLanes, leavesTapsOut;
  const Window &window;
  Tensor x;
  Halide::Expr padding;
  Dims outDims;
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_CONVOLUTIONINPUT_H
