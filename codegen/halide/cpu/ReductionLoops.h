#ifndef DYCC_CODEGEN_HALIDE_CPU_REDUCTIONLOOPS_H
#define DYCC_CODEGEN_HALIDE_CPU_REDUCTIONLOOPS_H

#include "codegen/halide/cpu/Loops.h"
#include "codegen/halide/roots/GroupShape.h"

namespace dycc::halide {

/// One reduction of a space to the axes that it keeps. Where the innermost axis
/// is reduced, or a device's group shares it, `parts` are the sums of every
/// width-th element, one per lane, and `total` adds them up; else there are no
/// parts. Many threads of a group have `sums` of some parts each in between.
struct Reduction {
  Halide::Func total; ///< (kept axes, last first)
  Halide::Func parts; ///< (lane, kept axes, last first)
  Halide::Func sums;  ///< (lane, kept axes, last first)
  Halide::Var lane{"lane"};
  bool overLanes;
  int width; ///< Number of lanes.
};

/// Reductions in the loops of a result, in the order of their dependence.
struct ReductionStages {
  std::vector<Reduction> reductions;
  /// Values of the whole space that several stages read, kept per iteration
  /// (only over lanes).
  std::vector<Halide::Func> rows;
  /// Axes of the result that the iteration of a reduction covers: those that it
  /// reduces where the result has them (softmax), none where it has not.
  std::vector<int> rowAxes;
  /// Axis of the result that vectors run along, and its position among the
  /// arguments of the totals; unused over lanes.
  int vectorAxis = 0, vectorArgument = 0;
  Halide::Expr work; ///< Operations of one reduction.
  dyn::LoopsPlanAttr plan;
  GroupShape group = {}; ///< Of a device, which has no plan of loops.
  /// Axes of the result that lanes and totals of a group are neighbours along;
  /// -1: it has none.
  int groupLaneAxis = -1, groupTotalAxis = -1;
  /// The position of the latter among the arguments of the totals.
  int groupTotalArgument = -1;

  /// Each lane reduces a row of few elements, beside its neighbours.
  bool hasShortRows() const { return plan.getAxis() >= 0; }
};

void scheduleReduction(KernelBuilder &builder, const ReductionStages &stages,
                       const Store &store);

/// Reductions over lanes of a tensor that loops compute row by row: each row's
/// in an iteration of `row`, with memory that `task` keeps.
void placeReduction(KernelBuilder &builder, const ReductionStages &stages,
                    const Halide::LoopLevel &row,
                    const Halide::LoopLevel &task);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_REDUCTIONLOOPS_H
