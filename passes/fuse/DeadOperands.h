#ifndef DYCC_PASSES_FUSE_DEADOPERANDS_H
#define DYCC_PASSES_FUSE_DEADOPERANDS_H

#include "mlir/IR/Operation.h"

namespace dycc::fuse {

/// Erases `op`, which nobody uses, and what made operands for it alone: shapes
/// and starts that are in types by now would take slots of the arena.
void eraseWithDeadOperands(mlir::Operation *op);

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_DEADOPERANDS_H
