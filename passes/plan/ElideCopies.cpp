// A Concat along the outermost axis with more than one element only moves what
// could have been computed in its place. Done on groups: by now it is known
// what is a kernel's result in plain layout. Elsewhere (channels innermost,
// several images) the operands lie interleaved, and copying them is what there
// is to do.
#include "passes/plan/Passes.h"

#include "dialects/dyn/Bounds.h"
#include "dialects/onnx/OnnxOps.h"

#define DEBUG_TYPE "dycc-elide-copies"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_ELIDECOPIESPASS
#include "passes/plan/Passes.h.inc"
namespace {

class ElideCopies final : public impl::ElideCopiesPassBase<ElideCopies> {
  void runOnOperation() override {
    dyn::ExecutionBounds bounds(getOperation()->getParentOfType<ModuleOp>());
    SmallVector<dyn::GroupOp> groups;
    getOperation().walk([&](dyn::GroupOp group) { groups.push_back(group); });
    for (dyn::GroupOp group : groups)
      if (isOuterConcat(group) && isBounded(group, bounds))
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
    ArrayRef<dyn::ExprAttr> dims = dyn::getDims(concat.getType());
    int64_t axis = concat.getAxis() + (concat.getAxis() < 0 ? dims.size() : 0);
    return llvm::all_of(dims.take_front(axis),
                        [](dyn::ExprAttr dim) { return dim.isConstant(1); });
  }

  static bool isBounded(dyn::GroupOp group,
                        const dyn::ExecutionBounds &bounds) {
    Type type = group.getResult(0).getType();
    if (dyn::getLayout(type) || !bounds.boundBytes(type))
      return false;
    llvm::SmallDenseSet<Value> seen;
    return llvm::all_of(group.getInputs(), [&](Value input) {
      return seen.insert(input).second && isOwn(input, group) &&
             bounds.isOverInputs(dyn::getSizeInBytes(input.getType()));
    });
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
};

} // namespace
} // namespace dycc
