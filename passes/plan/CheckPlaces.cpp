#include "dialects/dyn/Rows.h"
#include "passes/plan/PlanChecks.h"
#include "passes/plan/StoredConstant.h"

using namespace mlir;
using dycc::dyn::PlaceAttr;
using dycc::dyn::PlaceKind;

namespace dycc::plan {
namespace {

/// Checks the places of one function, operation by operation.
class PlaceChecker {
public:
  explicit PlaceChecker(PlanView plan)
      : plan(plan), entries(std::max<int64_t>(plan.memory.getPointers(), 0)) {}

  LogicalResult check() {
    Operation *terminator = plan.function.front().getTerminator();
    if (terminator->getNumOperands() != plan.memory.getOutputSlots().size())
      return plan.function.emitError("expects ")
             << terminator->getNumOperands() << " outputs in dyn.memory, got "
             << plan.memory.getOutputSlots().size();
    return checkEach(plan.function,
                     [&](Operation *op) { return checkOperation(op); });
  }

private:
  LogicalResult checkOperation(Operation *op) {
    if (isa<dyn::GroupOp>(op))
      return op->emitError("expects launches of kernels in the plan stage, got "
                           "a group");
    bool isPlaced = isa<dyn::PlacedOp>(op) && !isa<dyn::ConvertLayoutOp>(op);
    if (!isPlaced && !storedConstant(op))
      return success();
    auto placed = dyn_cast<dyn::PlacedOp>(op);
    size_t count = placed && placed.getPlacesAttr()
                       ? placed.getPlacesAttr().size()
                   : !placed && dyn::getPlace(op->getResult(0)) ? 1
                                                                : 0;
    if (count != op->getNumResults())
      return op->emitError("expects a place for each of ")
             << op->getNumResults() << " results after the plan stage";
    if (auto loop = dyn_cast<dyn::LoopOp>(op); loop && failed(checkLoop(loop)))
      return failure();
    for (OpResult result : op->getResults())
      if (failed(checkResult(result)))
        return failure();
    return success();
  }

  LogicalResult checkResult(OpResult result) {
    Operation *op = result.getOwner();
    PlaceAttr place = dyn::getPlace(result);
    if (storedConstant(op))
      return expect(result, PlaceKind::Weights, "weights");
    if (isa<dyn::ViewOp, dyn::PartOp>(op))
      return expect(result, PlaceKind::Alias, 0, "an alias of operand");
    if (auto join = dyn::JoinOp::of(result))
      return expect(result, PlaceKind::Joined,
                    llvm::find(join.getInputs(), result).getIndex(),
                    "its piece of the join, number");
    if (OpResult whole = dyn::rowsOf(result))
      return expect(result, PlaceKind::Joined, whole.getResultNumber(),
                    "its rows of the loop's result, number");
    auto loop = dyn_cast<dyn::LoopOp>(op);
    if (isa<dyn::IfOp>(op) ||
        (loop && result.getResultNumber() < loop.getInitial().size()))
      return failure(
          failed(expect(result, PlaceKind::Dynamic, "an entry of the table")) ||
          failed(claim(op, place.getIndex())));
    if (dyn::overwriterOf(result))
      return checkOverwritten(cast<dyn::LaunchOp>(op), result);
    if (auto carry = Liveness::carryOf(result)) {
      PlaceAttr next = carry->first.getNextPlace(carry->second);
      return expect(result, next.getKind(), next.getIndex(),
                    "where the next trip reads it, entry");
    }
    if (!plan.bounds.boundBytes(result.getType()))
      return failure(
          failed(expect(result, PlaceKind::Heap, "memory beyond the arena")) ||
          failed(claim(op, place.getIndex())));
    return checkBounded(result, place);
  }

  LogicalResult checkOverwritten(dyn::LaunchOp launch, OpResult result) {
    int64_t operand = dyn::getPlace(result).getIndex();
    if (operand < 0 || operand >= int64_t(launch.getInputs().size()))
      return wrong(result, "one of its operands");
    return success();
  }

  /// In the memory of the output that it is, else in a slot.
  LogicalResult checkBounded(OpResult result, PlaceAttr place) {
    Operation *terminator = plan.function.front().getTerminator();
    if (!llvm::is_contained(result.getUsers(), terminator)) {
      if (failed(expect(result, PlaceKind::Arena, "a slot of the arena")))
        return failure();
      return checkSlot(result.getOwner(), place.getIndex());
    }
    if (failed(expect(result, PlaceKind::Output, "the output that it is")))
      return failure();
    int64_t output = place.getIndex();
    if (output < 0 || output >= terminator->getNumOperands() ||
        terminator->getOperand(output) != result)
      return wrong(result, "the output that it is");
    return checkSlot(result.getOwner(), plan.memory.getOutputSlots()[output]);
  }

  LogicalResult checkSlot(Operation *op, int64_t slot) {
    int64_t count = plan.memory.getSlots().size();
    if (slot >= 0 && slot < count)
      return success();
    return op->emitError("lies in slot ")
           << slot << ", which is none of the " << count << " of the arena";
  }

  //===--- Loops ----------------------------------------------------------===//

  LogicalResult checkLoop(dyn::LoopOp loop) {
    size_t carried = loop.getInitial().size();
    if (loop.getArguments().size() != carried + 2 ||
        loop.getNext().size() != carried ||
        loop.getPairs().asArrayRef().size() != carried ||
        loop.getOwners().asArrayRef().size() != carried)
      return loop.emitError("expects arguments, next, pairs and owners for ")
             << carried << " carried values";
    for (unsigned index = 0; index < carried + 2; ++index)
      if (failed(checkEntry(loop, loop.getArgumentPlace(index),
                            PlaceKind::Dynamic)))
        return failure();
    for (unsigned index = 0; index < carried; ++index)
      if (failed(checkCarried(loop, index)))
        return failure();
    return success();
  }

  LogicalResult checkEntry(dyn::LoopOp loop, PlaceAttr place, PlaceKind kind) {
    if (place.getKind() != kind)
      return loop.emitError("has ")
             << place << " for what it carries, expects kind "
             << stringifyPlaceKind(kind);
    return claim(loop, place.getIndex());
  }

  /// A value that changes has two slots, or an owner where nothing bounds it.
  LogicalResult checkCarried(dyn::LoopOp loop, unsigned index) {
    int64_t pair = loop.getPairs()[index], owner = loop.getOwners()[index];
    Value yielded =
        loop.getBody().front().getTerminator()->getOperand(1 + index);
    bool changes = Liveness::hasPair(loop, index);
    bool isBounded = bool(plan.bounds.boundBytes(yielded.getType()));
    if ((pair >= 0) != (changes && isBounded) ||
        (owner >= 0) != (changes && !isBounded))
      return loop.emitError("carried value ")
             << index << " has slots from " << pair << " and owner " << owner
             << ", expects "
             << (!changes    ? "neither"
                 : isBounded ? "two slots"
                             : "an owner");
    if (pair >= 0 &&
        (failed(checkSlot(loop, pair)) || failed(checkSlot(loop, pair + 1))))
      return failure();
    if (owner >= 0 && failed(claim(loop, owner)))
      return failure();
    return checkEntry(loop, loop.getNextPlace(index),
                      owner >= 0 ? PlaceKind::Heap : PlaceKind::Dynamic);
  }

  //===--- What a place may be --------------------------------------------===//

  /// Takes an entry of the pointer table for one owner.
  LogicalResult claim(Operation *op, int64_t entry) {
    if (entry < 0 || entry >= static_cast<int64_t>(entries.size()))
      return op->emitError("takes entry ")
             << entry << ", which is none of the " << entries.size()
             << " of the pointer table";
    if (Operation *other = entries[entry]) {
      InFlightDiagnostic error = op->emitError("takes entry ")
                                 << entry
                                 << " of the pointer table, which is taken";
      error.attachNote(other->getLoc()) << "here";
      return error;
    }
    entries[entry] = op;
    return success();
  }

  LogicalResult expect(OpResult result, PlaceKind kind, StringRef what) {
    return dyn::getPlace(result).getKind() == kind ? success()
                                                   : wrong(result, what);
  }

  LogicalResult expect(OpResult result, PlaceKind kind, int64_t index,
                       StringRef what) {
    PlaceAttr place = dyn::getPlace(result);
    if (place.getKind() == kind && place.getIndex() == index)
      return success();
    return wrong(result, (what + " " + Twine(index)).str());
  }

  static LogicalResult wrong(OpResult result, StringRef what) {
    return result.getOwner()->emitError("result ")
           << result.getResultNumber() << " has place " << dyn::getPlace(result)
           << ", expects " << what;
  }

  PlanView plan;
  /// Who has each entry of the pointer table.
  SmallVector<Operation *> entries;
};

} // namespace

LogicalResult checkPlaces(PlanView plan) { return PlaceChecker(plan).check(); }

} // namespace dycc::plan
