// What the steps of a block make and read.
#include "passes/plan/BlockSteps.h"

#include "passes/plan/InPlace.h"

using namespace mlir;

namespace dycc::plan {

/// Operations of the block, or with such in them. The memory of a join is made
/// by what makes its operands.
SmallVector<Operation *> BlockSteps::makersOf(unsigned buffer) const {
  Operation *definition = facts.liveness.buffers()[buffer].definition;
  SmallVector<Operation *> makers{definition};
  if (auto join = dyn_cast<dyn::JoinOp>(definition)) {
    makers.clear();
    for (Value input : join.getInputs())
      makers.push_back(input.getDefiningOp());
  }
  SmallVector<Operation *> here;
  for (Operation *maker : makers)
    if (Operation *op = block.findAncestorOpInBlock(*maker))
      here.push_back(op);
  return here;
}

/// What a loop reads and does not make is needed until it ends.
bool BlockSteps::mayEnd(const Buffer &buffer) const {
  for (Operation *op = block.getParentOp();
       op && !op->isProperAncestor(buffer.definition); op = op->getParentOp())
    if (isa<dyn::LoopOp>(op))
      return false;
  return true;
}

void BlockSteps::addMemory(unsigned buffer) {
  const Buffer &known = facts.liveness.buffers()[buffer];
  SmallVector<Operation *> makers = makersOf(buffer);
  OrderedMemory one{facts.bytes[buffer], makers.empty(),
                    makers.empty() && !mayEnd(known)};
  // What the other branch makes in the place of a result counts there.
  if (auto branch =
          makers.empty() ? dyn::IfOp() : dyn_cast<dyn::IfOp>(makers.front());
      branch &&
      branch.getElseRegion().isAncestor(known.definition->getParentRegion()))
    one.bytes = 0;
  llvm::SmallSetVector<unsigned, 4> reads, makes;
  for (Operation *reader : facts.readers[buffer]) {
    Operation *op = block.findAncestorOpInBlock(*reader);
    if (auto step = numbers.find(op); step != numbers.end())
      reads.insert(step->second);
    one.stays |= !op || op == &block.back();
  }
  for (Operation *maker : makers) {
    if (auto step = numbers.find(maker); step != numbers.end())
      makes.insert(step->second);
    else if (auto later = needers.find(positions.lookup(maker));
             later != needers.end())
      makes.insert_range(later->second);
  }
  bool isInside = makers.size() == 1 && makers.front() != known.definition &&
                  !one.stays && reads.size() <= 1 &&
                  (reads.empty() || reads == makes);
  if (isInside || (reads.empty() && makes.empty()))
    return;
  unsigned number = problem.memory.size();
  memory[buffer] = number;
  problem.memory.push_back(one);
  for (unsigned step : reads)
    problem.steps[step].reads.push_back(number);
  for (unsigned step : makes)
    problem.steps[step].makes.push_back(number);
}

void BlockSteps::addOver(dyn::LaunchOp launch, OrderedStep &step) const {
  ArrayRef<unsigned> made = facts.liveness.buffersOf(launch.getResult(0));
  if (made.size() != 1 ||
      facts.liveness.buffers()[made.front()].definition != launch ||
      !facts.liveness.buffers()[made.front()].size)
    return;
  for (unsigned number = 0; number < launch.getInputs().size(); ++number)
    if (!whyNeverOverwrite(launch, number, facts.liveness)) {
      Value operand = launch.getInputs()[number];
      unsigned read = facts.liveness.buffersOf(operand).front();
      step.over.push_back({memory.lookup(read), memory.lookup(made.front())});
    }
}

BlockSteps::Own BlockSteps::ownBytes(ArrayRef<unsigned> order) const {
  OrderProblem own = problem;
  double behind = 0;
  for (OrderedMemory &one : own.memory) {
    if (one.isThere)
      one.bytes = 0;
    else if (one.stays)
      behind += one.bytes;
  }
  return {costOf(own, order).peak, behind};
}

} // namespace dycc::plan
