#include "passes/fuse/DeadOperands.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace dycc {

void fuse::eraseWithDeadOperands(Operation *op) {
  llvm::SmallSetVector<Operation *, 4> makers; // One may make two operands.
  for (Value operand : op->getOperands())
    if (Operation *maker = operand.getDefiningOp())
      makers.insert(maker);
  op->erase();
  for (Operation *maker : makers)
    if (isOpTriviallyDead(maker))
      maker->erase();
}

} // namespace dycc
