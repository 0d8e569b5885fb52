#ifndef DYCC_CODEGEN_HALIDE_ROOTS_WINOGRADGRID_H
#define DYCC_CODEGEN_HALIDE_ROOTS_WINOGRADGRID_H

#include "codegen/halide/roots/Problem.h"

namespace dycc::halide {

/// How the tiles of images are dealt out to strips. Strips are rectangles of
/// tiles, all of the same extents, so that as little as possible is left over
/// at the edges whatever the shape is, or several small images of a batch, for
/// which a filter is then read once; register tiles count a strip's tiles image
/// by image and row by row, across rows and images. There are about equally
/// many strips for each thread of the launch. No result depends on that: a tile
/// is computed from its pixels alone.
struct WinogradGrid {
  dyn::ExprAttr columns, rows; ///< Tiles of a strip along x and y: at least 1.
  dyn::ExprAttr images;        ///< Whole ones of a strip: at least 1.
  /// columns * rows * images: at most max(strip, whole).
  dyn::ExprAttr tiles;

  /// Whether a strip may have more than one image.
  bool hasBatches() const { return !images.isConstant(1); }
  /// `strip` and `whole` as in #dyn.winograd_plan.
  static WinogradGrid get(const ConvolutionProblem &problem, int64_t strip,
                          int64_t whole);
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_ROOTS_WINOGRADGRID_H
