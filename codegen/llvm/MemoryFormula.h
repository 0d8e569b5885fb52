#ifndef DYCC_CODEGEN_LLVM_MEMORYFORMULA_H
#define DYCC_CODEGEN_LLVM_MEMORYFORMULA_H

#include "dialects/dyn/Bounds.h"
#include "runtime/abi/Memory.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace dycc::codegen {

/// What a run takes, weights and results without a bound aside: the slots of
/// the arena one behind the other, and for each thread the largest scratch of a
/// kernel or of a runtime operator. Formulas of the input symbols. The one
/// place that adds and rounds them, for plan(), the report and --max-memory;
/// what the runtime makes of arena and scratch is dycc_block_bytes().
struct MemoryFormula {
  /// `scratch`: bytes per thread of each version's function, over the symbols
  /// of its kernel.
  MemoryFormula(mlir::func::FuncOp main, const dyn::ExecutionBounds &bounds,
                const llvm::StringMap<dyn::ExprAttr> &scratch);

  /// Adds up in any kind of numbers: `numbers` has the type Value and the
  /// functions zero(), sizeOf(ExprAttr), add(), max() and roundUp(Value,
  /// int64_t). `atSlot` is told the offset and the rounded size of each slot.
  /// Returns the entries DYCC_SLOT_ARENA and DYCC_SLOT_SCRATCH.
  template <typename Numbers, typename AtSlot>
  auto evaluate(Numbers &&numbers, AtSlot atSlot) const {
    typename std::decay_t<Numbers>::Value arena = numbers.zero(),
                                          largest = numbers.zero();
    for (dyn::ExprAttr slot : slots) {
      auto bytes = numbers.roundUp(numbers.sizeOf(slot), DYCC_SLOT_ALIGNMENT);
      atSlot(arena, bytes);
      arena = numbers.add(arena, bytes);
    }
    for (dyn::ExprAttr size : scratch)
      largest = numbers.max(largest, numbers.sizeOf(size));
    return std::pair(arena, largest);
  }

  llvm::SmallVector<dyn::ExprAttr> slots;   ///< Of the arena, in bytes.
  llvm::SmallVector<dyn::ExprAttr> scratch; ///< The largest of them counts.
  /// Results beyond the arena and tensors of strings, which no formula has.
  int64_t unbounded = 0;
};

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_LLVM_MEMORYFORMULA_H
