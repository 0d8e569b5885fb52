// How slots that are needed at different times lie over each other, as a
// question of its own: no IR, bytes are numbers.
#ifndef DYCC_PASSES_PLAN_PLACEMENTSEARCH_H
#define DYCC_PASSES_PLAN_PLACEMENTSEARCH_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <vector>

namespace dycc::plan {

/// What is placed. Slots that are needed together must not overlap.
struct PlacementProblem {
  struct Life {
    int64_t begin, end;
  };
  std::vector<Life> lives;
  /// Of each slot those that are needed together with it.
  std::vector<llvm::SmallVector<unsigned>> together;
};

/// The bytes of each slot at some shape, rounded up as they are taken.
using SlotBytes = std::vector<int64_t>;

/// What is above what, whatever the sizes are: of two slots that are needed
/// together the one with the lower level, of equals the one that comes first,
/// is below the other.
using Levels = std::vector<int64_t>;

/// The slots from the lowest level to the highest.
std::vector<unsigned> orderOf(const Levels &levels);

/// Where the highest slot ends if each begins where the highest of those ends
/// that it lies on.
int64_t heightOf(const PlacementProblem &problem, const Levels &levels,
                 const SlotBytes &bytes);

/// The most bytes of slots that are live at a time, as far as their lives say.
int64_t mostLive(const PlacementProblem &problem, const SlotBytes &bytes);

/// Levels with a low height at this shape: the offsets of the best of some
/// placements, each slot in the smallest gap that suffices or in the lowest.
Levels findLevels(const PlacementProblem &problem, const SlotBytes &bytes);

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_PLACEMENTSEARCH_H
