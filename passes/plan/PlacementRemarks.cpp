#include "passes/plan/PlacementRemarks.h"

#include "dialects/onnx/OnnxOps.h"
#include "passes/plan/InPlace.h"

#define DEBUG_TYPE "dycc-plan-memory"

using namespace mlir;
using dycc::remarks::Reason;

namespace dycc::plan {

void PlacementRemarks::liesOver(const Buffer &result, const Buffer &operand,
                                unsigned slot) {
  if (!areWanted())
    return;
  remarks::taken(remarks::kInPlace, result.definition->getLoc(), DEBUG_TYPE)
      << "is written over " << operand.definition << ", in slot "
      << int64_t(slot);
  holders[slot] = result.definition;
}

void PlacementRemarks::liesOverNone(const Buffer &result, Liveness &liveness) {
  auto launch = dyn_cast<dyn::LaunchOp>(result.definition);
  if (!areWanted() || !launch)
    return;
  for (auto [number, operand] : llvm::enumerate(launch.getInputs())) {
    if (isa_and_nonnull<onnx::ConstantOp, dyn::ConvertLayoutOp>(
            operand.getDefiningOp()))
      continue; // Nobody expects that of a weight.
    Reason why = !inPlace ? Reason("that is switched off")
                 : !reuse ? Reason("sharing of memory is switched off")
                          : whyNotOverwrite(launch, number, liveness);
    remarks::missed(remarks::kInPlace, launch.getLoc(), DEBUG_TYPE)
        << "is not written over operand " << int64_t(number) << ": " << why;
  }
}

void PlacementRemarks::liesIn(unsigned slot, const Buffer &buffer,
                              bool isPlaced) {
  if (!areWanted())
    return;
  Location location = buffer.definition->getLoc();
  if (Operation *before = holders.lookup(slot)) {
    remarks::taken(remarks::kPlace, location, DEBUG_TYPE)
        << "lies in slot " << int64_t(slot) << ", after " << before;
  } else if (isPlaced && buffer.value) {
    remarks::taken(remarks::kPlace, location, DEBUG_TYPE)
        << "lies in slot " << int64_t(slot)
        << ", which may overlap others that are not needed together with it";
  } else {
    Reason why = !buffer.value
                     ? Reason("a value that a loop carries alternates between "
                              "two")
                 : reuse ? Reason("no other is free")
                         : Reason("sharing of memory is switched off");
    remarks::missed(remarks::kPlace, location, DEBUG_TYPE)
        << "lies in a new slot, " << int64_t(slot) << ": " << why;
  }
  holders[slot] = buffer.definition;
  explainSize(buffer);
}

/// What is reserved at a bound.
void PlacementRemarks::explainSize(const Buffer &buffer) {
  if (!buffer.value)
    return;
  dyn::ExprAttr size = dyn::getSizeInBytes(buffer.value.getType());
  if (size != buffer.size)
    remarks::missed(remarks::kPlace, buffer.definition->getLoc(), DEBUG_TYPE)
        << "takes " << size << " bytes, which is known only when the model "
        << "runs: " << buffer.size << " are reserved";
}

void PlacementRemarks::liesBeyondArena(const Buffer &buffer) {
  auto loop = dyn_cast<dyn::LoopOp>(buffer.definition);
  Type type = buffer.value ? buffer.value.getType()
                           : loop->getResult(buffer.carried).getType();
  remarks::missed(remarks::kPlace, buffer.definition->getLoc(), DEBUG_TYPE)
      << "has memory of its own beyond the arena: nothing bounds " << type;
}

void PlacementRemarks::isLent(OpOperand &output, int64_t slot) {
  int64_t number = output.getOperandNumber();
  auto remark =
      remarks::taken(remarks::kPlace, output.get().getLoc(), DEBUG_TYPE);
  remark << "lies in the memory that the caller brings for output " << number;
  if (slot >= 0)
    remark << ", without any in slot " << slot;
}

void PlacementRemarks::isDonated(OpOperand &output,
                                 std::optional<unsigned> input,
                                 const Reason &why) {
  Location location = output.get().getLoc();
  if (input)
    remarks::taken(remarks::kInPlace, location, DEBUG_TYPE)
        << "is written over input " << int64_t(*input)
        << " where the caller donates it";
  else if (why)
    remarks::missed(remarks::kInPlace, location, DEBUG_TYPE)
        << "is not written over a donated input: " << why;
}

void PlacementRemarks::isCarried(dyn::LoopOp loop, unsigned index) {
  Location location = loop.getLoc();
  if (!Liveness::hasPair(loop, index)) {
    remarks::taken(remarks::kCopy, location, DEBUG_TYPE)
        << "carries value " << int64_t(index) << " on where it lies";
    return;
  }
  Reason why = Liveness::whyNotInBuffer(loop, index);
  if (why)
    remarks::missed(remarks::kCopy, location, DEBUG_TYPE)
        << "copies carried value " << int64_t(index)
        << " for the next trip: " << why;
  else
    remarks::taken(remarks::kCopy, location, DEBUG_TYPE)
        << "computes carried value " << int64_t(index)
        << " where the next trip reads it";
}

void PlacementRemarks::isChosenByBranch(dyn::IfOp branch) {
  remarks::taken(remarks::kPlace, branch.getLoc(), DEBUG_TYPE)
      << "lies where the branch that is run has made it";
}

void PlacementRemarks::isStoredAlready(Operation *constant) {
  remarks::taken(remarks::kPlace, constant->getLoc(), DEBUG_TYPE)
      << "shares its bytes with an equal weight";
}

} // namespace dycc::plan
