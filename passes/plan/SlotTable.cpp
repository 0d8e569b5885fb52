#include "passes/plan/SlotTable.h"

#include <algorithm>

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::plan {

/// What an extent is taken for when two sizes cannot be compared: where a
/// model declares a range, its middle, else this.
static constexpr int64_t kTypicalExtent = 64;
static constexpr int64_t kLargestDeclared = 1 << 20;

double SlotTable::estimateOf(ExprAttr size) {
  auto [it, isNew] = estimates.insert({size, 0});
  if (!isNew)
    return it->second;
  auto typical = [&](StringRef symbol) -> std::optional<int64_t> {
    auto fact = facts.find(symbol);
    if (fact == facts.end())
      return kTypicalExtent;
    auto [lower, upper] = fact->second.range;
    return upper <= kLargestDeclared ? lower + (upper - lower) / 2
                                     : std::max(lower, kTypicalExtent);
  };
  std::optional<int64_t> bytes = size.evaluate(typical);
  return it->second = static_cast<double>(bytes.value_or(0));
}

void SlotTable::release(int64_t position) {
  auto last = active.lower_bound(position);
  for (auto it = active.begin(); it != last; ++it)
    if (reuse)
      free.insert({slots[it->second].estimate, it->second});
  active.erase(active.begin(), last);
}

void SlotTable::add(Slot &slot, ExprAttr size, double estimate) {
  for (ExprAttr known : slot.sizes)
    if (known == size || dyn::provablyLessEqual(size, known, facts))
      return;
  llvm::erase_if(slot.sizes, [&](ExprAttr known) {
    return dyn::provablyLessEqual(known, size, facts);
  });
  slot.sizes.push_back(size);
  slot.estimate = std::max(slot.estimate, estimate);
}

unsigned SlotTable::open(ExprAttr size, int64_t end) {
  slots.push_back({{size}, estimateOf(size)});
  active.insert({end, slots.size() - 1});
  return slots.size() - 1;
}

unsigned SlotTable::take(ExprAttr size, int64_t end) {
  double estimate = estimateOf(size);
  if (free.empty())
    return open(size, end);
  // The smallest that is large enough, else the largest: it grows least.
  auto it = free.lower_bound(estimate);
  if (it == free.end())
    --it;
  unsigned slot = it->second;
  free.erase(it);
  add(slots[slot], size, estimate);
  active.insert({end, slot});
  return slot;
}

void SlotTable::prolong(unsigned slot, int64_t from, int64_t to) {
  auto [first, last] = active.equal_range(from);
  auto it = std::find_if(first, last,
                         [&](auto &entry) { return entry.second == slot; });
  assert(it != last && "the slot is in use until `from`");
  active.erase(it);
  active.insert({to, slot});
}

SmallVector<ExprAttr> SlotTable::sizes() const {
  SmallVector<ExprAttr> result;
  for (const Slot &slot : slots) {
    ExprAttr largest = slot.sizes.front();
    for (ExprAttr size : ArrayRef(slot.sizes).drop_front())
      largest = ExprAttr::max(largest, size);
    result.push_back(dyn::simplify(largest, facts));
  }
  return result;
}

} // namespace dycc::plan
