#ifndef DYCC_CODEGEN_HALIDE_DEFINITIONS_WINDOW_H
#define DYCC_CODEGEN_HALIDE_DEFINITIONS_WINDOW_H

#include "codegen/halide/KernelBuilder.h"

namespace dycc::halide {

/// How a window of constant size moves over the spatial axes of (N, C, D...):
/// attributes kernel_shape, strides, dilations, pads and auto_pad.
struct Window {
  std::vector<int64_t> kernel, strides, dilations;
  /// Padding before and behind each axis.
  std::vector<Halide::Expr> begin, end;
  bool isPadded; ///< False where every window lies inside the input.

  /// Reads the attributes of `op`, from input shape `from` to output `to`.
  static Window get(KernelBuilder &builder, mlir::Operation *op,
                    std::vector<int64_t> kernel, const Dims &from,
                    const Dims &to);

  int rank() const { return static_cast<int>(kernel.size()); }
  /// Input position of tap `tap` of the window at `out` along `axis`.
  Halide::Expr position(int axis, Halide::Expr out, Halide::Expr tap) const;
};

/// The constant extents from axis `first` of `dims`, or an error.
std::vector<int64_t> constantExtents(const Dims &dims, size_t first);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_DEFINITIONS_WINDOW_H
