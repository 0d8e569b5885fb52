#include "passes/plan/PlanChecks.h"

#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;

namespace dycc::plan {
namespace {

/// Checks one way in which slots lie.
class PlacementChecker {
public:
  PlacementChecker(PlanView plan, const Liveness &liveness,
                   ArrayRef<SmallVector<unsigned>> tenants, size_t number)
      : plan(plan), liveness(liveness), tenants(tenants), number(number),
        below(tenants.size()) {}

  LogicalResult check(const dyn::Placement &placement) {
    for (const auto &[slot, on] : placement.slots)
      if (failed(put(slot, on)))
        return failure();
    if (placed != int64_t(tenants.size()))
      return error() << "places " << placed << " of " << tenants.size()
                     << " slots";
    for (unsigned slot = 0; slot < tenants.size(); ++slot)
      for (unsigned other = 0; other < slot; ++other)
        if (!below[slot].test(other) && !below[other].test(slot) &&
            failed(checkApart(slot, other)))
          return failure();
    return success();
  }

private:
  InFlightDiagnostic error() {
    return plan.function.emitError("placement ") << number << " ";
  }

  bool isPlaced(int64_t slot) const {
    return slot >= 0 && slot < int64_t(below.size()) && !below[slot].empty();
  }

  LogicalResult put(int64_t slot, ArrayRef<int64_t> on) {
    if (slot < 0 || slot >= int64_t(below.size()) || isPlaced(slot))
      return error() << "places slot " << slot << ", expects each of "
                     << below.size() << " once";
    llvm::SmallBitVector all(below.size());
    for (int64_t other : on) {
      if (!isPlaced(other))
        return error() << "puts slot " << slot << " on slot " << other
                       << ", which is not placed before it";
      all |= below[other];
      all.set(other);
    }
    below[slot] = std::move(all);
    ++placed;
    return success();
  }

  LogicalResult checkApart(unsigned slot, unsigned other) {
    ArrayRef<Buffer> buffers = liveness.buffers();
    for (unsigned a : tenants[slot])
      for (unsigned b : tenants[other])
        if (areTogether(buffers[a], buffers[b])) {
          InFlightDiagnostic error =
              buffers[a].definition->emitError("takes slot ")
              << int64_t(slot) << ", which placement " << number
              << " puts over slot " << int64_t(other)
              << ", where a value is needed with it";
          error.attachNote(buffers[b].definition->getLoc()) << "this one";
          return error;
        }
    return success();
  }

  PlanView plan;
  const Liveness &liveness;
  ArrayRef<SmallVector<unsigned>> tenants;
  size_t number;
  int64_t placed = 0;
  /// What each slot lies on, at whatever height; empty while it is not placed.
  std::vector<llvm::SmallBitVector> below;
};

} // namespace

LogicalResult checkPlacements(PlanView plan, const Liveness &liveness,
                              ArrayRef<SmallVector<unsigned>> tenants) {
  if (!dyn::isPlaced(plan.function))
    return success(); // Each lies on all before it.
  std::vector<dyn::Placement> placements = dyn::getPlacements(plan.function);
  if (placements.empty())
    return plan.function.emitError("expects a placement in dyn.placements");
  for (auto [number, placement] : llvm::enumerate(placements))
    if (failed(
            PlacementChecker(plan, liveness, tenants, number).check(placement)))
      return failure();
  return success();
}

} // namespace dycc::plan
