#include "passes/fuse/Passes.h"

#include "dialects/onnx/OnnxOps.h"

#define DEBUG_TYPE "dycc-verify-fuse"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_VERIFYFUSEPASS
#include "passes/fuse/Passes.h.inc"
namespace {

class VerifyFuse final : public impl::VerifyFusePassBase<VerifyFuse> {
  void runOnOperation() override {
    bool valid = true;
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (auto group = dyn_cast<dyn::GroupOp>(op)) {
        if (!group.getKernel() || !group.getSymbols()) {
          op->emitError("expects the group to have a kernel after the fuse "
                        "stage");
          valid = false;
        }
        return WalkResult::skip(); // Its body is onnx.
      }
      if (!isa<dyn::DynDialect, func::FuncDialect>(op->getDialect()) &&
          !isa<onnx::ConstantOp>(op)) {
        op->emitError("operator '")
            << op->getName().stripDialect()
            << "' has no kernel: expects a group, a runtime operator or "
               "control flow after the fuse stage";
        valid = false;
      }
      return WalkResult::advance();
    });
    if (!valid)
      signalPassFailure();
  }
};

} // namespace
} // namespace dycc
