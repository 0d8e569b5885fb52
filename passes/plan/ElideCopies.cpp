// A Concat along the outermost axis with more than one element only moves what
// could have been computed in its place. Done on groups: by now it is known
// what is a kernel's result in plain layout. Elsewhere (channels innermost,
// several images) the operands lie interleaved, and copying them is what there
// is to do.
#include "passes/plan/Passes.h"

#include "dialects/dyn/Bounds.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/fuse/FusionRules.h"

#include "llvm/ADT/StringMap.h"

#define DEBUG_TYPE "dycc-elide-copies"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc {
#define GEN_PASS_DEF_ELIDECOPIESPASS
#include "passes/plan/Passes.h.inc"
namespace {

class ElideCopies final : public impl::ElideCopiesPassBase<ElideCopies> {
  void runOnOperation() override {
    dyn::ExecutionBounds bounds(getOperation()->getParentOfType<ModuleOp>());
    SmallVector<dyn::GroupOp> groups;
    definers.clear();
    getOperation().walk([&](Operation *op) {
      if (auto group = dyn_cast<dyn::GroupOp>(op))
        groups.push_back(group);
      noteSymbols(op);
    });
    for (dyn::GroupOp group : groups)
      if (isOuterConcat(group) && isBounded(group, bounds) &&
          followsItsOperands(group))
        join(group);
  }

  /// Whether the group only joins its inputs, in order, along an axis that has
  /// none but axes of extent one before it.
  static bool isOuterConcat(dyn::GroupOp group) {
    Block &body = group.getBody().front();
    auto concat = dyn_cast<onnx::ConcatOp>(body.front());
    if (!concat || concat.getOperands() != ValueRange(body.getArguments()) ||
        group.getYield()->getOperands() != concat->getResults())
      return false;
    ArrayRef<ExprAttr> dims = dyn::getDims(concat.getType());
    int64_t axis = concat.getAxis() + (concat.getAxis() < 0 ? dims.size() : 0);
    return fuse::isOutermost(dims, axis);
  }

  void noteSymbols(Operation *op) {
    if (auto read = dyn_cast<dyn::ReadOp>(op))
      definers[read.getSymbol()] = op;
    else if (auto runtime = dyn_cast<dyn::RuntimeOp>(op))
      noteSymbols(op, runtime.getDefines());
    else if (auto branch = dyn_cast<dyn::IfOp>(op))
      noteSymbols(op, branch.getDefines());
  }

  void noteSymbols(Operation *op, ArrayAttr defines) {
    for (auto symbol : defines.getAsRange<FlatSymbolRefAttr>())
      definers[symbol.getValue()] = op;
  }

  /// Whether all memory is known beforehand, and each place once it is needed.
  bool isBounded(dyn::GroupOp group, const dyn::ExecutionBounds &bounds) {
    Type type = group.getResult(0).getType();
    if (dyn::getLayout(type) || !bounds.boundBytes(type))
      return false;
    llvm::SmallDenseSet<Value> seen;
    SmallVector<ExprAttr> before;
    for (Value input : group.getInputs()) {
      if (!seen.insert(input).second || !isOwn(input, group) ||
          !llvm::all_of(before, [&](ExprAttr size) {
            return isKnownAt(input.getDefiningOp(), size, bounds);
          }))
        return false;
      before.push_back(dyn::getSizeInBytes(input.getType()));
    }
    return true;
  }

  /// Whether the symbols of `size` are inputs', or execution has found them out
  /// before `op` runs.
  bool isKnownAt(Operation *op, ExprAttr size,
                 const dyn::ExecutionBounds &bounds) {
    bool known = true;
    size.forEachSymbol([&](StringRef name) {
      Operation *definer = definers.lookup(name);
      Operation *here =
          definer ? definer->getBlock()->findAncestorOpInBlock(*op) : nullptr;
      known &= bounds.isOverInputs(ExprAttr::symbol(op->getContext(), name)) ||
               (here && definer->isBeforeInBlock(here));
    });
    return known;
  }

  /// Whether nothing else takes memory between what makes the operands and the
  /// group: the memory of a join is there from its first operand on, which
  /// would keep it from what comes in between.
  static bool followsItsOperands(dyn::GroupOp group) {
    llvm::SmallDenseSet<Operation *> makers;
    for (Value input : group.getInputs())
      makers.insert(input.getDefiningOp());
    Operation *op = group->getPrevNode();
    for (; op && !makers.empty(); op = op->getPrevNode())
      if (!makers.erase(op) && !isa<dyn::ViewOp, dyn::PartOp, dyn::ReadOp,
                                    dyn::RequireOp, onnx::ConstantOp>(op))
        return false;
    return makers.empty();
  }

  /// Whether a kernel makes `input` where `group` is, for no other place.
  static bool isOwn(Value input, dyn::GroupOp group) {
    Operation *maker = input.getDefiningOp();
    return isa_and_nonnull<dyn::GroupOp, dyn::SymbolicOp>(maker) &&
           maker->getBlock() == group->getBlock() &&
           !dyn::getLayout(input.getType()) &&
           llvm::none_of(input.getUsers(), [](Operation *user) {
             return isa<func::ReturnOp, dyn::YieldOp, dyn::JoinOp>(user);
           });
  }

  static void join(dyn::GroupOp group) {
    OpBuilder builder(group);
    auto join =
        dyn::JoinOp::create(builder, group.getLoc(),
                            group.getResult(0).getType(), group.getInputs());
    group.getResult(0).replaceAllUsesWith(join.getResult());
    group.erase();
  }

  /// What decides an execution symbol.
  llvm::StringMap<Operation *> definers;
};

} // namespace
} // namespace dycc
