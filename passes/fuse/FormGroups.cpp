// A value inside a group has users in the group only. So a group can stand
// where its last operator stood, nothing outside waits for its inner values,
// and no cycle between groups can arise.
#include "passes/fuse/Passes.h"

#include "dialects/onnx/OnnxOps.h"
#include "passes/fuse/FusionRules.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

#define DEBUG_TYPE "dycc-form-groups"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_FORMGROUPSPASS
#include "passes/fuse/Passes.h.inc"
namespace {

/// Operators that become one group, in block order; the last one's results
/// are the group's.
struct Group {
  SmallVector<Operation *> ops;
  bool hasRoot = false; ///< One that is not element-wise.
};

/// Operands beyond this make a kernel's argument list longer than its loop.
constexpr size_t kMaxInputs = 16;

/// An inner value is written out for each path from it to the result; more
/// paths than this would make the kernel's text too long.
constexpr int64_t kMaxPaths = 16;

class FormGroups final : public impl::FormGroupsPassBase<FormGroups> {
  using FormGroupsPassBase::FormGroupsPassBase;

  void runOnOperation() override {
    SmallVector<Block *> blocks;
    getOperation().walk([&](Block *block) { blocks.push_back(block); });
    for (Block *block : blocks)
      runOnBlock(*block);
  }

  void runOnBlock(Block &block) {
    SmallVector<Group> groups;
    DenseMap<Operation *, size_t> groupOf; // By last operator.
    for (Operation &op : block) {
      if (!isa<onnx::OnnxDialect>(op.getDialect()) ||
          isa<onnx::ConstantOp, onnx::YieldOp>(op))
        continue;
      Group group = start(&op, groups, groupOf);
      groupOf[&op] = groups.size();
      groups.push_back(std::move(group));
    }
    for (Group &group : groups)
      if (!group.ops.empty())
        outline(group);
    for (Operation &op : llvm::make_early_inc_range(block))
      if (auto convert = dyn_cast<dyn::ConvertLayoutOp>(op))
        lowerConversion(convert);
  }

  /// A group that ends in `op`, with the groups before it that fit. A value
  /// with several users joins once all of them have.
  Group start(Operation *op, MutableArrayRef<Group> groups,
              DenseMap<Operation *, size_t> &groupOf) {
    Group group;
    group.hasRoot = fuse::roleOf(op) != fuse::Role::ElementWise;
    group.ops.push_back(op);
    for (size_t next = 0; fuse && next < group.ops.size(); ++next)
      for (Value operand : group.ops[next]->getOperands()) {
        auto it = groupOf.find(operand.getDefiningOp());
        if (it != groupOf.end() && absorb(group, groups[it->second]))
          next = 0; // It may have been the last user of another one.
      }
    llvm::sort(group.ops, [](Operation *a, Operation *b) {
      return a->isBeforeInBlock(b);
    });
    return group;
  }

  /// Moves the operators of `producer` into `group`, where the rules allow it.
  bool absorb(Group &group, Group &producer) {
    if (producer.ops.empty() || (group.hasRoot && producer.hasRoot) ||
        group.ops.size() + producer.ops.size() > static_cast<size_t>(maxOps))
      return false;
    Operation *last = producer.ops.back();
    for (Operation *user : last->getUsers()) {
      if (!llvm::is_contained(group.ops, user))
        return false;
      bool prepends = !producer.hasRoot && fuse::canPrepend(producer.ops, user);
      if (!prepends && !(fuse::canAppend(last, user) &&
                         (!isBeforeRoot(group, user) ||
                          fuse::canComputeTwice(producer.ops))))
        return false;
    }
    SmallVector<Operation *> merged(producer.ops);
    llvm::append_range(merged, group.ops);
    if (countInputs(merged) > kMaxInputs || countPaths(merged) > kMaxPaths)
      return false;
    // Groups of different operands do not depend on each other: a value inside
    // one has no user in another.
    group.ops.append(producer.ops);
    group.hasRoot |= producer.hasRoot;
    producer.ops.clear();
    return true;
  }

  /// Whether a root that is no reduction has elements of `op`, by whatever way.
  static bool isBeforeRoot(const Group &group, Operation *op) {
    SmallVector<Operation *> open{op};
    while (!open.empty())
      for (Operation *user : open.pop_back_val()->getUsers()) {
        fuse::Role role = fuse::roleOf(user);
        if (!llvm::is_contained(group.ops, user))
          continue;
        if (role == fuse::Role::ElementWise)
          open.push_back(user);
        else if (role != fuse::Role::Reduction)
          return true;
      }
    return false;
  }

  static size_t countInputs(ArrayRef<Operation *> ops) {
    llvm::SmallDenseSet<Value> inputs;
    for (Operation *op : ops)
      for (Value operand : op->getOperands())
        if (!llvm::is_contained(ops, operand.getDefiningOp()))
          inputs.insert(operand);
    return inputs.size();
  }

  /// The most paths from one operator of `ops` to the result.
  static int64_t countPaths(SmallVector<Operation *> ops) {
    llvm::sort(
        ops, [](Operation *a, Operation *b) { return b->isBeforeInBlock(a); });
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

  /// Whether a copy of the operand's definition goes into the group.
  static bool isInside(OpOperand &operand) {
    Operation *definition = operand.get().getDefiningOp();
    if (!isa_and_nonnull<onnx::ConstantOp, dyn::SymbolicOp>(definition))
      return false;
    auto type = cast<RankedTensorType>(operand.get().getType());
    bool isScalar =
        isa<onnx::ConstantOp>(definition) && type.getNumElements() == 1;
    return isScalar || fuse::isCompileTimeOperand(operand);
  }

  void outline(Group &group) {
    Operation *last = group.ops.back();
    llvm::SetVector<Value> inputs;
    SmallVector<Location> locations;
    for (Operation *op : group.ops) {
      locations.push_back(op->getLoc());
      for (OpOperand &operand : op->getOpOperands())
        if (!llvm::is_contained(group.ops, operand.get().getDefiningOp()) &&
            !isInside(operand))
          inputs.insert(operand.get());
    }
    OpBuilder builder(last);
    Location location = FusedLoc::get(&getContext(), locations);
    auto fused = dyn::GroupOp::create(builder, location, last->getResultTypes(),
                                      inputs.getArrayRef());
    fillBody(fused, group, inputs.getArrayRef());
    last->replaceAllUsesWith(fused);
    for (Operation *op : llvm::reverse(group.ops))
      op->erase();
  }

  static void fillBody(dyn::GroupOp fused, const Group &group,
                       ArrayRef<Value> inputs) {
    Block &body = fused.getBody().emplaceBlock();
    OpBuilder builder = OpBuilder::atBlockBegin(&body);
    IRMapping mapping;
    for (Value input : inputs)
      mapping.map(input, body.addArgument(input.getType(), input.getLoc()));
    for (Operation *op : group.ops) {
      for (OpOperand &operand : op->getOpOperands())
        if (!mapping.contains(operand.get()) && isInside(operand))
          builder.clone(*operand.get().getDefiningOp(), mapping);
      Operation *inner = builder.clone(*op, mapping);
      for (Value result : inner->getResults()) // Logical inside.
        result.setType(dyn::withLayout(result.getType(), {}));
    }
    dyn::YieldOp::create(builder, fused.getLoc(), body.back().getResults());
  }

  /// A conversion of anything but a constant is a kernel that only copies.
  static void lowerConversion(dyn::ConvertLayoutOp convert) {
    Value input = convert.getInput();
    if (input.getDefiningOp<onnx::ConstantOp>())
      return;
    OpBuilder builder(convert);
    auto copy = dyn::GroupOp::create(builder, convert.getLoc(),
                                     convert->getResultTypes(), input);
    Block &body = copy.getBody().emplaceBlock();
    Value argument = body.addArgument(input.getType(), input.getLoc());
    builder.setInsertionPointToStart(&body);
    dyn::YieldOp::create(builder, convert.getLoc(), argument);
    convert.getResult().replaceAllUsesWith(copy.getResult(0));
    convert->erase();
  }
};

} // namespace
} // namespace dycc
