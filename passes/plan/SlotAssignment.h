#ifndef DYCC_PASSES_PLAN_SLOTASSIGNMENT_H
#define DYCC_PASSES_PLAN_SLOTASSIGNMENT_H

#include "passes/plan/PlacementRemarks.h"
#include "passes/plan/SlotPlacement.h"
#include "passes/plan/SlotTable.h"

namespace dycc::plan {

/// What may share memory.
struct Sharing {
  bool reuse = true;   ///< Values that are not live together.
  bool inPlace = true; ///< A result and an operand that ends with it.
  bool place = true;   ///< Parts of a slot, and several slots.
};

/// Buffers that lie in one slot from `begin` to `end`: each written over the
/// one before.
struct Tenant {
  llvm::SmallVector<unsigned, 2> buffers;
  dyn::ExprAttr size;
  double bytes; ///< At a typical shape.
  int64_t begin, end;
  bool isHalf; ///< Of a pair: the other one is its neighbour.
};

/// The slots of the buffers of a function that have a bound. They are given out
/// in some ways, of which the one is taken that needs least at a typical shape;
/// where it takes less, slots lie over each other (SlotPlacement.h).
class SlotAssignment {
public:
  /// Buffers of what is lent to the caller outlive the run in `liveness` from
  /// here on.
  SlotAssignment(Liveness &liveness, const dyn::SymbolFacts &facts,
                 Sharing sharing);

  /// The slot of a result that has one of its own.
  std::optional<int64_t> slotOf(mlir::Value value) const;
  /// The first of the two slots of what a loop carries.
  std::optional<int64_t> pairOf(mlir::Operation *loop, int carried) const;
  /// Each the largest of its buffers'.
  llvm::ArrayRef<dyn::ExprAttr> sizes() const { return slots; }
  /// How slots lie; nothing where they follow each other.
  llvm::ArrayRef<dyn::Placement> placements() const { return ways; }
  /// Bytes of the arena at a typical shape.
  double bytes() const { return total; }
  /// The same at any, but for the rounding; null where it is no sum of slots.
  dyn::ExprAttr arena() const;
  /// Says where each buffer lies.
  void explain(PlacementRemarks &remarks) const;

private:
  /// A slot while tenants choose.
  struct SharedSlot {
    SlotSize size;
    llvm::SmallVector<unsigned> tenants;
  };

  void endOutputs();
  void findTenants();
  llvm::SmallVector<unsigned> operandsToOverwrite(const Buffer &buffer) const;
  void assignInOrder();
  void assignBySize(bool forLong);
  unsigned choose(llvm::ArrayRef<SharedSlot> table, const Tenant &tenant);
  bool conflict(const Tenant &a, const Tenant &b) const;
  void takeIfSmaller(llvm::ArrayRef<SlotSize> sizes,
                     llvm::ArrayRef<unsigned> chosen);
  void placeSlots();

  Liveness &liveness;
  SizeOrder order;
  dyn::TypicalShape typical;
  Sharing sharing;
  std::vector<Tenant> tenants; ///< As they begin.
  llvm::DenseMap<mlir::Value, unsigned> bufferOf;
  llvm::DenseMap<unsigned, unsigned> slotOfBuffer;
  llvm::SmallVector<dyn::ExprAttr> slots;
  std::vector<dyn::Placement> ways;
  double total = 0;
};

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_SLOTASSIGNMENT_H
