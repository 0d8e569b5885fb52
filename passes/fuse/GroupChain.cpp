#include "passes/fuse/GroupChain.h"

#include "dialects/dyn/TypicalShape.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace dycc::fuse {

bool GroupChain::ends(Operation *op) {
  if (joins(op))
    return false;
  if (empty())
    return false;
  bool reads = false;
  op->walk([&](Operation *inner) {
    reads |= llvm::any_of(inner->getOperands(),
                          [&](Value operand) { return isInside(operand); });
  });
  return reads || !isMemoryEffectFree(op);
}

bool GroupChain::escapes(Value value) const {
  return llvm::any_of(value.getUsers(),
                      [&](Operation *user) { return !contains(user); });
}

void GroupChain::replaceOutside(Value value, Value result) const {
  value.replaceUsesWithIf(
      result, [&](OpOperand &use) { return !contains(use.getOwner()); });
}

double GroupChain::estimate(dyn::ExprAttr expr) const {
  return double(
      dyn::TypicalShape(bounds->getFacts()).valueOf(expr).value_or(0));
}

} // namespace dycc::fuse
