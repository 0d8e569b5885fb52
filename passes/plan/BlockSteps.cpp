#include "passes/plan/BlockSteps.h"

#include "dialects/onnx/OnnxOps.h"
#include "passes/plan/InPlace.h"

using namespace mlir;

namespace dycc::plan {

BlockSteps::BlockSteps(Block &block, const OrderFacts &facts,
                       const DenseMap<Operation *, double> &inner)
    : block(block), facts(facts) {
  for (Operation &op : block) {
    positions[&op] = operations.size();
    operations.push_back(&op);
    if (isStep(&op)) {
      numbers[&op] = steps.size();
      steps.push_back(&op);
    }
  }
  problem.steps.resize(steps.size());
  for (Operation *op : operations)
    findNeeds(op);
  for (auto [number, op] : llvm::enumerate(steps)) {
    const Needs &before = needs[positions.lookup(op)];
    problem.steps[number].after.assign(before.steps.begin(),
                                       before.steps.end());
    problem.steps[number].inner = inner.lookup(op);
    for (unsigned position : before.others)
      needers[position].push_back(number);
  }
  keepOrder();
  for (unsigned buffer = 0; buffer < facts.bytes.size(); ++buffer)
    addMemory(buffer);
  for (auto [op, step] : llvm::zip(steps, problem.steps))
    if (auto launch = dyn_cast<dyn::LaunchOp>(op); launch && facts.inPlace)
      addOver(launch, step);
}

bool BlockSteps::isStep(Operation *op) const {
  if (isa<onnx::ConstantOp, dyn::ConvertLayoutOp, dyn::ViewOp, dyn::PartOp,
          dyn::JoinOp, dyn::SymbolicOp, dyn::DefineOp, dyn::RoomOp>(op))
    return false;
  // What is over input symbols is checked before a run.
  if (auto require = dyn_cast<dyn::RequireOp>(op))
    return !isa<func::FuncOp>(block.getParentOp()) ||
           !facts.bounds.isOverInputs(require.getCondition());
  if (!isa<dyn::LaunchOp>(op) || facts.donations.contains(op))
    return true;
  return llvm::any_of(op->getOperands(), [&](Value operand) {
    return !facts.liveness.buffersOf(operand).empty();
  });
}

void BlockSteps::addNeed(Needs &of, Operation *op) const {
  if (auto step = numbers.find(op); step != numbers.end()) {
    of.steps.insert(step->second);
    return;
  }
  unsigned position = positions.lookup(op);
  of.others.insert(position);
  of.steps.insert_range(needs[position].steps);
  of.others.insert_range(needs[position].others);
}

void BlockSteps::findNeeds(Operation *op) {
  Needs &mine = needs.emplace_back();
  auto add = [&](Operation *other) {
    Operation *here = block.findAncestorOpInBlock(*other);
    if (here && here != op)
      addNeed(mine, here);
  };
  op->walk([&](Operation *user) {
    for (Value operand : user->getOperands())
      if (Operation *maker = operand.getDefiningOp())
        add(maker);
  });
  facts.forEachDefiner(op, add);
  if (auto donated = facts.donations.find(op); donated != facts.donations.end())
    for (Operation *reader : donated->second)
      add(reader);
}

/// Whether a run may end with an error in `op`, or the next random number
/// depends on who draws first.
bool BlockSteps::isFallible(Operation *op) const {
  WalkResult walked = op->walk([](Operation *inner) {
    // A loop without a count is given up at some time.
    auto loop = dyn_cast<dyn::LoopOp>(inner);
    bool mayFail = isa<dyn::ReadOp, dyn::RequireOp, dyn::RuntimeOp>(inner) ||
                   (loop && !loop.getTrips());
    return mayFail ? WalkResult::interrupt() : WalkResult::advance();
  });
  return walked.wasInterrupted();
}

/// The first error is that of the order given, nothing that follows a check
/// runs before it, and the terminator is last.
void BlockSteps::keepOrder() {
  std::optional<unsigned> fallible, check;
  std::vector<bool> isNeeded(steps.size());
  for (auto [number, op] : llvm::enumerate(steps)) {
    auto &after = problem.steps[number].after;
    auto add = [&](std::optional<unsigned> other) {
      if (other && !llvm::is_contained(after, *other))
        after.push_back(*other);
    };
    add(check);
    if (isFallible(op)) {
      add(fallible);
      fallible = number;
    }
    if (isa<dyn::RequireOp>(op))
      check = number;
    if (op == &block.back())
      for (unsigned other = 0; other < number; ++other)
        if (!isNeeded[other])
          add(other);
    for (unsigned other : after)
      isNeeded[other] = true;
  }
}

SmallVector<Operation *> BlockSteps::arranged(ArrayRef<unsigned> order) const {
  SmallVector<Operation *> result;
  std::vector<bool> isThere(operations.size());
  auto addOnce = [&](unsigned position) {
    if (!isThere[position])
      result.push_back(operations[position]);
    isThere[position] = true;
  };
  auto add = [&](unsigned position) {
    auto others = llvm::to_vector(needs[position].others);
    llvm::sort(others); // As given, which they may come in.
    for (unsigned other : others)
      addOnce(other);
    addOnce(position);
  };
  // What nobody waits for.
  for (unsigned position = 0; position < operations.size(); ++position)
    if (!numbers.contains(operations[position]) &&
        !needers.contains(position) && needs[position].steps.empty())
      add(position);
  for (unsigned number : order.drop_back())
    add(positions.lookup(steps[number]));
  for (unsigned rest = 0; rest < operations.size(); ++rest)
    addOnce(rest);
  result.pop_back(); // The terminator.
  return result;
}

} // namespace dycc::plan
