#ifndef DYCC_PASSES_NORMALIZE_SEQUENCERANKS_H
#define DYCC_PASSES_NORMALIZE_SEQUENCERANKS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"

namespace dycc {

/// The rank that all tensors of a sequence have, for each sequence and optional
/// of a function: of what is put in and, where that has no rank, of the types
/// that the model says.
class SequenceRanks {
public:
  explicit SequenceRanks(mlir::func::FuncOp function);

  /// Whether the function has sequences or optionals.
  bool any() const { return !leaders.empty(); }
  /// Whether each of them has a rank, and one only.
  bool areKnown();
  int64_t of(mlir::Value value);

private:
  struct Fact {
    mlir::Value value;
    mlir::TensorType tensor;
    int64_t more; ///< Axes that a tensor of the sequence has beside.
  };

  void add(mlir::Value value);
  void unite(mlir::Value a, mlir::Value b);
  void uniteAll(mlir::ValueRange a, mlir::ValueRange b);
  void visit(mlir::Operation *op);
  mlir::Value leaderOf(mlir::Value value);

  llvm::MapVector<mlir::Value, mlir::Value> leaders;
  llvm::SmallVector<Fact> facts;
  llvm::DenseMap<mlir::Value, int64_t> ranks;
  bool isConsistent = true;
};

} // namespace dycc

#endif // DYCC_PASSES_NORMALIZE_SEQUENCERANKS_H
