#ifndef DYCC_PASSES_FUSE_ROWRULE_H
#define DYCC_PASSES_FUSE_ROWRULE_H

#include "dialects/dyn/DynOps.h"

namespace dycc::fuse {

/// What a kernel needs of an input for some rows of its results. A row is what
/// one step along the leading axis has.
enum class Needs {
  Nothing,
  Rows,  ///< The same rows.
  Some,  ///< Rows that other rows name.
  Whole, ///< All of it, each time.
};

/// What each input of `group` is for where its results, of `rows` rows each,
/// are computed row by row; nothing where that is not known.
std::optional<llvm::SmallVector<Needs>> needsByRows(dyn::GroupOp group,
                                                    dyn::ExprAttr rows);

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_ROWRULE_H
