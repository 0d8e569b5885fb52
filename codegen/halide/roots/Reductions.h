#ifndef DYCC_CODEGEN_HALIDE_ROOTS_REDUCTIONS_H
#define DYCC_CODEGEN_HALIDE_ROOTS_REDUCTIONS_H

#include "codegen/halide/KernelBuilder.h"
#include "codegen/halide/cpu/ReductionLoops.h"

namespace dycc::halide {

/// How elements are combined; of a running total and an element, or of two
/// totals.
struct Reducer {
  Halide::Expr initial;
  std::function<Halide::Expr(Halide::Expr, Halide::Expr)> combine;

  static Reducer sum(Halide::Type type);
  static Reducer product(Halide::Type type);
  static Reducer max(Halide::Type type);
  /// Of floats, without a rule for NaN.
  static Reducer maxOfNumbers(Halide::Type type);
  static Reducer min(Halide::Type type);
};

/// A space of elements and the axes of it that are reduced.
class ReductionSpace {
public:
  /// That of operand 0 of `op`.
  ReductionSpace(KernelBuilder &builder, mlir::Operation *op,
                 const std::vector<int> &axes);

  /// A space of which the kernel learns when it runs which axes are reduced:
  /// those with a true flag. Totals have all axes, the reduced ones with
  /// extent 1. `vectorAxis` is innermost in memory.
  ReductionSpace(KernelBuilder &builder, Dims dims,
                 std::vector<Halide::Expr> flags, int vectorAxis);

  /// Reduces `element`.
  Reduction reduce(const char *name, const Reducer &reducer,
                   llvm::function_ref<Halide::Expr(const Index &)> element);
  /// The total that belongs to an index of the space.
  Halide::Expr total(const Reduction &reduction, const Index &index) const;

  bool isReduced(int axis) const { return reduced[axis]; }
  /// Whether lanes of a vector reduce it. A scalar has no axis to run along.
  bool overLanes() const {
    return plan && plan.getForm() == dyn::LoopsForm::Lanes;
  }
  /// Elements that go into one total.
  Halide::Expr count() const;
  /// The schedule of `reductions` where the result has the axes of the space
  /// (`keepsAxes`) or only the kept ones.
  ReductionStages stages(std::vector<Reduction> reductions, bool keepsAxes,
                         bool hasReducedAxes) const;

private:
  /// An index of the space from the kept variables and the reduced ones.
  Index index(llvm::ArrayRef<Halide::Expr> reducedAt) const;
  /// Every `step`-th of `lanes`, from `first` on.
  static Halide::Expr combineLanes(const Halide::Func &lanes, int count,
                                   const Reducer &reducer,
                                   const std::vector<Halide::Expr> &kept,
                                   const Halide::Expr &first = 0, int step = 1);
  /// Lanes are neighbours along `axis`.
  void updateLanes(Reduction &result, int axis, const Reducer &reducer,
                   llvm::function_ref<Halide::Expr(const Index &)> element);
  /// Adds up what the threads of a group have.
  void combineThreads(Reduction &result, const Reducer &reducer) const;
  /// Says in `stages` which axes of the result a group shares.
  void describeGroup(ReductionStages &stages, bool keepsAxes,
                     bool hasReducedAxes) const;
  std::vector<Halide::Var> keptVars() const;
  /// Whether an index of the space has a reduced variable for `axis`.
  bool runsOver(size_t axis) const { return reduced[axis] || !flags.empty(); }
  /// Elements along `axis` that go into one total.
  Halide::Expr reducedExtent(size_t axis) const;

  KernelBuilder &builder;
  Dims dims;
  std::vector<bool> reduced; ///< None where there are flags.
  std::vector<Halide::Expr> flags;
  int vectorAxis;
  dyn::LoopsPlanAttr plan;
  GroupShape group;
};

/// Declares `op`, defined already, to be a root of these stages.
void addReduction(KernelBuilder &builder, mlir::Operation *op,
                  const ReductionStages &stages);

/// The plan of a reduction that does not run along the innermost axis of
/// memory.
dyn::LoopsPlanAttr columnsPlan(KernelBuilder &builder);

/// |x|^p, and the root of a sum of such.
Halide::Expr normPower(Halide::Expr x, int64_t p);
Halide::Expr normRoot(Halide::Expr sum, int64_t p);

/// Axis of `value` that is innermost in memory.
int innermostAxis(KernelBuilder &builder, mlir::Value value, int rank);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_ROOTS_REDUCTIONS_H
