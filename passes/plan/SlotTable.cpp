#include "passes/plan/SlotTable.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::plan {

double SlotTable::estimateOf(ExprAttr size) {
  auto [it, isNew] = estimates.insert({size, 0});
  if (isNew)
    it->second = static_cast<double>(typical.valueOf(size).value_or(0));
  return it->second;
}

void SlotTable::release(int64_t position) {
  auto last = active.lower_bound(position);
  for (auto it = active.begin(); it != last; ++it)
    if (reuse)
      free.insert({slots[it->second].typical, it->second});
  active.erase(active.begin(), last);
}

bool SizeOrder::isLessEqual(ExprAttr a, ExprAttr b) {
  if (a == b)
    return true;
  auto [it, isNew] = known.try_emplace({a, b}, false);
  if (isNew)
    it->second = dyn::provablyLessEqual(a, b, facts);
  return it->second;
}

bool SlotSize::covers(ExprAttr size, SizeOrder &order) const {
  return llvm::any_of(
      sizes, [&](ExprAttr known) { return order.isLessEqual(size, known); });
}

void SlotSize::add(ExprAttr size, double bytes, SizeOrder &order) {
  if (covers(size, order))
    return;
  llvm::erase_if(
      sizes, [&](ExprAttr known) { return order.isLessEqual(known, size); });
  sizes.push_back(size);
  typical = std::max(typical, bytes);
}

ExprAttr SlotSize::get(const dyn::SymbolFacts &facts) const {
  ExprAttr largest = sizes.front();
  for (ExprAttr size : ArrayRef(sizes).drop_front())
    largest = ExprAttr::max(largest, size);
  return dyn::simplify(largest, facts);
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
  slots[slot].add(size, estimate, order);
  active.insert({end, slot});
  return slot;
}

} // namespace dycc::plan
