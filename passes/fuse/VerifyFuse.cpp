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
      if (isa<dyn::GroupOp>(op)) {
        op->emitError("expects a launch of a kernel after the fuse stage, got "
                      "a group");
        valid = false;
        return WalkResult::skip(); // Its body is onnx.
      }
      if (!isa<dyn::DynDialect, func::FuncDialect>(op->getDialect()) &&
          !isa<onnx::ConstantOp>(op)) {
        op->emitError("operator '")
            << op->getName().stripDialect()
            << "' has no kernel: expects a launch, a runtime operator or "
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
