#include "compiler/driver/Steps.h"

using namespace mlir;

namespace dycc {

Steps::Steps(func::FuncOp main, const plan::Liveness &liveness)
    : liveness(liveness) {
  main.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (!isa<dyn::LaunchOp, dyn::RuntimeOp, dyn::IfOp, dyn::LoopOp,
             dyn::SymbolicOp>(op))
      return;
    steps.push_back(op);
    positions.push_back(liveness.positionOf(op));
  });
}

size_t Steps::at(int64_t position) const {
  const int64_t *next = llvm::upper_bound(positions, position);
  return next == positions.begin() ? 0 : next - positions.begin() - 1;
}

size_t Steps::lastOf(Operation *op) const {
  int64_t last = liveness.positionOf(op);
  op->walk([&](Operation *inner) {
    last = std::max(last, liveness.positionOf(inner));
  });
  return at(last);
}

} // namespace dycc
