#include "passes/fuse/Passes.h"

#define DEBUG_TYPE "dycc-materialize-outputs"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_MATERIALIZEOUTPUTSPASS
#include "passes/fuse/Passes.h.inc"
namespace {

class MaterializeOutputs final
    : public impl::MaterializeOutputsPassBase<MaterializeOutputs> {
  void runOnOperation() override {
    Operation *terminator = getOperation().front().getTerminator();
    llvm::SmallDenseSet<Value> seen;
    for (OpOperand &output : terminator->getOpOperands())
      if (!isWritten(output.get()) || !seen.insert(output.get()).second)
        copy(output);
  }

  /// Whether a kernel or the host program can write it to the caller's memory.
  bool isWritten(Value value) {
    Operation *op = value.getDefiningOp();
    return isa_and_nonnull<dyn::GroupOp, dyn::RuntimeOp, dyn::SymbolicOp>(op) &&
           op->getBlock() == &getOperation().front();
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
