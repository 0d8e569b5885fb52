// Reshape, Flatten, Squeeze, Unsqueeze and Identity compute nothing: in plain
// layout the elements already lie where the result wants them. Making views of
// them before layouts are chosen costs a fusion across them now and then, and
// saves the division and remainder of an index map every time.
#include "passes/fuse/Passes.h"

#include "dialects/onnx/OnnxOps.h"

#define DEBUG_TYPE "dycc-lower-views"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_LOWERVIEWSPASS
#include "passes/fuse/Passes.h.inc"
namespace {

/// `onnx.Reshape %x, %shape`  =>  `dyn.view %x`; the others alike.
class LowerViews final : public impl::LowerViewsPassBase<LowerViews> {
  void runOnOperation() override {
    getOperation().walk([](Operation *op) {
      if (isa<onnx::ReshapeOp, onnx::FlattenOp, onnx::SqueezeOp,
              onnx::UnsqueezeOp, onnx::IdentityOp>(op))
        lower(op);
    });
  }

  static void lower(Operation *op) {
    Value input = op->getOperand(0), result = op->getResult(0);
    OpBuilder builder(op);
    if (input.getType() != result.getType())
      input =
          dyn::ViewOp::create(builder, op->getLoc(), result.getType(), input);
    result.replaceAllUsesWith(input);
    SmallVector<Value> operands(op->getOperands());
    op->erase();
    // The shape, now that its type has it: it would take a slot of the arena.
    for (Value operand : operands)
      if (Operation *unused = operand.getDefiningOp();
          unused && isOpTriviallyDead(unused))
        unused->erase();
  }
};

} // namespace
} // namespace dycc
