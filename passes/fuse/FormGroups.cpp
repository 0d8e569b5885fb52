// Fusion by trees: a value inside a group has one user, which is in the group
// too. So a group can stand where its last operator stood, nothing outside
// waits for its inner values, and no cycle between groups can arise.
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

  /// A group that ends in `op`, with the groups of its operands that fit.
  Group start(Operation *op, MutableArrayRef<Group> groups,
              DenseMap<Operation *, size_t> &groupOf) {
    Group group;
    group.hasRoot = fuse::roleOf(op) != fuse::Role::ElementWise;
    if (fuse)
      for (Value operand :
           llvm::SetVector<Value>(op->operand_begin(), op->operand_end())) {
        auto it = groupOf.find(operand.getDefiningOp());
        if (it != groupOf.end())
          absorb(group, groups[it->second], op);
      }
    group.ops.push_back(op);
    return group;
  }

  /// Moves the operators of `producer` in front, where the rules allow it.
  void absorb(Group &group, Group &producer, Operation *op) {
    Operation *last = producer.ops.back();
    bool onlyUse = llvm::all_of(last->getUsers(),
                                [&](Operation *user) { return user == op; });
    bool fits = fuse::canAppend(last, op) ||
                (!producer.hasRoot && fuse::canPrepend(last, op));
    if (!onlyUse || !fits || (group.hasRoot && producer.hasRoot) ||
        group.ops.size() + producer.ops.size() >= static_cast<size_t>(maxOps))
      return;
    if (countInputs(group.ops) + countInputs(producer.ops) > kMaxInputs)
      return;
    // Groups of different operands do not depend on each other: a value inside
    // one has no user in another.
    group.ops.append(producer.ops);
    group.hasRoot |= producer.hasRoot;
    producer.ops.clear();
  }

  static size_t countInputs(ArrayRef<Operation *> ops) {
    size_t count = 0;
    for (Operation *op : ops)
      for (Value operand : op->getOperands())
        count += !llvm::is_contained(ops, operand.getDefiningOp());
    return count;
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
    auto fused =
        dyn::GroupOp::create(builder, location, last->getResultTypes(),
                             inputs.getArrayRef(), ArrayAttr(), StringAttr());
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
                                     convert->getResultTypes(), input,
                                     ArrayAttr(), StringAttr());
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
