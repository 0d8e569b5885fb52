#include "codegen/halide/roots/WinogradGrid.h"

using dycc::dyn::ExprAttr;

namespace dycc::halide {

WinogradGrid WinogradGrid::get(const ConvolutionProblem &problem,
                               int64_t strip) {
  mlir::MLIRContext *context = problem.inputsPerGroup.getContext();
  auto constant = [&](int64_t v) { return ExprAttr::constant(context, v); };
  auto tilesOf = [&](ExprAttr extent) {
    return ExprAttr::max(ExprAttr::ceilDiv(extent, constant(*problem.winograd)),
                         constant(1));
  };
  /// As few equal parts of at most `most` as there can be.
  auto deal = [&](ExprAttr count, ExprAttr most) {
    return ExprAttr::ceilDiv(count, ExprAttr::ceilDiv(count, most));
  };
  ExprAttr columns = tilesOf(problem.output[3]),
           rows = tilesOf(problem.output[2]);
  if (strip > 0) {
    columns = deal(columns, constant(strip));
    ExprAttr most = ExprAttr::max(
        ExprAttr::floorDiv(constant(strip), columns), constant(1));
    rows = deal(rows, most);
  }
  return {columns, rows, ExprAttr::mul(columns, rows)};
}

} // namespace dycc::halide
