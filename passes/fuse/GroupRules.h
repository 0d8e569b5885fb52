#ifndef DYCC_PASSES_FUSE_GROUPRULES_H
#define DYCC_PASSES_FUSE_GROUPRULES_H

#include "passes/Remarks.h"
#include "passes/fuse/RootChain.h"

namespace dycc::fuse {

/// Operators that become one group, in block order; the last one's results
/// are the group's.
struct Group {
  llvm::SmallVector<mlir::Operation *> ops;
  bool hasRoot = false; ///< One that is not element-wise.
  /// That of the group, or which it shall be: all its roots may be in the
  /// group.
  std::optional<RootChain> chain = {};
};

/// Why the operators of `producer` cannot move into `group`, whose operators
/// read its result: the first rule that is against it.
remarks::Reason whyNotMerge(const Group &group, const Group &producer,
                            int64_t maxOps);

/// Why the kernel that makes a value with this user ends with it.
remarks::Reason whyNotInside(mlir::Operation *maker, mlir::Operation *user);

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_GROUPRULES_H
