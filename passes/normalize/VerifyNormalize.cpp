// The gate of the normalize stage: an operator that it replaces always has no
// kernel of its own in the stages behind it.
#include "passes/normalize/Passes.h"

#include "dialects/onnx/OnnxLayout.h"
#include "dialects/onnx/OnnxNormalize.h"
#include "dialects/onnx/OnnxRecurrent.h"
#include "dialects/onnx/OnnxUnary.h"

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
      if (!isa<onnx::LSTMOp, onnx::GRUOp, onnx::RNNOp, onnx::IdentityOp,
               onnx::CastLikeOp, onnx::LpNormalizationOp>(op))
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
