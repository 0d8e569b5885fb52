// Results over operands: what is done with an element is done before the
// result's element takes its place.
#include "passes/plan/InPlace.h"

#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/fuse/FusionRules.h"

#include "llvm/ADT/DenseSet.h"

using namespace mlir;

namespace dycc::plan {
namespace {

/// Scatters copy their data, element by element, before they update it.
bool isScatteredInto(OpOperand &use) {
  return onnx::rootOf(use.getOwner()) == onnx::Root::Scatter &&
         use.getOperandNumber() == 0;
}

/// Whether elements of `value` go, by whatever way through the body, only to
/// elements in their own place of a result of extents `dims`.
bool staysInPlace(Value value, ArrayRef<dyn::ExprAttr> dims) {
  SmallVector<Value> open{value};
  llvm::DenseSet<Value> seen{value};
  while (!open.empty()) {
    Value next = open.pop_back_val();
    if (dyn::getDims(next.getType()) != dims)
      return false;
    for (OpOperand &use : next.getUses()) {
      Operation *user = use.getOwner();
      if (isa<dyn::YieldOp>(user))
        continue;
      if (!isScatteredInto(use) && !fuse::isPointwise(user))
        return false;
      if (user->getNumResults() != 1)
        return false;
      if (seen.insert(user->getResult(0)).second)
        open.push_back(user->getResult(0));
    }
  }
  return true;
}

bool lieAlike(Type a, Type b) {
  return dyn::getLayout(a) == dyn::getLayout(b) &&
         dyn::getElementBytes(getElementTypeOrSelf(a)) ==
             dyn::getElementBytes(getElementTypeOrSelf(b));
}

/// Behind all views: the value that has just these elements.
Value underViews(Value value) {
  while (auto view = value.getDefiningOp<dyn::ViewOp>())
    value = view.getInput();
  return value;
}

/// Behind all names: the value in whose memory this is.
Value memoryOf(Value value) {
  while (isa_and_nonnull<dyn::ViewOp, dyn::PartOp>(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value;
}

/// Whether all uses of an input, under any name, come before `last` or are its;
/// of those that make names that are not followed here, none.
bool endsWith(Value input, Operation *last, const Liveness &liveness) {
  for (Operation *user : input.getUsers()) {
    if (isa<dyn::ViewOp, dyn::PartOp>(user)) {
      if (!endsWith(user->getResult(0), last, liveness))
        return false;
      continue;
    }
    if (isa<func::ReturnOp, dyn::YieldOp, dyn::LoopOp>(user) ||
        liveness.positionOf(user) > liveness.positionOf(last))
      return false;
  }
  return true;
}

} // namespace

bool mayOverwrite(dyn::KernelOp kernel, unsigned number) {
  if (kernel.getOutputs().size() != 1)
    return false;
  Value argument = kernel.getBody().getArgument(number);
  Value yielded = kernel.getYield()->getOperand(0);
  return lieAlike(argument.getType(), kernel.getResultType(0)) &&
         staysInPlace(argument, dyn::getDims(yielded.getType()));
}

SmallVector<unsigned> buffersToOverwrite(dyn::LaunchOp launch,
                                         Liveness &liveness) {
  SmallVector<unsigned> result;
  dyn::KernelOp kernel = liveness.kernelOf(launch);
  auto holds = [&](Value value, unsigned buffer) {
    return llvm::is_contained(liveness.buffersOf(value), buffer);
  };
  for (auto [number, operand] : llvm::enumerate(launch.getInputs())) {
    ArrayRef<unsigned> buffers = liveness.buffersOf(operand);
    if (buffers.size() != 1 || !mayOverwrite(kernel, number))
      continue;
    unsigned index = buffers.front();
    const Buffer &buffer = liveness.buffers()[index];
    // Other names may be of a part of it, or of the halves of a pair; what is
    // beyond the arena has an owner of its own.
    bool isSlot = buffer.size && underViews(operand) == buffer.value;
    bool ends = buffer.end == liveness.positionOf(launch);
    auto users = llvm::count_if(
        launch.getInputs(), [&](Value other) { return holds(other, index); });
    if (isSlot && ends && users == 1)
      result.push_back(index);
  }
  return result;
}

std::optional<unsigned> inputToOverwrite(OpOperand &output,
                                         const Liveness &liveness) {
  auto launch = output.get().getDefiningOp<dyn::LaunchOp>();
  bool isOnce = launch && llvm::count(output.getOwner()->getOperands(),
                                      output.get()) == 1;
  if (!isOnce || launch->getBlock() != output.getOwner()->getBlock())
    return std::nullopt;
  dyn::KernelOp kernel = liveness.kernelOf(launch);
  for (auto [number, operand] : llvm::enumerate(launch.getInputs())) {
    auto input = dyn_cast<BlockArgument>(underViews(operand));
    if (!input || !mayOverwrite(kernel, number) ||
        !endsWith(input, launch, liveness))
      continue;
    auto users = llvm::count_if(launch.getInputs(), [&](Value other) {
      return memoryOf(other) == input;
    });
    if (users == 1)
      return input.getArgNumber();
  }
  return std::nullopt;
}

} // namespace dycc::plan
