#ifndef DYCC_PASSES_FUSE_STRIPRULE_H
#define DYCC_PASSES_FUSE_STRIPRULE_H

#include "dialects/dyn/Rows.h"

#include "llvm/ADT/DenseMap.h"

namespace dycc::fuse {

using dyn::kRowAxis;

/// Which rows of an image are needed for rows [first, end) of a group, as its
/// convolution counts them: [times * first - before, times * end + behind).
/// `before` is negative where the rows begin behind the first one's.
struct RowWindow {
  int64_t times = 0; ///< 0: all of it each time, or none.
  int64_t before = 0, behind = 0;

  bool isSame() const { return before == 0 && behind == 0; }
  bool operator==(const RowWindow &other) const {
    return times == other.times && before == other.before &&
           behind == other.behind;
  }
};

/// How a group computes strips of rows of its results.
struct StripRule {
  int64_t times = 1; ///< Rows of the results for one row of the group.
  /// Rows of the group that are computed together: those of Winograd's tiles.
  /// Other heights of a strip leave some of them unused.
  int64_t multiple = 1;
  /// Whether an element needs nothing but those in its own place.
  bool isPointwise = true;
  llvm::DenseMap<mlir::Value, RowWindow> windows; ///< Of values in the body.

  RowWindow of(mlir::Value value) const { return windows.lookup(value); }
};

/// Nothing where results of `group` are no images, or not known to be computed
/// from some rows of images.
std::optional<StripRule> stripRule(dyn::GroupOp group);

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_STRIPRULE_H
