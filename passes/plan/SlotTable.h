#ifndef DYCC_PASSES_PLAN_SLOTTABLE_H
#define DYCC_PASSES_PLAN_SLOTTABLE_H

#include "dialects/dyn/DynOps.h"
#include "dialects/dyn/TypicalShape.h"

#include <map>

namespace dycc::plan {

/// Which sizes are provably no more than others; proofs are remembered.
class SizeOrder {
public:
  explicit SizeOrder(const dyn::SymbolFacts &facts) : facts(facts) {}

  bool isLessEqual(dyn::ExprAttr a, dyn::ExprAttr b);
  const dyn::SymbolFacts &getFacts() const { return facts; }

private:
  const dyn::SymbolFacts &facts;
  llvm::DenseMap<std::pair<dyn::ExprAttr, dyn::ExprAttr>, bool> known;
};

/// The largest of some sizes.
struct SlotSize {
  llvm::SmallVector<dyn::ExprAttr> sizes; ///< None is provably below another.
  double typical = 0;                     ///< Bytes at a typical shape.

  /// Whether `size` is provably no more.
  bool covers(dyn::ExprAttr size, SizeOrder &order) const;
  /// `bytes`: what `size` comes to at a typical shape.
  void add(dyn::ExprAttr size, double bytes, SizeOrder &order);
  dyn::ExprAttr get(const dyn::SymbolFacts &facts) const;
};

/// The slots of an arena while buffers are put into them in order of their
/// definitions.
class SlotTable {
public:
  /// Without `reuse` every buffer opens a slot.
  SlotTable(SizeOrder &order, bool reuse)
      : order(order), typical(order.getFacts()), reuse(reuse) {}

  /// Frees the slots whose last use is before `position`.
  void release(int64_t position);
  /// A free slot of similar size, or a new one, until position `end`.
  unsigned take(dyn::ExprAttr size, int64_t end);
  /// A new slot; two calls in a row give neighbours.
  unsigned open(dyn::ExprAttr size, int64_t end);
  llvm::ArrayRef<SlotSize> getSlots() const { return slots; }

private:
  double estimateOf(dyn::ExprAttr size);

  SizeOrder &order;
  dyn::TypicalShape typical;
  bool reuse;
  std::vector<SlotSize> slots;
  std::multimap<double, unsigned> free;    ///< By estimate.
  std::multimap<int64_t, unsigned> active; ///< By last use.
  llvm::DenseMap<dyn::ExprAttr, double> estimates;
};

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_SLOTTABLE_H
