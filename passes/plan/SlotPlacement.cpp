// The most that is live at a time is often less than the sum of the slots:
// where a large result lay, several small ones could lie later. Who lies below
// whom is decided here, once; offsets follow from that at any extents, as the
// longest paths of what lies below. So they are formulas, never more where all
// sizes are less, and their bounds are bounds of the arena.
#include "passes/plan/SlotPlacement.h"

#include "dialects/dyn/TypicalShape.h"
#include "passes/plan/ShapePoints.h"
#include "runtime/abi/Memory.h"

#include "llvm/ADT/SmallBitVector.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>
#include <map>

using dycc::dyn::ExprAttr;

namespace dycc::plan {
namespace {

/// Ways that plan() compares, that of slots that follow each other among them.
constexpr size_t kMostPlacements = 4;
/// What a further one has to save on average to be worth its code.
constexpr double kLeastGain = 0.01;
/// Of more tenants not all pairs are looked at.
constexpr size_t kMostTenants = 4000;
constexpr int64_t kMostBytes = int64_t(1) << 50;

int64_t bytesAt(dyn::TypicalShape &shape, ExprAttr size) {
  int64_t bytes = shape.valueOf(size).value_or(0);
  return llvm::alignTo(std::clamp<int64_t>(bytes, 0, kMostBytes),
                       DYCC_SLOT_ALIGNMENT);
}

/// Looks for ways to place tenants, and makes slots of those that have the same
/// size and the same level in each way that is taken.
class Placer {
public:
  Placer(llvm::ArrayRef<PlacedTenant> tenants,
         llvm::function_ref<bool(unsigned, unsigned)> areTogether,
         llvm::ArrayRef<ExprAttr> slots, const dyn::SymbolFacts &facts)
      : tenants(tenants), points(shapePoints(facts)) {
    problem.together.resize(tenants.size());
    for (unsigned a = 0; a < tenants.size(); ++a) {
      problem.lives.push_back(tenants[a].life);
      for (unsigned b = 0; b < a; ++b)
        if (areTogether(a, b)) {
          problem.together[a].push_back(b);
          problem.together[b].push_back(a);
        }
    }
    for (const dyn::SymbolFacts &point : points) {
      dyn::TypicalShape shape(point);
      SlotBytes &here = bytes.emplace_back();
      for (const PlacedTenant &tenant : tenants)
        here.push_back(bytesAt(shape, tenant.size));
      int64_t sum = 0;
      for (ExprAttr slot : slots)
        sum += bytesAt(shape, slot);
      inSlots.push_back(sum);
    }
  }

  std::optional<SlotPlacement> run() {
    addCandidates();
    if (!choose())
      return std::nullopt;
    formSlots();
    for (unsigned candidate : chosen)
      addPlacement(candidates[candidate]);
    result.bytes = leastOfChosen(/*point=*/0);
    return std::move(result);
  }

private:
  /// The first one is that of the slots.
  void addCandidates() {
    Levels &slots = candidates.emplace_back();
    for (const PlacedTenant &tenant : tenants)
      slots.push_back(tenant.slot);
    for (const SlotBytes &here : bytes)
      candidates.push_back(findLevels(problem, here));
    for (const Levels &candidate : candidates) {
      auto &row = heights.emplace_back();
      for (const SlotBytes &here : bytes)
        row.push_back(heightOf(problem, candidate, here));
    }
  }

  int64_t leastOfChosen(size_t point) const {
    int64_t least = inSlots[point];
    for (unsigned candidate : chosen)
      least = std::min(least, heights[candidate][point]);
    return least;
  }

  /// How much more than now `candidate` would save, on average: the typical
  /// shape counts as much as all others.
  double gainOf(unsigned candidate) const {
    double gain = 0;
    for (size_t point = 0; point < bytes.size(); ++point) {
      double weight = bytes.size() == 1 ? 1
                      : point == 0      ? 0.5
                                        : 0.5 / double(bytes.size() - 1);
      double now = double(std::max<int64_t>(leastOfChosen(point), 1));
      double then = double(std::max<int64_t>(heights[candidate][point], 1));
      gain += weight * std::max(0.0, std::log(now / then));
    }
    return gain;
  }

  /// Those that save something. Whether there is one.
  bool choose() {
    while (chosen.size() + 1 < kMostPlacements) {
      unsigned best = 1;
      for (unsigned candidate = 1; candidate < candidates.size(); ++candidate)
        if (gainOf(candidate) > gainOf(best))
          best = candidate;
      if (gainOf(best) < kLeastGain)
        break;
      chosen.push_back(best);
    }
    if (chosen.empty())
      return false;
    // Where sizes are the same at each shape, nothing is left to compare.
    if (points.size() > 1)
      chosen.push_back(0);
    return true;
  }

  void formSlots() {
    using Key = std::pair<const void *, std::vector<int64_t>>;
    std::map<Key, unsigned> known;
    std::vector<llvm::SmallVector<unsigned>> members;
    for (auto [number, tenant] : llvm::enumerate(tenants)) {
      std::vector<int64_t> levels;
      for (unsigned candidate : chosen)
        levels.push_back(candidates[candidate][number]);
      auto [it, isNew] = known.try_emplace(
          {tenant.size.getAsOpaquePointer(), levels}, members.size());
      unsigned slot = it->second;
      // What has no bytes at a shape may lie anywhere there.
      if (isNew || tenant.isHalf || tenants[members[slot][0]].isHalf ||
          llvm::any_of(members[slot], [&, number = number](unsigned other) {
            return llvm::is_contained(problem.together[number], other);
          })) {
        slot = members.size();
        members.emplace_back();
        result.sizes.push_back(tenant.size);
      }
      members[slot].push_back(number);
      result.slotOf.push_back(slot);
    }
    first.clear();
    for (const auto &list : members)
      first.push_back(list.front());
    together.assign(members.size(), llvm::SmallBitVector(members.size()));
    for (unsigned a = 0; a < tenants.size(); ++a)
      for (unsigned b : problem.together[a])
        together[result.slotOf[a]].set(result.slotOf[b]);
  }

  /// Each slot on those that are needed together with it and come before it,
  /// but for those that lie below others of them anyway.
  void addPlacement(const Levels &tenantLevels) {
    Levels levels;
    for (unsigned tenant : first)
      levels.push_back(tenantLevels[tenant]);
    size_t count = levels.size();
    std::vector<llvm::SmallBitVector> below(count, llvm::SmallBitVector(count));
    dyn::Placement &placement = result.placements.emplace_back();
    std::vector<unsigned> before; // From the highest on.
    for (unsigned slot : orderOf(levels)) {
      auto &entry =
          placement.slots.emplace_back(dyn::Placement::Slot{int64_t(slot), {}});
      for (unsigned other : llvm::reverse(before))
        if (together[slot].test(other) && !below[slot].test(other)) {
          entry.on.push_back(other);
          below[slot] |= below[other];
          below[slot].set(other);
        }
      before.push_back(slot);
    }
  }

  llvm::ArrayRef<PlacedTenant> tenants;
  std::vector<dyn::SymbolFacts> points;
  PlacementProblem problem;
  std::vector<SlotBytes> bytes; ///< By point, of each tenant.
  std::vector<int64_t> inSlots; ///< By point, of slots one behind the other.
  std::vector<Levels> candidates;
  std::vector<std::vector<int64_t>> heights; ///< By candidate, by point.
  std::vector<unsigned> chosen;
  SlotPlacement result;
  std::vector<unsigned> first; ///< The first tenant of each slot.
  std::vector<llvm::SmallBitVector> together;
};

} // namespace

std::optional<SlotPlacement>
placeTenants(llvm::ArrayRef<PlacedTenant> tenants,
             llvm::function_ref<bool(unsigned, unsigned)> areTogether,
             llvm::ArrayRef<ExprAttr> slots, const dyn::SymbolFacts &facts) {
  if (slots.size() < 2 || tenants.size() > kMostTenants)
    return std::nullopt;
  return Placer(tenants, areTogether, slots, facts).run();
}

} // namespace dycc::plan
