#ifndef DYCC_PASSES_PLAN_SLOTPLACEMENT_H
#define DYCC_PASSES_PLAN_SLOTPLACEMENT_H

#include "dialects/dyn/Plan.h"
#include "passes/plan/PlacementSearch.h"

namespace dycc::plan {

/// What needs memory from a time to another one.
struct PlacedTenant {
  dyn::ExprAttr size;
  PlacementProblem::Life life;
  bool isHalf;  ///< Of a pair: its slot is no other's.
  int64_t slot; ///< Where it lies if slots follow each other.
};

/// Slots that lie over each other where they are not needed together.
struct SlotPlacement {
  std::vector<unsigned> slotOf; ///< By tenant.
  llvm::SmallVector<dyn::ExprAttr> sizes;
  /// One is that of slots that follow each other, without the gaps: what is
  /// placed takes no more than that at any extents.
  std::vector<dyn::Placement> placements;
  int64_t bytes; ///< Of the arena at the typical shape.
};

/// Places tenants for some shapes, if that needs less than the slots that they
/// have, whose sum of bytes is a formula of `slots`.
std::optional<SlotPlacement>
placeTenants(llvm::ArrayRef<PlacedTenant> tenants,
             llvm::function_ref<bool(unsigned, unsigned)> areTogether,
             llvm::ArrayRef<dyn::ExprAttr> slots,
             const dyn::SymbolFacts &facts);

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_SLOTPLACEMENT_H
