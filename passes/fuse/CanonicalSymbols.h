#ifndef DYCC_PASSES_FUSE_CANONICALSYMBOLS_H
#define DYCC_PASSES_FUSE_CANONICALSYMBOLS_H

#include "dialects/dyn/DynOps.h"

namespace dycc::fuse {

/// The symbols of a body under their canonical names.
struct NamedSymbols {
  /// What s0, s1, ... stand for outside.
  llvm::SmallVector<dyn::ExprAttr> meanings;
  /// What the body yields, as it lies in memory.
  llvm::SmallVector<mlir::Type> results;
};

/// Names the symbols of the group's body s0, s1, ...
NamedSymbols nameSymbols(dyn::GroupOp group);

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_CANONICALSYMBOLS_H
