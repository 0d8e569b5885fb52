// Results over operands: what is done with an element is done before the
// result's element takes its place.
#include "passes/plan/InPlace.h"

#include "dialects/dyn/Plan.h"
#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/fuse/FusionRules.h"

#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using dycc::remarks::Reason;

namespace dycc::plan {
namespace {

/// Scatters copy their data, element by element, before they update it.
bool isScatteredInto(OpOperand &use) {
  return onnx::rootOf(use.getOwner()) == onnx::Root::Scatter &&
         use.getOperandNumber() == 0;
}

/// Why elements of `value` do not go, by whatever way through the body, only to
/// elements in their own place of a result of extents `dims`.
Reason whyNotInPlace(Value value, ArrayRef<dyn::ExprAttr> dims) {
  SmallVector<Value> open{value};
  llvm::DenseSet<Value> seen{value};
  while (!open.empty()) {
    Value next = open.pop_back_val();
    if (dyn::getDims(next.getType()) != dims)
      return {"the result has other extents"};
    for (OpOperand &use : next.getUses()) {
      Operation *user = use.getOwner();
      if (isa<dyn::YieldOp>(user))
        continue;
      if (!isScatteredInto(use) && !fuse::isPointwise(user))
        return {"{0} reads elements in other places", user};
      if (user->getNumResults() != 1)
        return {"{0} has more than one result", user};
      if (seen.insert(user->getResult(0)).second)
        open.push_back(user->getResult(0));
    }
  }
  return {};
}

bool lieAlike(Type a, Type b) {
  return dyn::getLayout(a) == dyn::getLayout(b) &&
         dyn::getElementBytes(getElementTypeOrSelf(a)) ==
             dyn::getElementBytes(getElementTypeOrSelf(b));
}

/// Behind all names: the value in whose memory this is.
Value memoryOf(Value value) {
  while (isa_and_nonnull<dyn::ViewOp, dyn::PartOp>(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value;
}

/// Why not all uses of an input, under any name, come before `last` or are its;
/// of those that make names that are not followed here, none.
Reason whyNotEnded(Value input, Operation *last, const Liveness &liveness) {
  for (Operation *user : input.getUsers()) {
    if (isa<dyn::ViewOp, dyn::PartOp>(user)) {
      if (Reason why = whyNotEnded(user->getResult(0), last, liveness))
        return why;
      continue;
    }
    if (isa<func::ReturnOp, dyn::YieldOp, dyn::LoopOp>(user))
      return {"it goes on as a result or in a loop"};
    if (liveness.positionOf(user) > liveness.positionOf(last))
      return {"{0} reads it later", user};
  }
  return {};
}

/// Why `value` is not always all of memory that is the arena's and its own.
Reason whyNotWhole(Value value, const Liveness &liveness) {
  value = underViews(value);
  if (dyn::LaunchOp launch = dyn::overwriterOf(value))
    return whyNotWhole(dyn::overwrittenBy(launch), liveness);
  if (auto branch = value.getDefiningOp<dyn::IfOp>()) {
    unsigned number = cast<OpResult>(value).getResultNumber();
    for (Region &region : branch->getRegions())
      if (Reason why = whyNotWhole(
              region.front().getTerminator()->getOperand(number), liveness))
        return why;
    return {};
  }
  ArrayRef<unsigned> buffers = liveness.buffersOf(value);
  if (buffers.empty())
    return {"it is an input or a constant"};
  const Buffer &buffer = liveness.buffers()[buffers.front()];
  if (buffer.value != value)
    return {"it is a part of other memory"};
  if (!buffer.size)
    return {"it lies beyond the arena"};
  return {};
}

bool overwrites(Operation *user, Value value) {
  dyn::LaunchOp launch = user->getNumResults() == 1
                             ? dyn::overwriterOf(user->getResult(0))
                             : dyn::LaunchOp();
  return launch && dyn::overwrittenBy(launch) == value;
}

/// The values that are names of a loop's carried value.
SmallVector<Value> namesOfCarried(dyn::LoopOp loop, unsigned index) {
  return {loop.getBody().front().getArgument(index + 2),
          loop->getResult(index)};
}

/// The values that are other names of the value used, or may be.
SmallVector<Value> namesBy(OpOperand &use) {
  Operation *user = use.getOwner();
  unsigned number = use.getOperandNumber();
  if (isa<dyn::ViewOp, dyn::PartOp>(user) || overwrites(user, use.get()))
    return {user->getResult(0)};
  if (auto loop = dyn_cast<dyn::LoopOp>(user)) {
    auto initial = llvm::find(loop.getInitial(), use.get());
    return initial == loop.getInitial().end()
               ? SmallVector<Value>()
               : namesOfCarried(loop, initial.getIndex());
  }
  if (!isa<dyn::YieldOp>(user))
    return {};
  if (auto branch = dyn_cast<dyn::IfOp>(user->getParentOp()))
    return {branch->getResult(number)};
  auto loop = dyn_cast<dyn::LoopOp>(user->getParentOp());
  bool isCarried = loop && number >= 1 && number <= loop.getInitial().size();
  return isCarried ? namesOfCarried(loop, number - 1) : SmallVector<Value>();
}

/// The values that are names of what `launch` has made wherever it has run.
llvm::DenseSet<Value> namesOf(dyn::LaunchOp launch) {
  SmallVector<Value> open{launch.getResult(0)};
  llvm::DenseSet<Value> names;
  auto add = [&](Value name) {
    if (names.insert(name).second)
      open.push_back(name);
  };
  add(launch.getResult(0));
  while (!open.empty())
    for (OpOperand &use : open.pop_back_val().getUses())
      for (Value name : namesBy(use))
        add(name);
  return names;
}

/// An operation that reads one of `buffers` behind `launch` where that has run,
/// or null.
Operation *findReaderOnPath(ArrayRef<unsigned> buffers, dyn::LaunchOp launch,
                            const Liveness &liveness) {
  llvm::DenseSet<Value> names = namesOf(launch);
  Operation *found = nullptr;
  auto reads = [&](Operation *user) {
    for (Value operand : user->getOperands())
      for (unsigned buffer : liveness.buffersOf(operand))
        if (llvm::is_contained(buffers, buffer) && !names.contains(operand) &&
            liveness.mayUseAfter(user, buffer, launch))
          return true;
    return false;
  };
  launch->getParentOfType<func::FuncOp>().walk([&](Operation *user) {
    found = reads(user) ? user : nullptr;
    return found ? WalkResult::interrupt() : WalkResult::advance();
  });
  return found;
}

/// An operation that reads `buffer` behind `op`, or null.
Operation *findLaterReader(unsigned buffer, Operation *op,
                           const Liveness &liveness) {
  Operation *found = nullptr;
  op->getParentOfType<func::FuncOp>().walk([&](Operation *user) {
    bool reads = llvm::any_of(user->getOperands(), [&](Value operand) {
      return llvm::is_contained(liveness.buffersOf(operand), buffer);
    });
    if (!reads || liveness.positionOf(user) <= liveness.positionOf(op))
      return WalkResult::advance();
    found = user;
    return WalkResult::interrupt();
  });
  return found;
}

Reason whyNotEnding(unsigned index, dyn::LaunchOp launch,
                    const Liveness &liveness) {
  Operation *reader = nullptr;
  if (remarks::areWanted(launch.getContext())) // The function is long.
    reader = findLaterReader(index, launch, liveness);
  if (reader)
    return {"{0} reads it later", reader};
  return {"it is needed until a loop ends"};
}

} // namespace

Reason whyNotOverwrite(dyn::KernelOp kernel, unsigned number) {
  if (kernel.getOutputs().size() != 1)
    return {"the kernel has more than one result"};
  Value argument = kernel.getBody().getArgument(number);
  Value yielded = kernel.getYield()->getOperand(0);
  if (!lieAlike(argument.getType(), kernel.getResultType(0)))
    return {"the result's elements have another size or order"};
  return whyNotInPlace(argument, dyn::getDims(yielded.getType()));
}

Reason whyNeverOverwrite(dyn::LaunchOp launch, unsigned number,
                         const Liveness &liveness) {
  Value operand = launch.getInputs()[number];
  ArrayRef<unsigned> buffers = liveness.buffersOf(operand);
  if (buffers.empty())
    return {"it is an input or a constant"};
  if (buffers.size() != 1)
    return {"a branch or a loop decides where it lies"};
  if (Reason why = whyNotOverwrite(liveness.kernelOf(launch), number))
    return why;
  unsigned index = buffers.front();
  const Buffer &buffer = liveness.buffers()[index];
  if (!buffer.size) // It has an owner of its own.
    return {"it lies beyond the arena"};
  // Other names may be of a part of it, or of the halves of a pair.
  if (underViews(operand) != buffer.value)
    return {"it is a part of other memory"};
  auto users = llvm::count_if(launch.getInputs(), [&](Value other) {
    return llvm::is_contained(liveness.buffersOf(other), index);
  });
  if (users != 1)
    return {"another operand lies in the same memory"};
  return {};
}

Reason whyNotOverwrite(dyn::LaunchOp launch, unsigned number,
                       Liveness &liveness) {
  if (Reason why = whyNeverOverwrite(launch, number, liveness))
    return why;
  unsigned index = liveness.buffersOf(launch.getInputs()[number]).front();
  if (liveness.buffers()[index].end != liveness.positionOf(launch))
    return whyNotEnding(index, launch, liveness);
  return {};
}

Value underViews(Value value) {
  while (auto view = value.getDefiningOp<dyn::ViewOp>())
    value = view.getInput();
  return value;
}

Reason whyNotOverwriteOnPath(dyn::LaunchOp launch, unsigned number,
                             const Liveness &liveness) {
  Value operand = launch.getInputs()[number];
  if (Reason why = whyNotOverwrite(liveness.kernelOf(launch), number))
    return why;
  if (Reason why = whyNotWhole(operand, liveness))
    return why;
  ArrayRef<unsigned> buffers = liveness.buffersOf(operand);
  auto users = llvm::count_if(launch.getInputs(), [&](Value other) {
    return llvm::any_of(liveness.buffersOf(other), [&](unsigned buffer) {
      return llvm::is_contained(buffers, buffer);
    });
  });
  if (users != 1)
    return {"another operand lies in the same memory"};
  if (Operation *reader = findReaderOnPath(buffers, launch, liveness))
    return {"{0} reads it later", reader};
  return {};
}

SmallVector<unsigned> buffersToOverwrite(dyn::LaunchOp launch,
                                         Liveness &liveness) {
  SmallVector<unsigned> result;
  for (auto [number, operand] : llvm::enumerate(launch.getInputs()))
    if (!whyNotOverwrite(launch, number, liveness))
      result.push_back(liveness.buffersOf(operand).front());
  return result;
}

/// As inputToOverwrite, of one operand, which is `input` under some name.
static Reason whyNotDonated(dyn::LaunchOp launch, unsigned number,
                            BlockArgument input, const Liveness &liveness) {
  if (Reason why = whyNotOverwrite(liveness.kernelOf(launch), number))
    return why;
  if (Reason why = whyNotEnded(input, launch, liveness))
    return why;
  auto users = llvm::count_if(launch.getInputs(), [&](Value other) {
    return memoryOf(other) == input;
  });
  if (users != 1)
    return {"another operand lies in the same memory"};
  return {};
}

std::optional<unsigned>
inputToOverwrite(OpOperand &output, const Liveness &liveness, Reason *why) {
  auto launch = output.get().getDefiningOp<dyn::LaunchOp>();
  bool isOnce = launch && llvm::count(output.getOwner()->getOperands(),
                                      output.get()) == 1;
  if (!isOnce || launch->getBlock() != output.getOwner()->getBlock())
    return std::nullopt;
  for (auto [number, operand] : llvm::enumerate(launch.getInputs())) {
    auto input = dyn_cast<BlockArgument>(underViews(operand));
    if (!input)
      continue;
    Reason refusal = whyNotDonated(launch, number, input, liveness);
    if (!refusal)
      return input.getArgNumber();
    if (why)
      *why = refusal;
  }
  return std::nullopt;
}

} // namespace dycc::plan
