#include "test/unit/PlanMutations.h"

#include "dialects/onnx/OnnxOps.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::dyn::PlaceAttr;
using dycc::dyn::PlaceKind;

namespace dycc::test {

OpenPlan::OpenPlan(func::FuncOp function, std::mt19937 &random)
    : function(function), random(random) {
  function.walk<WalkOrder::PreOrder>([&](Operation *op) {
    ops.push_back(op);
    if (auto loop = dyn_cast<dyn::LoopOp>(op))
      loops.push_back(loop);
  });
  dyn::MemoryAttr memory = dyn::getMemory(function);
  slots.assign(memory.getSlots().begin(), memory.getSlots().end());
  outputSlots.assign(memory.getOutputSlots().begin(),
                     memory.getOutputSlots().end());
  outputInputs.assign(memory.getOutputInputs().begin(),
                      memory.getOutputInputs().end());
  pointers = memory.getPointers();
  unbounded = memory.getUnbounded();
  weightBytes = memory.getWeightBytes();
  if (dyn::isPlaced(function))
    placements = dyn::getPlacements(function);
}

void OpenPlan::store() {
  dyn::setMemory(function, dyn::MemoryAttr::get(
                               function.getContext(), slots, outputSlots,
                               outputInputs, pointers, unbounded, weightBytes));
  dyn::setPlacements(function, placements);
}

SmallVector<OpResult> OpenPlan::resultsIn(PlaceKind kind) {
  SmallVector<OpResult> results;
  for (Operation *op : ops)
    for (OpResult result : op->getResults())
      if (PlaceAttr place = dyn::getPlace(result);
          place && place.getKind() == kind)
        results.push_back(result);
  return results;
}

int64_t OpenPlan::slotOf(OpResult result) {
  PlaceAttr place = dyn::getPlace(result);
  if (!place)
    return -1;
  if (place.getKind() == PlaceKind::Output)
    return outputSlots[place.getIndex()];
  return place.getKind() == PlaceKind::Arena ? place.getIndex() : -1;
}

bool OpenPlan::isUsedBehind(Value value, Operation *op) {
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    Operation *here = op->getBlock()->findAncestorOpInBlock(*user);
    return here && op->isBeforeInBlock(here);
  });
}

void OpenPlan::move(OpResult result, PlaceKind kind, int64_t index) {
  Operation *op = result.getOwner();
  SmallVector<PlaceAttr> places;
  for (OpResult each : op->getResults())
    places.push_back(dyn::getPlace(each));
  places[result.getResultNumber()] =
      PlaceAttr::get(op->getContext(), kind, index);
  dyn::setPlaces(op, places);
}

void OpenPlan::setReleases(Operation *op, ArrayRef<int64_t> entries) {
  cast<dyn::ReleasingOp>(op).setReleasesAttr(
      DenseI64ArrayAttr::get(op->getContext(), entries));
}

std::string describe(Operation *op, const Twine &change) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << op->getName() << " at " << op->getLoc() << ": " << change;
  return text;
}

std::string moveOne(OpenPlan &plan, SmallVector<OpResult> results,
                    StringRef change,
                    function_ref<int64_t(OpResult)> indexFor) {
  return changeOne(plan, std::move(results), [&](OpResult result) {
    int64_t index = indexFor(result);
    plan.move(result, dyn::getPlace(result).getKind(), index);
    return describe(result.getOwner(), change + " " + Twine(index));
  });
}

namespace {

//===----------------------------------------------------------------------===//
// Slots
//===----------------------------------------------------------------------===//

/// A result takes the slot of a value that is read behind it.
std::string takeLiveSlot(OpenPlan &plan) {
  SmallVector<std::pair<OpResult, int64_t>> choices;
  for (OpResult result : plan.resultsIn(PlaceKind::Arena))
    for (Operation &before : *result.getOwner()->getBlock()) {
      if (&before == result.getOwner())
        break;
      for (OpResult other : before.getResults())
        if (plan.slotOf(other) >= 0 &&
            plan.isUsedBehind(other, result.getOwner()))
          choices.push_back({result, plan.slotOf(other)});
    }
  return changeOne(plan, choices, [&](auto choice) {
    auto [result, slot] = choice;
    return moveOne(plan, {result}, "takes slot",
                   [slot = slot](OpResult) { return slot; });
  });
}

std::string takeSlotBeyond(OpenPlan &plan) {
  return moveOne(plan, plan.resultsIn(PlaceKind::Arena),
                 "takes a slot that is not there:", [&](OpResult) {
                   return plan.slots.size() + plan.below(3);
                 });
}

std::string shrinkSlot(OpenPlan &plan) {
  if (plan.slots.empty())
    return "";
  int64_t slot = plan.below(plan.slots.size());
  plan.slots[slot] = plan.slots[slot].plus(-1 - plan.below(64));
  plan.store();
  return "slot " + std::to_string(slot) + " shrinks";
}

std::string dropSlot(OpenPlan &plan) {
  if (plan.slots.empty())
    return "";
  plan.slots.pop_back();
  plan.store();
  return "the last slot is gone";
}

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

std::string moveOutput(OpenPlan &plan) {
  int64_t count = plan.outputSlots.size();
  return moveOne(plan, plan.resultsIn(PlaceKind::Output), "is output",
                 [&](OpResult result) {
                   int64_t old = dyn::getPlace(result).getIndex();
                   return (old + 1 + plan.below(count)) % (count + 1);
                 });
}

/// All outputs are live at the end: none can have the slot of another.
std::string moveOutputSlot(OpenPlan &plan) {
  return changeOne(
      plan, plan.resultsIn(PlaceKind::Output), [&](OpResult result) {
        int64_t output = dyn::getPlace(result).getIndex();
        SmallVector<int64_t> choices{-1, int64_t(plan.slots.size())};
        for (int64_t slot : plan.outputSlots)
          if (slot >= 0 && slot != plan.outputSlots[output])
            choices.push_back(slot);
        plan.outputSlots[output] = plan.anyOf(choices);
        plan.store();
        return "output " + std::to_string(output) + " goes to slot " +
               std::to_string(plan.outputSlots[output]);
      });
}

/// An output goes into an input that is read behind it.
std::string donateLiveInput(OpenPlan &plan) {
  SmallVector<std::pair<int64_t, int64_t>> choices;
  for (OpResult result : plan.resultsIn(PlaceKind::Output))
    for (BlockArgument input : plan.function.getArguments())
      if (result.getOwner()->getBlock() == &plan.function.front() &&
          plan.isUsedBehind(input, result.getOwner()))
        choices.push_back(
            {dyn::getPlace(result).getIndex(), input.getArgNumber()});
  return changeOne(plan, choices, [&](auto choice) {
    auto [output, input] = choice;
    plan.outputInputs[output] = input;
    plan.store();
    return "output " + std::to_string(output) + " goes to input " +
           std::to_string(input);
  });
}

//===----------------------------------------------------------------------===//
// Views, parts, joins
//===----------------------------------------------------------------------===//

std::string moveAlias(OpenPlan &plan) {
  SmallVector<OpResult> names = plan.resultsIn(PlaceKind::Alias);
  llvm::erase_if(names, [](OpResult name) { return dyn::overwriterOf(name); });
  return changeOne(plan, std::move(names), [&](OpResult result) {
    bool isSlot = plan.below(2) && !plan.slots.empty();
    plan.move(result, isSlot ? PlaceKind::Arena : PlaceKind::Alias,
              isSlot ? plan.below(plan.slots.size()) : 1 + plan.below(3));
    return describe(result.getOwner(), "is another alias");
  });
}

/// A result is computed in the memory of an operand that is read behind it.
std::string overwriteLiveOperand(OpenPlan &plan) {
  SmallVector<std::pair<OpResult, int64_t>> choices;
  for (OpResult result : plan.resultsIn(PlaceKind::Arena))
    if (auto launch = dyn_cast<dyn::LaunchOp>(result.getOwner()))
      for (auto [number, operand] : llvm::enumerate(launch.getInputs()))
        if (plan.isUsedBehind(operand, launch))
          choices.push_back({result, number});
  return changeOne(plan, choices, [&](auto choice) {
    auto [result, operand] = choice;
    plan.move(result, PlaceKind::Alias, operand);
    return describe(result.getOwner(),
                    "is computed over operand " + Twine(operand));
  });
}

std::string movePart(OpenPlan &plan) {
  SmallVector<dyn::PartOp> parts;
  for (Operation *op : plan.ops)
    if (auto part = dyn_cast<dyn::PartOp>(op))
      parts.push_back(part);
  return changeOne(plan, parts, [&](dyn::PartOp part) {
    ExprAttr whole = dyn::getNumElements(part.getInput().getType());
    part.setFromAttr(
        plan.below(2) ? whole : ExprAttr::add(part.getFrom(), whole.times(-1)));
    return describe(part, "leaves what it is of");
  });
}

std::string movePiece(OpenPlan &plan) {
  return moveOne(plan, plan.resultsIn(PlaceKind::Joined), "is piece",
                 [&](OpResult result) {
                   return dyn::getPlace(result).getIndex() + 1 -
                          2 * plan.below(2);
                 });
}

/// A place is missing, or is of a kind that the value cannot have.
std::string changeKind(OpenPlan &plan) {
  SmallVector<OpResult> results;
  for (PlaceKind kind :
       {PlaceKind::Arena, PlaceKind::Output, PlaceKind::Joined,
        PlaceKind::Dynamic, PlaceKind::Heap, PlaceKind::Weights})
    llvm::append_range(results, plan.resultsIn(kind));
  return changeOne(plan, results, [&](OpResult result) {
    PlaceKind old = dyn::getPlace(result).getKind(), kind = old;
    // A launch may overwrite some of its operands.
    while (kind == old ||
           (kind == PlaceKind::Alias && isa<dyn::LaunchOp>(result.getOwner())))
      kind = PlaceKind((int(old) + 1 + plan.below(6)) % 7);
    plan.move(result, kind, dyn::getPlace(result).getIndex());
    return describe(result.getOwner(), "has a place of another kind");
  });
}

constexpr Mutation kMutations[] = {
    {"take live slot", takeLiveSlot},
    {"take slot beyond", takeSlotBeyond},
    {"shrink slot", shrinkSlot},
    {"drop slot", dropSlot},
    {"move output", moveOutput},
    {"move output slot", moveOutputSlot},
    {"donate live input", donateLiveInput},
    {"move alias", moveAlias},
    {"overwrite live operand", overwriteLiveOperand},
    {"move part", movePart},
    {"move piece", movePiece},
    {"change kind", changeKind},
};

} // namespace

ArrayRef<Mutation> slotMutations() { return kMutations; }

} // namespace dycc::test
