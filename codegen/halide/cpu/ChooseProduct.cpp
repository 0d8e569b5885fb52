#include "codegen/halide/cpu/Choose.h"

namespace dycc::halide {

mlir::Attribute chooseProduct(const ProductProblem &problem,
                              const codegen::TargetInfo &target,
                              mlir::MLIRContext *context) {
  unsigned bytes = problem.element.computed.bytes();
  int64_t width = problem.panelWidth.value_or(
      dyn::choosePanelWidth(target.panelWidths(bytes), problem.columns));
  auto tile = chooseTile({width, problem.rows, problem.depth, problem.element,
                          /*isFlat=*/true},
                         target, context);
  std::optional<int64_t> depth = problem.depth.asConstant();
  bool ahead =
      problem.panelWidth && depth &&
      isFetchedAhead(*depth * width * problem.rightBytes, tile, bytes, target);
  // Strips long enough to pay for reading or copying a panel; rows that stay in
  // the second-level cache are read from memory once.
  constexpr int64_t few = 64, many = 256, panelsPerTask = 4;
  int64_t strip = ahead ? static_cast<int64_t>(target.l2Bytes / 4) : 0;
  int64_t rows = problem.rows.asConstant().value_or(INT64_MAX);
  bool inPlace =
      problem.isRightDense && !problem.panelWidth && rows <= fewRows(tile);
  // Whole panels, and enough products that their number is no matter.
  constexpr int64_t fewProducts = 64;
  bool anyExtents = problem.panelWidth && depth.value_or(0) >= fewProducts;
  return dyn::ProductPlanAttr::get(context, tile, few, many, strip, ahead,
                                   inPlace, panelsPerTask, anyExtents,
                                   anyExtents);
}

} // namespace dycc::halide
