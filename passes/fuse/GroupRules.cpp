// When groups may merge: FusionRules says it of two operators, this of all that
// are in the groups already.
#include "passes/fuse/GroupRules.h"

#include "dialects/onnx/OnnxDialect.h"
#include "passes/fuse/FusionRules.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace dycc::fuse {

/// Operands beyond this make a kernel's argument list longer than its loop.
constexpr int64_t kMaxInputs = 16;

/// An inner value is written out for each path from it to the result; more
/// paths than this would make the kernel's text too long.
constexpr int64_t kMaxPaths = 16;

/// Whether a root that is no reduction has elements of `op`, by whatever way.
static bool isBeforeRoot(const Group &group, Operation *op) {
  SmallVector<Operation *> open{op};
  while (!open.empty())
    for (Operation *user : open.pop_back_val()->getUsers()) {
      Role role = roleOf(user);
      if (!llvm::is_contained(group.ops, user))
        continue;
      if (role == Role::ElementWise)
        open.push_back(user);
      else if (role != Role::Reduction)
        return true;
    }
  return false;
}

static int64_t countInputs(ArrayRef<Operation *> ops) {
  llvm::SmallDenseSet<Value> inputs;
  for (Operation *op : ops)
    for (Value operand : op->getOperands())
      if (!llvm::is_contained(ops, operand.getDefiningOp()))
        inputs.insert(operand);
  return inputs.size();
}

/// The most paths from one operator of `ops` to the result.
static int64_t countPaths(SmallVector<Operation *> ops) {
  llvm::sort(ops,
             [](Operation *a, Operation *b) { return b->isBeforeInBlock(a); });
  llvm::SmallDenseMap<Operation *, int64_t> paths;
  int64_t most = 1;
  for (Operation *op : ops) {
    int64_t &count = paths[op];
    for (OpOperand &use : op->getUses()) // Users come first.
      count += paths.lookup(use.getOwner());
    count = std::max<int64_t>(count, 1);
    most = std::max(most, count);
  }
  return most;
}

static Reason hasLoopsEach() {
  return {"each has loops that are not element-wise"};
}

/// Why `user`, an operator of `group`, cannot have the result of `producer`
/// computed before it or join it.
static Reason whyNotJoin(const Group &group, const Group &producer,
                         Operation *user) {
  Reason before;
  if (!producer.hasRoot && !(before = whyNotPrepend(producer.ops, user)))
    return {};
  Operation *last = producer.ops.back();
  if (Reason behind = whyNotAppend(last, user))
    // Of one that could only compute it before itself, that is the reason.
    return before && roleOf(user) != Role::ElementWise ? before : behind;
  if (producer.hasRoot && widensForReader(user))
    return hasLoopsEach();
  return isBeforeRoot(group, user) ? whyNotTwice(producer.ops) : Reason();
}

/// Whether `producer` is a part of the chain that `group` ends.
static bool isInChain(const Group &group, const Group &producer) {
  return group.chain && group.chain->contains(producer.ops.back()) &&
         llvm::all_of(producer.ops, [&](Operation *op) {
           return group.chain->contains(op) || roleOf(op) == Role::ElementWise;
         });
}

/// Whether one of the groups is a transposition that the loops of the other
/// one, an attention, take in.
static bool isMoved(const Group &group, const Group &producer) {
  if (group.chain && producer.ops.size() == 1)
    return movesOperand(*group.chain, producer.ops.front());
  return producer.chain && group.ops.size() == 1 &&
         movesRows(group.ops.front());
}

Reason whyNotMerge(const Group &group, const Group &producer, int64_t maxOps) {
  bool bothHaveRoots = group.hasRoot && producer.hasRoot;
  if (bothHaveRoots && !isInChain(group, producer) && !isMoved(group, producer))
    return hasLoopsEach();
  int64_t count = group.ops.size() + producer.ops.size();
  if (count > maxOps)
    return {"the kernel would have {0} operators, more than {1}", count,
            maxOps};
  Operation *last = producer.ops.back();
  for (Operation *user : last->getUsers()) {
    if (!llvm::is_contained(group.ops, user))
      return whyNotInside(last, user);
    if (bothHaveRoots)
      continue;
    if (Reason why = whyNotJoin(group, producer, user))
      return why;
  }
  SmallVector<Operation *> merged(producer.ops);
  llvm::append_range(merged, group.ops);
  if (int64_t inputs = countInputs(merged); inputs > kMaxInputs)
    return {"the kernel would read {0} values, more than {1}", inputs,
            kMaxInputs};
  if (int64_t paths = countPaths(merged); paths > kMaxPaths)
    return {"{0} ways lead from a value to the result, more than {1}", paths,
            kMaxPaths};
  return {};
}

Reason whyNotInside(Operation *maker, Operation *user) {
  if (isa<func::ReturnOp>(user))
    return {"it is an output of the model"};
  if (isa<dyn::YieldOp>(user))
    return {"it leaves the body of {0}", user->getParentOp()};
  if (user->getBlock() != maker->getBlock())
    return {"it is read in the body of {0}", user->getParentOp()};
  if (isa<dyn::ViewOp>(user))
    return {"{0} sees it in another shape", user};
  if (!isa<onnx::OnnxDialect>(user->getDialect()))
    return {"{0} reads it from memory", user};
  return {"{0} reads its result, too", user};
}

} // namespace dycc::fuse
