#ifndef DYCC_CODEGEN_HALIDE_SCHEDULES_REDUCTION_H
#define DYCC_CODEGEN_HALIDE_SCHEDULES_REDUCTION_H

#include "codegen/halide/schedules/Schedules.h"

namespace dycc::halide {

/// One fold: `total` over the kept axes. Along lanes, element i of the
/// innermost axis goes to part i mod width; `lanes` folds the parts to one
/// vector and `total` folds that. Else `total` is folded column by column.
struct FoldStages {
  Halide::Func parts, lanes, total;
  Halide::RDom domain; ///< Innermost in memory first.
};

/// An operator that folds over axes of a tensor x: a reduction, whose result
/// has the kept axes, or a normalisation, whose result has all of them.
struct ReductionStages {
  bool alongLanes = false; ///< The innermost axis of x in memory is folded.
  int laneBytes = 4; ///< Of what is folded.
  int width = 1; ///< Elements of a block: parts, or columns.
  Halide::Var lane{"lane"};
  Halide::Var column; ///< Of the folds: the axis of x that makes blocks.
  int columnAxis = -1;   ///< The same in the result; not along lanes.
  std::vector<bool> inRow; ///< Result axes that x folds over.
  int groupSize = 0; ///< Elements of result axis 1 in one row, if not all.
  Halide::Expr work;       ///< Elements folded into one.
  std::vector<FoldStages> folds;
  std::vector<Halide::Func> rows; ///< All elements of a row or block of x.
  Halide::Var rowLane; ///< Of these: the innermost axis of x in memory.
};

/// Rows (or blocks of columns) in parallel; the folds of each inside, with the
/// order of their operations a function of the shape alone.
void scheduleReduction(KernelBuilder &builder, const ReductionStages &stages,
                       const Store &store);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_SCHEDULES_REDUCTION_H
