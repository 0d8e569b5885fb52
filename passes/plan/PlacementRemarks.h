#ifndef DYCC_PASSES_PLAN_PLACEMENTREMARKS_H
#define DYCC_PASSES_PLAN_PLACEMENTREMARKS_H

#include "passes/plan/Liveness.h"

namespace dycc::plan {

/// Says where the plan puts values, and why not elsewhere, to whom asked. Each
/// function is called where that is decided, in the order of decisions.
class PlacementRemarks {
public:
  PlacementRemarks(mlir::MLIRContext *context, bool reuse, bool inPlace)
      : context(context), reuse(reuse), inPlace(inPlace) {}

  /// `result` is in the slot of `operand`.
  void liesOver(const Buffer &result, const Buffer &operand, unsigned slot);
  /// The result of a group is over none of its operands.
  void liesOverNone(const Buffer &result, Liveness &liveness);
  /// `isPlaced`: the slot lies over others.
  void liesIn(unsigned slot, const Buffer &buffer, bool isPlaced);
  void liesBeyondArena(const Buffer &buffer);
  void isLent(mlir::OpOperand &output, int64_t slot);
  /// The output is computed in the memory of `input`, or in none, for `why`.
  void isDonated(mlir::OpOperand &output, std::optional<unsigned> input,
                 const remarks::Reason &why);
  void isCarried(dyn::LoopOp loop, unsigned index);
  void isChosenByBranch(dyn::IfOp branch);
  void isStoredAlready(mlir::Operation *constant);

private:
  bool areWanted() const { return remarks::areWanted(context); }
  void explainSize(const Buffer &buffer);

  mlir::MLIRContext *context;
  bool reuse, inPlace;
  /// What each slot holds.
  llvm::DenseMap<unsigned, mlir::Operation *> holders;
};

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_PLACEMENTREMARKS_H
