// What passes/plan has left on the operations, seen from the slots.
#include "compiler/driver/SlotValues.h"

#include "dialects/dyn/Kernels.h"
#include "dialects/dyn/Plan.h"
#include "passes/plan/InPlace.h"

using namespace mlir;

namespace dycc {
namespace {

void addNames(Location location, SmallVectorImpl<StringRef> &names) {
  if (auto name = dyn_cast<NameLoc>(location))
    names.push_back(name.getName());
  else if (auto call = dyn_cast<CallSiteLoc>(location))
    addNames(call.getCallee(), names);
  else if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      addNames(part, names);
}

/// The node at `location` that gives `result`; one without a name has a name
/// for each of its results.
std::string nodeAt(Location location, OpResult result) {
  SmallVector<StringRef> names;
  addNames(location, names);
  if (names.empty())
    return "?";
  unsigned count = result.getOwner()->getNumResults();
  bool isPerResult = count > 1 && names.size() == count;
  return (isPerResult ? names[result.getResultNumber()] : names.back()).str();
}

class Collector {
public:
  Collector(func::FuncOp main, const plan::Liveness &liveness,
            const Steps &steps)
      : slots(dyn::getMemory(main).getSlots().size()),
        symbols(main->getParentOfType<ModuleOp>()), liveness(liveness),
        steps(steps), memory(dyn::getMemory(main)) {
    main.walk<WalkOrder::PreOrder>([&](Operation *op) { visit(op); });
  }

  std::vector<std::vector<SlotValue>> slots;

private:
  /// The node that gives `result`. Of a launch it is the last one.
  std::string nodeOf(OpResult result) const {
    if (auto launch = dyn_cast<dyn::LaunchOp>(result.getOwner())) {
      Operation *yield = launch.getKernelIn(symbols).getYield();
      Value yielded = yield->getOperand(result.getResultNumber());
      if (auto inner = dyn_cast<OpResult>(yielded))
        return nodeAt(dyn::locationAt(launch, inner.getOwner()), inner);
    }
    return nodeAt(result.getOwner()->getLoc(), result);
  }

  void visit(Operation *op) {
    auto placed = dyn_cast<dyn::PlacedOp>(op);
    if (!placed || !placed.getPlacesAttr())
      return;
    if (auto loop = dyn_cast<dyn::LoopOp>(op))
      addPairs(loop);
    for (OpResult result : op->getResults())
      add(result, dyn::getPlace(result));
  }

  void add(OpResult result, dyn::PlaceAttr place) {
    if (dyn::LaunchOp launch = dyn::overwriterOf(result))
      return addOverwriter(launch, result);
    int64_t output = -1, slot = place.getIndex();
    if (place.getKind() == dyn::PlaceKind::Output) {
      output = place.getIndex();
      slot = memory.getOutputSlots()[output];
    } else if (place.getKind() != dyn::PlaceKind::Arena) {
      return;
    }
    if (slot < 0)
      return;
    int64_t begin = liveness.positionOf(result.getOwner());
    slots[slot].push_back({nodeOf(result), result.getType(),
                           overwrittenBy(result, slot), output,
                           /*isCarried=*/false, steps.at(begin),
                           lastStep(liveness.buffersOf(result), begin)});
    slotOf[result] = slot;
  }

  /// Where the operand lies, which branches may decide.
  void addOverwriter(dyn::LaunchOp launch, OpResult result) {
    Value operand = plan::underViews(dyn::overwrittenBy(launch));
    int64_t begin = liveness.positionOf(launch);
    for (unsigned buffer : liveness.buffersOf(result)) {
      int64_t slot = plan::slotOf(liveness.buffers()[buffer], memory);
      slots[slot].push_back({nodeOf(result), result.getType(),
                             nodeOf(cast<OpResult>(operand)), /*output=*/-1,
                             /*isCarried=*/false, steps.at(begin),
                             lastStep(liveness.buffersOf(result), begin)});
      slotOf[result] = slot;
    }
  }

  size_t lastStep(ArrayRef<unsigned> buffers, int64_t begin) const {
    for (unsigned buffer : buffers)
      begin = std::max(begin, liveness.buffers()[buffer].end);
    return steps.at(begin);
  }

  /// The operand whose slot the result takes while it is still read.
  std::string overwrittenBy(OpResult result, int64_t slot) const {
    if (isa<dyn::LaunchOp>(result.getOwner()))
      for (Value operand : result.getOwner()->getOperands()) {
        Value value = plan::underViews(operand);
        auto it = slotOf.find(value);
        if (it != slotOf.end() && it->second == slot)
          return nodeOf(cast<OpResult>(value));
      }
    return "";
  }

  void addPairs(dyn::LoopOp loop) {
    int64_t begin = liveness.positionOf(loop);
    for (auto [index, first] : llvm::enumerate(loop.getPairs().asArrayRef()))
      for (int64_t slot = first; first >= 0 && slot < first + 2; ++slot) {
        OpResult result = loop->getResult(index);
        size_t last = std::max(steps.lastOf(loop),
                               lastStep(liveness.buffersOf(result), begin));
        slots[slot].push_back(
            {nodeOf(result), loop.getBody().getArgument(index + 2).getType(),
             "", -1, /*isCarried=*/true, steps.at(begin), last});
      }
  }

  const SymbolTable symbols; ///< Of the module.
  const plan::Liveness &liveness;
  const Steps &steps;
  const dyn::MemoryAttr memory;
  DenseMap<Value, int64_t> slotOf;
};

} // namespace

std::vector<std::vector<SlotValue>>
collectSlotValues(func::FuncOp main, const plan::Liveness &liveness,
                  const Steps &steps) {
  return Collector(main, liveness, steps).slots;
}

} // namespace dycc
