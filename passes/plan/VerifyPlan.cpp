#include "passes/plan/Passes.h"

#include "dialects/onnx/OnnxOps.h"

#define DEBUG_TYPE "dycc-verify-plan"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_VERIFYPLANPASS
#include "passes/plan/Passes.h.inc"
namespace {

class VerifyPlan final : public impl::VerifyPlanPassBase<VerifyPlan> {
  void runOnOperation() override {
    WalkResult result =
        getOperation().walk<WalkOrder::PreOrder>([](Operation *op) {
          auto places = op->getAttrOfType<ArrayAttr>("places");
          bool needs = op->getNumResults() > 0 && !op->use_empty() &&
                       isa<dyn::DynDialect>(op->getDialect());
          if (needs && (!places || places.size() != op->getNumResults())) {
            op->emitError("expects a place for each of ")
                << op->getNumResults() << " results after the plan stage";
            return WalkResult::interrupt();
          }
          return isa<dyn::GroupOp>(op) ? WalkResult::skip()
                                       : WalkResult::advance();
        });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
} // namespace dycc
