// Reshape, Flatten, Squeeze, Unsqueeze and Identity compute nothing: in plain
// layout the elements already lie where the result wants them. Making views of
// them before layouts are chosen costs a fusion across them now and then, and
// saves the division and remainder of an index map every time.
#include "passes/fuse/Passes.h"

#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/Remarks.h"
#include "passes/fuse/DeadOperands.h"

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
      if (onnx::has(op, onnx::Fact::View))
        lower(op);
    });
  }

  static void lower(Operation *op) {
    Value input = op->getOperand(0), result = op->getResult(0);
    remarks::taken(remarks::kCopy, op->getLoc(), DEBUG_TYPE)
        << "is its operand's memory under another name";
    OpBuilder builder(op);
    if (input.getType() != result.getType())
      input =
          dyn::ViewOp::create(builder, op->getLoc(), result.getType(), input);
    result.replaceAllUsesWith(input);
    fuse::eraseWithDeadOperands(op);
  }
};

} // namespace
} // namespace dycc
