#include "codegen/halide/roots/WinogradGrid.h"

using dycc::dyn::ExprAttr;

namespace dycc::halide {

/// `count` in as few equal parts of at most `most` as there can be: one part.
static ExprAttr deal(ExprAttr count, ExprAttr most) {
  return ExprAttr::ceilDiv(count, ExprAttr::ceilDiv(count, most));
}

WinogradGrid WinogradGrid::get(const ConvolutionProblem &problem, int64_t strip,
                               int64_t whole) {
  mlir::MLIRContext *context = problem.inputsPerGroup.getContext();
  auto constant = [&](int64_t v) { return ExprAttr::constant(context, v); };
  ExprAttr one = constant(1);
  auto tilesOf = [&](ExprAttr extent) {
    return ExprAttr::max(ExprAttr::ceilDiv(extent, constant(*problem.winograd)),
                         one);
  };
  ExprAttr columns = tilesOf(problem.output[3]),
           rows = tilesOf(problem.output[2]);
  constexpr int64_t strips = 4; // Of small images, for so many threads.
  ExprAttr share =
      ExprAttr::ceilDiv(ExprAttr::mul(columns, rows), constant(strips));
  ExprAttr most =
      ExprAttr::max(ExprAttr::min(constant(strip), share), constant(whole));
  columns = deal(columns, most);
  rows = deal(rows, ExprAttr::max(ExprAttr::floorDiv(most, columns), one));
  return {columns, rows, ExprAttr::mul(columns, rows)};
}

} // namespace dycc::halide
