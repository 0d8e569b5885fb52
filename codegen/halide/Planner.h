#ifndef DYCC_CODEGEN_HALIDE_PLANNER_H
#define DYCC_CODEGEN_HALIDE_PLANNER_H

#include "codegen/halide/roots/Problem.h"
#include <functional>

namespace dycc::halide {

/// Says how the steps of one kernel run. It is asked in the order in which the
/// definitions meet them, which is the same each time.
class Planner {
public:
  /// Plans of one step.
  using Choose = std::function<mlir::Attribute(const Problem &)>;

  /// With plans that `choose` makes; `vector` and `task` as in
  /// #dyn.kernel_plan.
  Planner(mlir::MLIRContext *context, int64_t vector, int64_t task,
          Choose choose);
  /// With a plan made before.
  explicit Planner(dyn::KernelPlanAttr plan);
  /// Without plans: the reference, whose loops are Halide's default ones.
  explicit Planner(mlir::MLIRContext *context) : Planner(context, 16, 0, {}) {}
  Planner(const Planner &) = delete;
  Planner &operator=(const Planner &) = delete;

  int64_t vectorBytes() const { return vector; }
  /// Operations that are worth handing to another thread; 0: none are.
  int64_t taskOperations() const { return task; }
  bool isReference() const { return !choose; }
  /// The plan of the next step; null of the reference. Throws where the plan
  /// made before has none that fits.
  mlir::Attribute next(const Problem &problem);
  /// Throws where steps of the plan made before are left.
  void finish() const;
  /// All plans given out so far.
  dyn::KernelPlanAttr plan() const;

private:
  mlir::MLIRContext *context;
  int64_t vector, task;
  Choose choose;
  dyn::KernelPlanAttr given;
  std::vector<mlir::Attribute> steps;
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_PLANNER_H
