#ifndef DYCC_PASSES_FUSE_CANONICALSYMBOLS_H
#define DYCC_PASSES_FUSE_CANONICALSYMBOLS_H

#include "dialects/dyn/DynOps.h"

namespace dycc::fuse {

/// Names the symbols of the group's body s0, s1, ... Returns what each of them
/// stands for outside.
llvm::SmallVector<dyn::ExprAttr> nameSymbols(dyn::GroupOp group);

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_CANONICALSYMBOLS_H
