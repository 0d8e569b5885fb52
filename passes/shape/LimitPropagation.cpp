// For measurements of what symbolic propagation is worth
// (tools/bench/ablation).
#include "passes/shape/Passes.h"
#include "passes/shape/Solver.h"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_LIMITPROPAGATIONPASS
#include "passes/shape/Passes.h.inc"
namespace {

class LimitPropagation final
    : public impl::LimitPropagationPassBase<LimitPropagation> {
  void runOnOperation() override {
    getOperation()->setAttr(shape::kLimitedPropagation,
                            UnitAttr::get(&getContext()));
  }
};

} // namespace
} // namespace dycc
