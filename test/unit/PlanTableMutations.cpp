#include "test/unit/PlanMutations.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using dycc::dyn::PlaceKind;

namespace dycc::test {
namespace {

//===----------------------------------------------------------------------===//
// The pointer table
//===----------------------------------------------------------------------===//

/// Results whose place is an entry of their own.
SmallVector<OpResult> resultsWithEntry(OpenPlan &plan) {
  SmallVector<OpResult> results = plan.resultsIn(PlaceKind::Dynamic);
  llvm::append_range(results, plan.resultsIn(PlaceKind::Heap));
  return results;
}

std::string shareEntry(OpenPlan &plan) {
  if (plan.pointers < 2)
    return "";
  // Each entry belongs to someone.
  return moveOne(
      plan, resultsWithEntry(plan), "takes entry", [&](OpResult result) {
        int64_t old = dyn::getPlace(result).getIndex();
        return (old + 1 + plan.below(plan.pointers - 1)) % plan.pointers;
      });
}

std::string takeEntryBeyond(OpenPlan &plan) {
  return moveOne(plan, resultsWithEntry(plan),
                 "takes an entry that is not there:", [&](OpResult) {
                   return plan.pointers + plan.below(3);
                 });
}

std::string dropEntry(OpenPlan &plan) {
  if (plan.pointers == 0)
    return "";
  --plan.pointers;
  plan.store();
  return "the last entry is gone";
}

std::string miscount(OpenPlan &plan) {
  plan.unbounded += plan.below(2) ? 1 : -1;
  plan.store();
  return "another number of unbounded results";
}

//===----------------------------------------------------------------------===//
// Releases
//===----------------------------------------------------------------------===//

SmallVector<Operation *> releasingOps(OpenPlan &plan) {
  SmallVector<Operation *> releasing;
  for (Operation *op : plan.ops)
    if (!dyn::getReleases(op).empty())
      releasing.push_back(op);
  return releasing;
}

/// Takes one of the entries away from an operation that releases some.
int64_t takeRelease(OpenPlan &plan, Operation *op) {
  SmallVector<int64_t> entries(dyn::getReleases(op));
  int64_t &chosen = plan.anyOf(entries);
  int64_t entry = chosen;
  entries.erase(&chosen);
  plan.setReleases(op, entries);
  return entry;
}

std::string dropRelease(OpenPlan &plan) {
  return changeOne(plan, releasingOps(plan), [&](Operation *op) {
    int64_t entry = takeRelease(plan, op);
    return describe(op, "keeps entry " + Twine(entry));
  });
}

/// The operation that takes the memory gives it back at once.
std::string releaseEarly(OpenPlan &plan) {
  return changeOne(plan, releasingOps(plan), [&](Operation *op) -> std::string {
    int64_t entry = takeRelease(plan, op);
    for (OpResult result : plan.resultsIn(PlaceKind::Heap))
      if (dyn::getPlace(result).getIndex() == entry &&
          result.getOwner() != op) {
        plan.setReleases(result.getOwner(), {entry});
        return describe(op, "gives entry " + Twine(entry) + " back early");
      }
    return "";
  });
}

std::string releaseOther(OpenPlan &plan) {
  SmallVector<OpResult> others = plan.resultsIn(PlaceKind::Dynamic);
  if (others.empty())
    return "";
  return changeOne(plan, releasingOps(plan), [&](Operation *op) {
    SmallVector<int64_t> entries(dyn::getReleases(op));
    entries.push_back(dyn::getPlace(plan.anyOf(others)).getIndex());
    plan.setReleases(op, entries);
    return describe(op, "gives back what owns nothing");
  });
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// A list of a loop's, with an entry for each carried value.
struct CarriedList {
  DenseI64ArrayAttr (dyn::LoopOp::*get)();
  void (dyn::LoopOp::*set)(DenseI64ArrayAttr);
};

/// Makes one entry of such lists -1, or a different one of its list where
/// `mayTakeOther`; those that are -1 stay.
std::string changeCarried(OpenPlan &plan, CarriedList list, bool mayTakeOther,
                          StringRef change) {
  SmallVector<std::pair<dyn::LoopOp, size_t>> choices;
  for (dyn::LoopOp loop : plan.loops)
    for (auto [index, entry] : llvm::enumerate((loop.*list.get)().asArrayRef()))
      if (entry >= 0)
        choices.push_back({loop, index});
  return changeOne(plan, choices, [&](auto choice) {
    auto [loop, index] = choice;
    SmallVector<int64_t> entries((loop.*list.get)().asArrayRef()), others{-1};
    for (int64_t entry : entries)
      if (mayTakeOther && entry >= 0 && entry != entries[index])
        others.push_back(entry);
    entries[index] = plan.anyOf(others);
    (loop.*list.set)(DenseI64ArrayAttr::get(loop.getContext(), entries));
    return describe(loop, change);
  });
}

/// A carried value loses its slots, or takes those of another one.
std::string movePair(OpenPlan &plan) {
  return changeCarried(plan,
                       {&dyn::LoopOp::getPairsAttr, &dyn::LoopOp::setPairsAttr},
                       /*mayTakeOther=*/true, "has other slots");
}

std::string dropOwner(OpenPlan &plan) {
  return changeCarried(
      plan, {&dyn::LoopOp::getOwnersAttr, &dyn::LoopOp::setOwnersAttr},
      /*mayTakeOther=*/false, "owns less");
}

/// Arguments of a loop share an entry.
std::string shareArgument(OpenPlan &plan) {
  return changeOne(plan, plan.loops, [&](dyn::LoopOp loop) {
    SmallVector<Attribute> arguments(loop.getArguments().getValue());
    size_t from = plan.below(arguments.size());
    size_t to =
        (from + 1 + plan.below(arguments.size() - 1)) % arguments.size();
    arguments[to] = arguments[from];
    loop.setArgumentsAttr(ArrayAttr::get(loop.getContext(), arguments));
    return describe(loop, "has two arguments in one entry");
  });
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

std::string moveWeight(OpenPlan &plan) {
  SmallVector<OpResult> weights = plan.resultsIn(PlaceKind::Weights);
  return moveOne(plan, weights, "lies at", [&](OpResult weight) {
    int64_t offset = dyn::getPlace(weight).getIndex();
    SmallVector<int64_t> choices{offset + 1, plan.weightBytes, -64};
    for (OpResult other : weights)
      if (dyn::getPlace(other).getIndex() != offset)
        choices.push_back(dyn::getPlace(other).getIndex());
    return plan.anyOf(choices);
  });
}

std::string shrinkWeights(OpenPlan &plan) {
  if (plan.weightBytes == 0)
    return "";
  plan.weightBytes -= 64;
  plan.store();
  return "fewer bytes of weights";
}

constexpr Mutation kMutations[] = {
    {"share entry", shareEntry},     {"take entry beyond", takeEntryBeyond},
    {"drop entry", dropEntry},       {"miscount", miscount},
    {"drop release", dropRelease},   {"release early", releaseEarly},
    {"release other", releaseOther}, {"move pair", movePair},
    {"drop owner", dropOwner},       {"share argument", shareArgument},
    {"move weight", moveWeight},     {"shrink weights", shrinkWeights},
};

} // namespace

ArrayRef<Mutation> tableMutations() { return kMutations; }

} // namespace dycc::test
