// A value inside a group has users in the group only. So a group can stand
// where its last operator stood, nothing outside waits for its inner values,
// and no cycle between groups can arise.
#include "passes/fuse/Passes.h"

#include "dialects/dyn/Handles.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/fuse/FusionRules.h"
#include "passes/fuse/GroupRules.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

#define DEBUG_TYPE "dycc-form-groups"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_FORMGROUPSPASS
#include "passes/fuse/Passes.h.inc"
namespace {

using fuse::Group;

/// What became of the value that an operator makes, and of one that reads it.
struct Decision {
  Operation *reader;
  remarks::Reason why; ///< Nothing where the two share a kernel.
};

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
    decisions.clear();
    for (Operation &op : block) {
      if (!isa<onnx::OnnxDialect>(op.getDialect()) ||
          isa<onnx::ConstantOp, onnx::YieldOp>(op))
        continue;
      Group group = start(&op, groups, groupOf);
      groupOf[&op] = groups.size();
      groups.push_back(std::move(group));
    }
    if (remarks::areWanted(&getContext()))
      explain(block);
    for (Group &group : groups)
      if (!group.ops.empty())
        outline(group);
    for (Operation &op : llvm::make_early_inc_range(block))
      if (auto convert = dyn_cast<dyn::ConvertLayoutOp>(op))
        lowerConversion(convert);
  }

  /// A group that ends in `op`, with the groups before it that fit.
  Group start(Operation *op, SmallVector<Group> &groups,
              DenseMap<Operation *, size_t> &groupOf) {
    Group alone;
    alone.hasRoot = fuse::roleOf(op) != fuse::Role::ElementWise;
    alone.ops.push_back(op);
    if (auto chain = fuse::findRootChain(op); fuse && chain) {
      // Whole, or not at all: a part of it would keep whole matrices.
      SmallVector<Group> before = groups;
      Group whole = alone;
      whole.chain = chain;
      grow(whole, groups, groupOf);
      if (llvm::is_contained(whole.ops, chain->first))
        return whole;
      groups = std::move(before);
    }
    grow(alone, groups, groupOf);
    return alone;
  }

  /// Adds the groups before `group` that fit. A value with several users joins
  /// once all of them have.
  void grow(Group &group, MutableArrayRef<Group> groups,
            DenseMap<Operation *, size_t> &groupOf) {
    for (size_t next = 0; fuse && next < group.ops.size(); ++next)
      for (Value operand : group.ops[next]->getOperands()) {
        auto it = groupOf.find(operand.getDefiningOp());
        if (it != groupOf.end() &&
            absorb(group, groups[it->second], group.ops[next]))
          next = 0; // It may have been the last user of another one.
      }
    llvm::sort(group.ops, [](Operation *a, Operation *b) {
      return a->isBeforeInBlock(b);
    });
  }

  /// Moves the operators of `producer` into `group`, whose operator `reader`
  /// reads its result, where the rules allow it.
  bool absorb(Group &group, Group &producer, Operation *reader) {
    if (producer.ops.empty())
      return false;
    remarks::Reason why = fuse::whyNotMerge(group, producer, maxOps);
    if (remarks::areWanted(&getContext()))
      note(producer.ops.back(), {reader, why});
    if (why)
      return false;
    // Groups of different operands do not depend on each other: a value inside
    // one has no user in another.
    group.ops.append(producer.ops);
    group.hasRoot |= producer.hasRoot;
    if (!group.chain)
      group.chain = producer.chain;
    producer.ops.clear();
    return true;
  }

  /// The last word on a pair counts; a value that joins has no other readers.
  void note(Operation *maker, Decision decision) {
    SmallVector<Decision> &all = decisions[maker];
    llvm::erase_if(all, [&](const Decision &earlier) {
      return !decision.why || earlier.reader == decision.reader;
    });
    all.push_back(decision);
  }

  /// Says of each value in the block whether it stays inside a kernel.
  void explain(Block &block) {
    for (Operation &op : block) {
      if (!isa<onnx::OnnxDialect>(op.getDialect()) || op.use_empty() ||
          isa<onnx::ConstantOp, onnx::YieldOp>(op))
        continue;
      for (auto &[reader, why] : decisions.lookup(&op))
        if (why)
          remarks::missed(remarks::kFuse, op.getLoc(), DEBUG_TYPE)
              << "is not fused into " << reader << ": " << why;
        else
          remarks::taken(remarks::kFuse, op.getLoc(), DEBUG_TYPE)
              << "is computed in the kernel of " << reader;
      if (decisions.contains(&op))
        continue;
      Operation *user = *op.user_begin();
      remarks::missed(remarks::kFuse, op.getLoc(), DEBUG_TYPE)
          << "ends its kernel: "
          << (fuse ? fuse::whyNotInside(&op, user)
                   : remarks::Reason("fusion is switched off"));
    }
  }

  /// Whether a copy of the operand's definition goes into the group.
  static bool isInside(OpOperand &operand) {
    Operation *definition = operand.get().getDefiningOp();
    if (!isa_and_nonnull<onnx::ConstantOp, dyn::SymbolicOp>(definition))
      return false;
    auto type = cast<RankedTensorType>(operand.get().getType());
    // The handle of a string is of the model, not of the kernel.
    bool isScalar = isa<onnx::ConstantOp>(definition) &&
                    type.getNumElements() == 1 &&
                    !dyn::isHandle(type.getElementType());
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

  /// By operator of the block, while remarks are wanted.
  DenseMap<Operation *, SmallVector<Decision>> decisions;
};

} // namespace
} // namespace dycc
