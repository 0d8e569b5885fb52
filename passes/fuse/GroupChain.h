#ifndef DYCC_PASSES_FUSE_GROUPCHAIN_H
#define DYCC_PASSES_FUSE_GROUPCHAIN_H

#include "dialects/dyn/Bounds.h"

namespace dycc::fuse {

/// What lies between the kernels of a chain has to be so many times what goes
/// in and out, which stays as large as it was.
constexpr double kLeastGain = 2.5;

/// Operations of one block that are computed part by part, all of them for a
/// part before the next one. The kinds say what joins them.
class GroupChain {
public:
  explicit GroupChain(const dyn::ExecutionBounds &bounds) : bounds(&bounds) {}
  virtual ~GroupChain() = default;

  virtual bool empty() const = 0;
  virtual bool contains(mlir::Operation *op) const = 0;
  /// Whether `value` is a result of the chain.
  virtual bool isInside(mlir::Value value) const = 0;
  /// Whether `op`, the next one of the block, ends the chain. Else it has
  /// joined, or it reads nothing of it and can run before all of it.
  bool ends(mlir::Operation *op);
  /// Whether something outside of the chain reads `value`.
  bool escapes(mlir::Value value) const;
  /// Has `result` in the place of `value` for all that is outside.
  void replaceOutside(mlir::Value value, mlir::Value result) const;

protected:
  GroupChain(const GroupChain &) = default;
  GroupChain &operator=(const GroupChain &) = default;

  /// Takes `op` in, where it can follow.
  virtual bool joins(mlir::Operation *op) = 0;
  /// What `expr` is at a typical point.
  double estimate(dyn::ExprAttr expr) const;

  const dyn::ExecutionBounds *bounds;
};

/// Finds the chains of a block, one after the other, and has each decided.
/// `decide` may take its operations out of the block.
template <typename Chain, typename Decide>
void findChains(mlir::Block &block, const dyn::ExecutionBounds &bounds,
                Decide decide) {
  Chain chain(bounds);
  for (mlir::Operation &op : llvm::make_early_inc_range(block)) {
    if (!chain.ends(&op))
      continue; // It has joined, or has nothing to do with it.
    decide(chain);
    chain = Chain(bounds);
    chain.ends(&op); // It may begin another one.
  }
  decide(chain);
}

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_GROUPCHAIN_H
