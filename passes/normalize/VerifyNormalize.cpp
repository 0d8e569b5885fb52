// The gate of the normalize stage: an operator that it replaces always has no
// kernel of its own in the stages behind it.
#include "passes/normalize/Passes.h"

#include "dialects/onnx/OnnxFacts.h"

#define DEBUG_TYPE "dycc-verify-normalize"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_VERIFYNORMALIZEPASS
#include "passes/normalize/Passes.h.inc"
namespace {

class VerifyNormalize final
    : public impl::VerifyNormalizePassBase<VerifyNormalize> {
  void runOnOperation() override {
    bool isValid = true;
    getOperation().walk([&](Operation *op) {
      if (!onnx::has(op, onnx::Fact::Gone))
        return;
      op->emitOpError("expects simple operators in its place after the "
                      "normalize stage");
      isValid = false;
    });
    if (!isValid)
      signalPassFailure();
  }
};

} // namespace
} // namespace dycc
