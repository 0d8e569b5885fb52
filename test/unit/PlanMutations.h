// Ways to break a plan, each in one place. Only such changes are made as change
// what a model computes, or which memory it touches.
#ifndef DYCC_TEST_UNIT_PLANMUTATIONS_H
#define DYCC_TEST_UNIT_PLANMUTATIONS_H

#include "dialects/dyn/Plan.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <random>

namespace dycc::test {

/// The plan of one function, open to changes.
class OpenPlan {
public:
  OpenPlan(mlir::func::FuncOp function, std::mt19937 &random);

  /// Below `count`, which is positive.
  int64_t below(int64_t count) { return random() % count; }
  template <typename T>
  T &anyOf(llvm::SmallVectorImpl<T> &list) {
    return list[below(list.size())];
  }

  /// Results that lie in places of this kind.
  llvm::SmallVector<mlir::OpResult> resultsIn(dyn::PlaceKind kind);
  /// The slot of a value in a slot or in an output's memory; -1: elsewhere.
  int64_t slotOf(mlir::OpResult result);
  /// Whether something in the block of `op` uses `value` behind it.
  bool isUsedBehind(mlir::Value value, mlir::Operation *op);
  void move(mlir::OpResult result, dyn::PlaceKind kind, int64_t index);
  void setReleases(mlir::Operation *op, llvm::ArrayRef<int64_t> entries);
  /// Writes the fields below back.
  void store();

  mlir::func::FuncOp function;
  llvm::SmallVector<mlir::Operation *> ops; ///< Without bodies of kernels.
  llvm::SmallVector<dyn::LoopOp> loops;
  llvm::SmallVector<dyn::ExprAttr> slots;
  llvm::SmallVector<int64_t> outputSlots, outputInputs;
  int64_t pointers, unbounded, weightBytes;
  std::vector<dyn::Placement>
      placements; ///< None where slots follow each other.

private:
  std::mt19937 &random;
};

/// A kind of change. Gives what was changed; nothing where the plan has no
/// place for it.
struct Mutation {
  const char *name;
  std::string (*apply)(OpenPlan &plan);
};

/// Of slots, outputs and what lies inside of something else.
llvm::ArrayRef<Mutation> slotMutations();
/// Of how slots lie over each other.
llvm::ArrayRef<Mutation> placementMutations();
/// Of the pointer table, releases, loops and weights.
llvm::ArrayRef<Mutation> tableMutations();

/// "<operation> at <location>: <change>".
std::string describe(mlir::Operation *op, const llvm::Twine &change);

/// Changes one of `choices`; nothing where there is none.
template <typename T, typename Change>
std::string changeOne(OpenPlan &plan, llvm::SmallVector<T> choices,
                      Change change) {
  return choices.empty() ? "" : change(plan.anyOf(choices));
}
/// Moves one of `results` to place `indexFor(result)` of its kind; `change`
/// says so before the index.
std::string moveOne(OpenPlan &plan, llvm::SmallVector<mlir::OpResult> results,
                    llvm::StringRef change,
                    llvm::function_ref<int64_t(mlir::OpResult)> indexFor);

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_PLANMUTATIONS_H
