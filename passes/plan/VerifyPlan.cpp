#include "passes/plan/Passes.h"
#include "passes/plan/PlanChecks.h"

#define DEBUG_TYPE "dycc-verify-plan"

using namespace mlir;

namespace dycc {

LogicalResult plan::checkEach(func::FuncOp function,
                              function_ref<LogicalResult(Operation *)> check) {
  WalkResult walked = function.walk<WalkOrder::PreOrder>([&](Operation *op) {
    return failed(check(op)) ? WalkResult::interrupt() : WalkResult::advance();
  });
  return success(!walked.wasInterrupted());
}

#define GEN_PASS_DEF_VERIFYPLANPASS
#include "passes/plan/Passes.h.inc"
namespace {

class VerifyPlan final : public impl::VerifyPlanPassBase<VerifyPlan> {
  void runOnOperation() override {
    if (failed(check(getOperation())))
      signalPassFailure();
  }

  static LogicalResult check(func::FuncOp function) {
    dyn::MemoryAttr memory = dyn::getMemory(function);
    if (!memory)
      return function.emitError("expects dyn.memory after the plan stage");
    dyn::ExecutionBounds bounds(function->getParentOfType<ModuleOp>());
    plan::PlanView plan{function, memory, bounds};
    if (failed(plan::checkPlaces(plan)) || failed(plan::checkExtents(plan)) ||
        failed(plan::checkCaches(plan)))
      return failure();
    plan::Liveness liveness(function, bounds);
    return success(succeeded(plan::checkSlots(plan, liveness)) &&
                   succeeded(plan::checkReleases(plan, liveness)));
  }
};

} // namespace
} // namespace dycc
