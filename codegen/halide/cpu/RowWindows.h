// Windows over images in row-major order, each channel by itself: vectors run
// along rows, whatever the machine.
#ifndef DYCC_CODEGEN_HALIDE_CPU_ROWWINDOWS_H
#define DYCC_CODEGEN_HALIDE_CPU_ROWWINDOWS_H

#include "codegen/halide/cpu/PaddedRows.h"
#include "codegen/halide/roots/Window.h"

namespace dycc::halide {

/// What is combined over each window of an image.
struct RowWindows {
  PaddedRows padded;
  Halide::RDom taps; ///< Along the last axis first; undefined without a loop.
  /// Of the axes of the image; none for windows of one tap.
  Halide::Func total;
  /// Between windows, along the axes of rows and columns of what is padded.
  int64_t rowStride = 1, columnStride = 1;
  int64_t rowReach = 0; ///< From the first row of a window to its last one.
  int tapCount = 1;
  dyn::WindowPlanAttr plan;
};

/// What windows are made of.
struct RowWindowParts {
  /// Elements may be combined in any order, and an element twice, as for the
  /// largest of them.
  bool isAnyOrder;
  Halide::Expr initial; ///< Of a total.
  Halide::Expr padding;
  /// An element of the image as it is combined.
  std::function<Halide::Expr(const Halide::Expr &)> element;
  /// A total and the element under a tap.
  std::function<Halide::Expr(const Halide::Expr &, const Halide::Expr &,
                             const Halide::RDom &)>
      combine;
};

/// Of windows over `image` whose results have extents `to`.
RowWindows makeRowWindows(KernelBuilder &builder, const Tensor &image,
                          const Dims &to, const Window &window,
                          const RowWindowParts &parts,
                          dyn::WindowPlanAttr plan);

/// Tiles of a few rows by one vector, whose totals stay in registers; strips of
/// tiles, whose padded image stays in the first-level cache.
void scheduleRowWindows(KernelBuilder &builder, const RowWindows &windows,
                        const Store &store);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_ROWWINDOWS_H
