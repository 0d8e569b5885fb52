#ifndef DYCC_PASSES_PLAN_SLOTTABLE_H
#define DYCC_PASSES_PLAN_SLOTTABLE_H

#include "dialects/dyn/DynOps.h"
#include "dialects/dyn/TypicalShape.h"

#include <map>

namespace dycc::plan {

/// The largest of some sizes.
struct SlotSize {
  llvm::SmallVector<dyn::ExprAttr> sizes; ///< None is provably below another.
  double typical = 0;                     ///< Bytes at a typical shape.

  /// Whether `size` is provably no more.
  bool covers(dyn::ExprAttr size, const dyn::SymbolFacts &facts) const;
  /// `bytes`: what `size` comes to at a typical shape.
  void add(dyn::ExprAttr size, double bytes, const dyn::SymbolFacts &facts);
  dyn::ExprAttr get(const dyn::SymbolFacts &facts) const;
};

/// The slots of an arena while buffers are put into them in order of their
/// definitions.
class SlotTable {
public:
  /// Without `reuse` every buffer opens a slot.
  SlotTable(const dyn::SymbolFacts &facts, bool reuse)
      : facts(facts), typical(facts), reuse(reuse) {}

  /// Frees the slots whose last use is before `position`.
  void release(int64_t position);
  /// A free slot of similar size, or a new one, until position `end`.
  unsigned take(dyn::ExprAttr size, int64_t end);
  /// A new slot; two calls in a row give neighbours.
  unsigned open(dyn::ExprAttr size, int64_t end);
  /// The slots' sizes, each the largest of its buffers'.
  llvm::SmallVector<dyn::ExprAttr> sizes() const;

private:
  double estimateOf(dyn::ExprAttr size);

  const dyn::SymbolFacts &facts;
  dyn::TypicalShape typical;
  bool reuse;
  std::vector<SlotSize> slots;
  std::multimap<double, unsigned> free;    ///< By estimate.
  std::multimap<int64_t, unsigned> active; ///< By last use.
  llvm::DenseMap<dyn::ExprAttr, double> estimates;
};

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_SLOTTABLE_H
