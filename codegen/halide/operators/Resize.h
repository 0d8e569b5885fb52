// What the ways to resize share: where an element of the result lies in the
// input.
#ifndef DYCC_CODEGEN_HALIDE_OPERATORS_RESIZE_H
#define DYCC_CODEGEN_HALIDE_OPERATORS_RESIZE_H

#include "codegen/halide/KernelBuilder.h"

namespace dycc::halide {

/// How one axis is resized.
struct ResizedAxis {
  int axis;
  Halide::Expr in, out; ///< Extents as floats.
  /// The factor; undefined where it is out / in.
  Halide::Expr scale;
  std::optional<float> constantScale;
  Halide::Expr roiStart, roiEnd; ///< Of tf_crop_and_resize.

  Halide::Expr factor() const;
  /// `x` / factor.
  Halide::Expr divide(Halide::Expr x) const;
  /// The extent of the result before it was rounded.
  Halide::Expr length() const;
};

/// Position in the input of element `d` along `a`, as a float.
Halide::Expr originalPosition(const ResizedAxis &a, Halide::Expr d,
                              llvm::StringRef mode);

/// Which elements of the input an element of the result is a mean of.
struct TapRule {
  bool cubic;
  float coefficient; ///< Of the cubic.
  bool excludeOutside;
  /// Taps cover all that an element of the result stands for: the window of an
  /// axis that shrinks is as much wider as its factor is below 1.
  bool antialias;
  llvm::StringRef coordinates; ///< Mode of `originalPosition`.
};

/// Defines the result of `op` as `x`, interpolated along `axes`, and its
/// schedule, by loops over the taps, whose number may be known when the kernel
/// runs alone. `finish` makes the element at an index from the interpolated
/// value.
void defineByWindows(
    KernelBuilder &builder, mlir::Operation *op, const Tensor &x,
    llvm::ArrayRef<ResizedAxis> axes, const TapRule &how,
    llvm::function_ref<Halide::Expr(const Index &, Halide::Expr)> finish);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_OPERATORS_RESIZE_H
