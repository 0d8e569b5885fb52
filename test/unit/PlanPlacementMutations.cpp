#include "test/unit/PlanMutations.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace dycc::test {
namespace {

/// A slot of a placement.
struct Choice {
  size_t placement, position;
};

/// Changes a slot of a placement that `mayChange`.
std::string
changeSlot(OpenPlan &plan, StringRef change,
           function_ref<bool(const dyn::Placement::Slot &)> mayChange,
           function_ref<void(dyn::Placement &, size_t)> apply) {
  SmallVector<Choice> choices;
  for (auto [number, placement] : llvm::enumerate(plan.placements))
    for (auto [position, slot] : llvm::enumerate(placement.slots))
      if (mayChange(slot))
        choices.push_back({number, position});
  return changeOne(plan, choices, [&](Choice choice) {
    dyn::Placement &placement = plan.placements[choice.placement];
    int64_t slot = placement.slots[choice.position].number;
    apply(placement, choice.position);
    plan.store();
    return ("slot " + Twine(slot) + " of placement " + Twine(choice.placement) +
            " " + change)
        .str();
  });
}

bool isAny(const dyn::Placement::Slot &) { return true; }
bool liesOnOthers(const dyn::Placement::Slot &slot) { return !slot.on.empty(); }

/// It may then overlap what it lay on: nothing else keeps the two apart.
std::string sinkSlot(OpenPlan &plan) {
  return changeSlot(plan, "sinks", liesOnOthers,
                    [&](dyn::Placement &placement, size_t position) {
                      auto &on = placement.slots[position].on;
                      on.erase(on.begin() + plan.below(on.size()));
                    });
}

std::string forgetSlot(OpenPlan &plan) {
  return changeSlot(plan, "is not placed", isAny,
                    [](dyn::Placement &placement, size_t position) {
                      placement.slots.erase(placement.slots.begin() + position);
                    });
}

std::string placeTwice(OpenPlan &plan) {
  return changeSlot(plan, "is placed twice", isAny,
                    [](dyn::Placement &placement, size_t position) {
                      auto slot = placement.slots[position];
                      placement.slots.push_back(slot);
                    });
}

/// A slot comes before all that it lies on.
std::string placeEarly(OpenPlan &plan) {
  return changeSlot(plan, "comes first", liesOnOthers,
                    [](dyn::Placement &placement, size_t position) {
                      auto begin = placement.slots.begin();
                      std::rotate(begin, begin + position,
                                  begin + position + 1);
                    });
}

constexpr Mutation kMutations[] = {
    {"sink slot", sinkSlot},
    {"forget slot", forgetSlot},
    {"place twice", placeTwice},
    {"place early", placeEarly},
};

} // namespace

ArrayRef<Mutation> placementMutations() { return kMutations; }

} // namespace dycc::test
