#ifndef DYCC_CODEGEN_LLVM_MEMORYFORMULA_H
#define DYCC_CODEGEN_LLVM_MEMORYFORMULA_H

#include "dialects/dyn/Bounds.h"
#include "dialects/dyn/Plan.h"
#include "runtime/abi/Memory.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace dycc::codegen {

/// What a run takes, weights and results without a bound aside: the slots of
/// the arena as they are placed, and for each thread the largest scratch of a
/// kernel or of a runtime operator. Formulas of the input symbols. The one
/// place that adds and rounds them, for plan(), the report and --max-memory;
/// what the runtime makes of arena and scratch is dycc_block_bytes().
struct MemoryFormula {
  /// `scratch`: bytes per thread of each version's function, over the symbols
  /// of its kernel.
  MemoryFormula(mlir::func::FuncOp main, const dyn::ExecutionBounds &bounds,
                const llvm::StringMap<dyn::ExprAttr> &scratch);

  /// Adds up in any kind of numbers: `numbers` has the type Value and the
  /// functions zero(), sizeOf(ExprAttr), add(), max(), roundUp(Value, int64_t)
  /// and ifBelow(a, b, x, y): x where a < b, else y. `atSlot` is told the
  /// offset and the rounded size of each slot. Returns the entries
  /// DYCC_SLOT_ARENA and DYCC_SLOT_SCRATCH. Neither is less where a size is
  /// more: at upper bounds of sizes they are bounds.
  template <typename Numbers, typename AtSlot>
  auto evaluate(Numbers &&numbers, AtSlot atSlot) const {
    using Value = typename std::decay_t<Numbers>::Value;
    std::vector<Value> bytes;
    for (dyn::ExprAttr slot : slots)
      bytes.push_back(
          numbers.roundUp(numbers.sizeOf(slot), DYCC_SLOT_ALIGNMENT));
    auto [offsets, arena] = place(numbers, bytes, placements.front());
    for (const dyn::Placement &other : llvm::drop_begin(placements)) {
      auto [otherOffsets, top] = place(numbers, bytes, other);
      for (auto [offset, alternative] : llvm::zip(offsets, otherOffsets))
        offset = numbers.ifBelow(top, arena, alternative, offset);
      arena = numbers.ifBelow(top, arena, top, arena);
    }
    for (auto [offset, size] : llvm::zip(offsets, bytes))
      atSlot(offset, size);
    Value largest = numbers.zero();
    for (dyn::ExprAttr size : scratch)
      largest = numbers.max(largest, numbers.sizeOf(size));
    return std::pair(arena, largest);
  }

  llvm::SmallVector<dyn::ExprAttr> slots;   ///< Of the arena, in bytes.
  llvm::SmallVector<dyn::ExprAttr> scratch; ///< The largest of them counts.
  /// Results beyond the arena and tensors of strings, which no formula has.
  int64_t unbounded = 0;
  /// The ways in which slots lie, of which the one counts that needs least.
  std::vector<dyn::Placement> placements;
  /// Whether they do not just follow each other.
  bool isPlaced = false;

private:
  /// The offsets of the slots, and where the highest ends.
  template <typename Numbers, typename Value>
  static std::pair<std::vector<Value>, Value>
  place(Numbers &numbers, const std::vector<Value> &bytes,
        const dyn::Placement &placement) {
    std::vector<Value> offsets(bytes.size(), numbers.zero()), ends(offsets);
    std::vector<bool> isBelow(bytes.size());
    for (const auto &[slot, on] : placement.slots) {
      for (auto [place, below] : llvm::enumerate(on)) {
        offsets[slot] =
            place == 0 ? ends[below] : numbers.max(offsets[slot], ends[below]);
        isBelow[below] = true;
      }
      ends[slot] = numbers.add(offsets[slot], bytes[slot]);
    }
    std::optional<Value> top;
    for (const auto &[slot, on] : placement.slots)
      if (!isBelow[slot])
        top = top ? numbers.max(*top, ends[slot]) : ends[slot];
    return {std::move(offsets), top ? *top : numbers.zero()};
  }
};

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_LLVM_MEMORYFORMULA_H
