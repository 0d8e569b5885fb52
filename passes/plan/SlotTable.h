#ifndef DYCC_PASSES_PLAN_SLOTTABLE_H
#define DYCC_PASSES_PLAN_SLOTTABLE_H

#include "dialects/dyn/DynOps.h"

#include <map>

namespace dycc::plan {

/// The slots of an arena while buffers are put into them in order of their
/// definitions.
class SlotTable {
public:
  /// Without `reuse` every buffer opens a slot.
  SlotTable(const dyn::SymbolFacts &facts, bool reuse)
      : facts(facts), reuse(reuse) {}

  /// Frees the slots whose last use is before `position`.
  void release(int64_t position);
  /// A free slot of similar size, or a new one, until position `end`.
  unsigned take(dyn::ExprAttr size, int64_t end);
  /// Lets a slot that is in use until `from` be in use until `to`.
  void prolong(unsigned slot, int64_t from, int64_t to);
  /// A new slot; two calls in a row give neighbours.
  unsigned open(dyn::ExprAttr size, int64_t end);
  /// The slots' sizes, each the largest of its buffers'.
  llvm::SmallVector<dyn::ExprAttr> sizes() const;

private:
  struct Slot {
    llvm::SmallVector<dyn::ExprAttr> sizes; ///< None is provably below another.
    double estimate;                        ///< Bytes at a typical shape.
  };

  void add(Slot &slot, dyn::ExprAttr size, double estimate);
  double estimateOf(dyn::ExprAttr size);

  const dyn::SymbolFacts &facts;
  bool reuse;
  llvm::SmallVector<Slot> slots;
  std::multimap<double, unsigned> free;    ///< By estimate.
  std::multimap<int64_t, unsigned> active; ///< By last use.
  llvm::DenseMap<dyn::ExprAttr, double> estimates;
};

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_SLOTTABLE_H
