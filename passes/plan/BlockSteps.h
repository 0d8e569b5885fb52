// A block of the host program as an OrderProblem, and back.
#ifndef DYCC_PASSES_PLAN_BLOCKSTEPS_H
#define DYCC_PASSES_PLAN_BLOCKSTEPS_H

#include "passes/plan/OrderFacts.h"
#include "passes/plan/OrderProblem.h"

#include "llvm/ADT/SetVector.h"

namespace dycc::plan {

/// The steps of a block are its operations that run and free memory or that
/// can fail, and its terminator. What is only another name, and what frees
/// nothing since it reads only inputs and weights, is no step: it comes right
/// before the first step that needs it, and what it makes is counted there.
class BlockSteps {
public:
  /// `inner`: bytes that an operation with regions takes while it runs, beside
  /// what is needed behind it.
  BlockSteps(mlir::Block &block, const OrderFacts &facts,
             const llvm::DenseMap<mlir::Operation *, double> &inner);

  const OrderProblem &getProblem() const { return problem; }
  mlir::Operation *stepAt(unsigned number) const { return steps[number]; }
  mlir::Operation *terminator() const { return operations.back(); }
  /// The operations of the block in the order given, without the terminator.
  llvm::ArrayRef<mlir::Operation *> given() const {
    return llvm::ArrayRef(operations).drop_back();
  }
  /// The operations where the steps come in `order`.
  llvm::SmallVector<mlir::Operation *>
  arranged(llvm::ArrayRef<unsigned> order) const;

  struct Own {
    double peak;   ///< The most bytes of what the block makes,
    double behind; ///< and those that are needed behind it.
  };
  Own ownBytes(llvm::ArrayRef<unsigned> order) const;

private:
  /// What comes before an operation, however often removed.
  struct Needs {
    llvm::SmallSetVector<unsigned, 4> steps;
    llvm::SmallSetVector<unsigned, 4> others; ///< Positions in the block.
  };

  bool isStep(mlir::Operation *op) const;
  bool isFallible(mlir::Operation *op) const;
  void findNeeds(mlir::Operation *op);
  void addNeed(Needs &of, mlir::Operation *op) const;
  void keepOrder();
  void addMemory(unsigned buffer);
  llvm::SmallVector<mlir::Operation *> makersOf(unsigned buffer) const;
  bool mayEnd(const Buffer &buffer) const;
  void addOver(dyn::LaunchOp launch, OrderedStep &step) const;

  mlir::Block &block;
  const OrderFacts &facts; ///< While this is made.
  llvm::SmallVector<mlir::Operation *> operations, steps;
  llvm::DenseMap<mlir::Operation *, unsigned> positions, numbers;
  std::vector<Needs> needs; ///< By position.
  /// Steps that need the operation at a position that is none.
  llvm::DenseMap<unsigned, llvm::SmallVector<unsigned>> needers;
  llvm::DenseMap<unsigned, unsigned> memory; ///< By buffer.
  OrderProblem problem;
};

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_BLOCKSTEPS_H
