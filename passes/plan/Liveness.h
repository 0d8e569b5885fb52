#ifndef DYCC_PASSES_PLAN_LIVENESS_H
#define DYCC_PASSES_PLAN_LIVENESS_H

#include "dialects/dyn/Bounds.h"
#include "passes/Remarks.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace dycc::plan {

/// Memory that an operation writes: one result, or one of the two halves that
/// a carried value of a loop alternates between.
struct Buffer {
  mlir::Operation *definition;
  mlir::Value value;  ///< The result; null for a half of a pair.
  dyn::ExprAttr size; ///< Bytes over input symbols; null without a bound.
  int64_t begin, end; ///< First and last position at which it is live.
  int carried = -1;   ///< Of a half: which carried value of the loop.
  int half = 0;       ///< And which of the two: they lie one after the other.
};

/// The slot of the arena that a planned buffer lies in; -1 for one without.
int64_t slotOf(const Buffer &buffer, dyn::MemoryAttr memory);

/// Whether `definition` is in the branch that is not taken when `op` runs.
bool isInOtherBranch(mlir::Operation *definition, mlir::Operation *op);

/// Whether memory of both is needed at a time.
bool areTogether(const Buffer &a, const Buffer &b);

/// Live ranges over the whole function, regions included. Positions number the
/// operations in pre-order; a loop spans its body, and what is defined outside
/// of a loop and used inside lives until the loop ends.
class Liveness {
public:
  Liveness(mlir::func::FuncOp function, const dyn::ExecutionBounds &bounds);

  llvm::MutableArrayRef<Buffer> buffers() { return list; }
  llvm::ArrayRef<Buffer> buffers() const { return list; }
  /// The buffers as they begin to live.
  llvm::SmallVector<unsigned> inOrder() const;
  /// Buffers that a value may lie in; empty for inputs and constants.
  llvm::ArrayRef<unsigned> buffersOf(mlir::Value value) const;
  /// The operation behind which no name of the buffer is used, in the innermost
  /// block that has its definition and all uses; null for one that is returned.
  mlir::Operation *lastUser(unsigned buffer) const;
  int64_t positionOf(mlir::Operation *op) const { return begins.lookup(op); }
  /// Whether a use of `buffer` by `user` may come when `op` has run.
  bool mayUseAfter(mlir::Operation *user, unsigned buffer,
                   mlir::Operation *op) const;
  dyn::KernelOp kernelOf(dyn::LaunchOp launch) const {
    return launch.getKernelIn(symbols);
  }
  /// Whether the loop's carried value number `index` alternates between two
  /// buffers; otherwise its pointer passes through.
  static bool hasPair(dyn::LoopOp loop, unsigned index);
  /// Whether it has one buffer instead, which the body's new value takes once
  /// nothing reads the old one any more.
  static bool isInOnePlace(dyn::LoopOp loop, unsigned index);
  /// Why the body does not compute the new carried value right in its buffer.
  static remarks::Reason whyNotInBuffer(dyn::LoopOp loop, unsigned index);
  /// The loop and the number of the carried value whose buffer `value` is
  /// computed in.
  static std::optional<std::pair<dyn::LoopOp, unsigned>>
  carryOf(mlir::Value value);

private:
  static bool changes(dyn::LoopOp loop, unsigned index);
  void addOnePlace(dyn::LoopOp loop, mlir::Value argument, mlir::Value yielded);
  void number(mlir::Block &block);
  void visit(mlir::Block &block);
  void visit(mlir::Operation *op);
  void visitLoop(dyn::LoopOp loop);
  void visitLoopByRows(dyn::LoopOp loop);
  void addJoined(mlir::Value operand, dyn::JoinOp join);
  unsigned addBuffer(mlir::Operation *definition, mlir::Value value,
                     mlir::Type type);
  void addAliases(mlir::Value value, llvm::ArrayRef<unsigned> buffers);
  void extendByUses();
  void addUser(unsigned buffer, mlir::Operation *user);
  /// The position until which a use by `user` keeps `buffer` alive.
  int64_t lastUse(mlir::Operation *user, const Buffer &buffer) const;

  const dyn::ExecutionBounds &bounds;
  const mlir::SymbolTable symbols; ///< Of the module.
  llvm::SmallVector<Buffer> list;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<unsigned, 1>> aliases;
  llvm::DenseMap<mlir::Operation *, int64_t> begins, ends;
  /// By buffer; of those without a bound.
  llvm::DenseMap<unsigned, mlir::Operation *> lastUsers;
  int64_t next = 0;
};

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_LIVENESS_H
