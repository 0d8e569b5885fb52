#include "test/unit/PlanMutations.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using dycc::dyn::PlaceAttr;
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
  SmallVector<OpResult> results = resultsWithEntry(plan);
  if (results.empty() || plan.pointers < 2)
    return "";
  OpResult result = plan.anyOf(results);
  PlaceAttr place = dyn::getPlace(result);
  // Each entry belongs to someone.
  int64_t other =
      (place.getIndex() + 1 + plan.below(plan.pointers - 1)) % plan.pointers;
  plan.move(result, place.getKind(), other);
  return describe(result.getOwner(), "takes entry " + Twine(other));
}

std::string takeEntryBeyond(OpenPlan &plan) {
  SmallVector<OpResult> results = resultsWithEntry(plan);
  if (results.empty())
    return "";
  OpResult result = plan.anyOf(results);
  plan.move(result, dyn::getPlace(result).getKind(),
            plan.pointers + plan.below(3));
  return describe(result.getOwner(), "takes an entry that is not there");
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
  SmallVector<Operation *> ops = releasingOps(plan);
  if (ops.empty())
    return "";
  Operation *op = plan.anyOf(ops);
  int64_t entry = takeRelease(plan, op);
  return describe(op, "keeps entry " + Twine(entry));
}

/// The operation that takes the memory gives it back at once.
std::string releaseEarly(OpenPlan &plan) {
  SmallVector<Operation *> ops = releasingOps(plan);
  if (ops.empty())
    return "";
  Operation *op = plan.anyOf(ops);
  int64_t entry = takeRelease(plan, op);
  for (OpResult result : plan.resultsIn(PlaceKind::Heap))
    if (dyn::getPlace(result).getIndex() == entry && result.getOwner() != op) {
      plan.setReleases(result.getOwner(), {entry});
      return describe(op, "gives entry " + Twine(entry) + " back early");
    }
  return "";
}

std::string releaseOther(OpenPlan &plan) {
  SmallVector<Operation *> ops = releasingOps(plan);
  SmallVector<OpResult> others = plan.resultsIn(PlaceKind::Dynamic);
  if (ops.empty() || others.empty())
    return "";
  Operation *op = plan.anyOf(ops);
  SmallVector<int64_t> entries(dyn::getReleases(op));
  entries.push_back(dyn::getPlace(plan.anyOf(others)).getIndex());
  plan.setReleases(op, entries);
  return describe(op, "gives back what owns nothing");
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// A carried value loses its slots, or takes those of another one.
std::string movePair(OpenPlan &plan) {
  SmallVector<std::pair<dyn::LoopOp, size_t>> choices;
  for (dyn::LoopOp loop : plan.loops)
    for (auto [index, pair] : llvm::enumerate(loop.getPairs().asArrayRef()))
      if (pair >= 0)
        choices.push_back({loop, index});
  if (choices.empty())
    return "";
  auto [loop, index] = plan.anyOf(choices);
  SmallVector<int64_t> pairs(loop.getPairs().asArrayRef()), others{-1};
  for (int64_t pair : pairs)
    if (pair >= 0 && pair != pairs[index])
      others.push_back(pair);
  pairs[index] = plan.anyOf(others);
  loop.setPairsAttr(DenseI64ArrayAttr::get(loop.getContext(), pairs));
  return describe(loop, "has other slots");
}

std::string dropOwner(OpenPlan &plan) {
  SmallVector<std::pair<dyn::LoopOp, size_t>> choices;
  for (dyn::LoopOp loop : plan.loops)
    for (auto [index, owner] : llvm::enumerate(loop.getOwners().asArrayRef()))
      if (owner >= 0)
        choices.push_back({loop, index});
  if (choices.empty())
    return "";
  auto [loop, index] = plan.anyOf(choices);
  SmallVector<int64_t> owners(loop.getOwners().asArrayRef());
  owners[index] = -1;
  loop.setOwnersAttr(DenseI64ArrayAttr::get(loop.getContext(), owners));
  return describe(loop, "owns less");
}

/// Arguments of a loop share an entry.
std::string shareArgument(OpenPlan &plan) {
  if (plan.loops.empty())
    return "";
  dyn::LoopOp loop = plan.anyOf(plan.loops);
  SmallVector<Attribute> arguments(loop.getArguments().getValue());
  size_t from = plan.below(arguments.size());
  size_t to = (from + 1 + plan.below(arguments.size() - 1)) % arguments.size();
  arguments[to] = arguments[from];
  loop.setArgumentsAttr(ArrayAttr::get(loop.getContext(), arguments));
  return describe(loop, "has two arguments in one entry");
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

std::string moveWeight(OpenPlan &plan) {
  SmallVector<OpResult> weights = plan.resultsIn(PlaceKind::Weights);
  if (weights.empty())
    return "";
  OpResult weight = plan.anyOf(weights);
  int64_t offset = dyn::getPlace(weight).getIndex();
  SmallVector<int64_t> choices{offset + 1, plan.weightBytes, -64};
  for (OpResult other : weights)
    if (dyn::getPlace(other).getIndex() != offset)
      choices.push_back(dyn::getPlace(other).getIndex());
  plan.move(weight, PlaceKind::Weights, plan.anyOf(choices));
  return describe(weight.getOwner(), "lies elsewhere");
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
