#ifndef DYCC_CODEGEN_HALIDE_ROOTS_WINDOW_H
#define DYCC_CODEGEN_HALIDE_ROOTS_WINDOW_H

#include "codegen/halide/KernelBuilder.h"

namespace dycc::halide {

/// How a window of constant size moves over the spatial axes of (N, C, D...):
/// attributes kernel_shape, strides, dilations, pads and auto_pad.
struct Window {
  std::vector<int64_t> kernel, strides, dilations;
  /// Padding before and behind each axis.
  std::vector<Halide::Expr> begin, end;
  bool isPadded; ///< False where every window lies inside the input.
  /// Input axes along which there is a result where the input is empty: only
  /// where padding alone fills a window.
  std::vector<int> emptyAxes;
  /// Axes along which a window may lie outside of the input as a whole.
  std::vector<bool> mayMiss;

  /// Reads the attributes of `op`, from input shape `from` to output `to`.
  static Window get(KernelBuilder &builder, mlir::Operation *op,
                    std::vector<int64_t> kernel, const Dims &from,
                    const Dims &to);

  int rank() const { return static_cast<int>(kernel.size()); }
  /// Whether each window has an element of the input along `axis`, if it has
  /// no holes.
  bool alwaysReaches(int axis) const { return !mayMiss[axis]; }
  /// Input position of tap `tap` of the window at `out` along `axis`.
  Halide::Expr position(int axis, Halide::Expr out, Halide::Expr tap) const;
};

/// Whether all images that the kernel of `op` reads and writes lie in row-major
/// order.
bool isRowMajor(mlir::Operation *op);

/// Padding of an axis that auto_pad asks for: what `to` windows, whose last tap
/// lies `reach` behind the first, need beyond the `from` elements of the input.
Halide::Expr automaticPad(Halide::Expr from, Halide::Expr to,
                          Halide::Expr reach, int stride);
/// The same of a transposed convolution: what its result of extent `to` has
/// less than all contributions and `extra` elements.
Halide::Expr transposedPad(Halide::Expr from, Halide::Expr to,
                           Halide::Expr reach, int stride, int extra);

/// The constant extents from axis `first` of `dims`, or an error.
std::vector<int64_t> constantExtents(const Dims &dims, size_t first);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_ROOTS_WINDOW_H
