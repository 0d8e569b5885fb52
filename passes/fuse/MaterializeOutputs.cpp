#include "passes/fuse/Passes.h"

#include "dialects/onnx/OnnxOps.h"
#include "passes/Remarks.h"

#define DEBUG_TYPE "dycc-materialize-outputs"

using namespace mlir;
using dycc::remarks::Reason;

namespace dycc {
#define GEN_PASS_DEF_MATERIALIZEOUTPUTSPASS
#include "passes/fuse/Passes.h.inc"
namespace {

class MaterializeOutputs final
    : public impl::MaterializeOutputsPassBase<MaterializeOutputs> {
  void runOnOperation() override {
    Operation *terminator = getOperation().front().getTerminator();
    llvm::SmallDenseSet<Value> seen;
    for (OpOperand &output : terminator->getOpOperands()) {
      Reason why = whyNotWritten(output.get());
      if (!why && !seen.insert(output.get()).second)
        why = Reason("it is another output, too");
      Location location = output.get().getLoc();
      int64_t number = output.getOperandNumber();
      if (!why) {
        remarks::taken(remarks::kCopy, location, DEBUG_TYPE)
            << "is computed in output " << number;
        continue;
      }
      remarks::missed(remarks::kCopy, location, DEBUG_TYPE)
          << "is copied into output " << number << ": " << why;
      copy(output);
    }
  }

  /// Why no kernel and not the host program can write it to the caller's
  /// memory.
  Reason whyNotWritten(Value value) {
    Operation *op = value.getDefiningOp();
    if (!op)
      return {"it is an input"};
    if (isa<onnx::ConstantOp>(op))
      return {"it is a constant"};
    if (isa<dyn::ViewOp, dyn::PartOp>(op))
      return {"it is a view of other memory"};
    if (!isa<dyn::GroupOp, dyn::RuntimeOp, dyn::SymbolicOp>(op))
      return {"it comes out of a branch or a loop"};
    assert(op->getBlock() == &getOperation().front() && "returned from there");
    return {};
  }

  static void copy(OpOperand &output) {
    Value value = output.get();
    OpBuilder builder(output.getOwner());
    Type type = dyn::withLayout(value.getType(), {});
    auto group = dyn::GroupOp::create(builder, value.getLoc(), type, value);
    Block &body = group.getBody().emplaceBlock();
    Value argument = body.addArgument(value.getType(), value.getLoc());
    builder.setInsertionPointToStart(&body);
    dyn::YieldOp::create(builder, value.getLoc(), argument);
    output.set(group.getResult(0));
  }
};

} // namespace
} // namespace dycc
