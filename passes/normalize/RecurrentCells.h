#ifndef DYCC_PASSES_NORMALIZE_RECURRENTCELLS_H
#define DYCC_PASSES_NORMALIZE_RECURRENTCELLS_H

#include "passes/normalize/OnnxBuilder.h"
#include "llvm/ADT/SmallVector.h"

namespace dycc {

enum class CellKind { Lstm, Gru, Rnn };

/// An activation function of a cell with its parameters.
struct Activation {
  llvm::StringRef name;
  float alpha = 0, beta = 0;
};

/// A recurrent operator's operands and attributes.
struct RecurrentOp {
  mlir::Operation *op;
  CellKind kind;
  int64_t hiddenSize;
  int64_t numDirections;
  /// By position as in ONNX, null where absent; W, R, B, P per direction.
  mlir::Value x, w, r, b, lengths, initialH, initialC, peephole;
  std::optional<float> clip;
  bool isReverse;  ///< The first direction goes backwards.
  bool batchFirst; ///< `layout` is 1.
  bool inputForget, linearBeforeReset;
  bool roundedInputs; ///< As `onnx.rounded_inputs` says.
  /// Per direction.
  llvm::SmallVector<llvm::SmallVector<Activation>> activations;

  /// Gates per direction: 4 of an LSTM, 3 of a GRU, 1 of an RNN.
  int64_t numGates() const {
    return kind == CellKind::Lstm ? 4 : kind == CellKind::Gru ? 3 : 1;
  }
  size_t numStates() const { return kind == CellKind::Lstm ? 2 : 1; }
};

/// Reads an LSTM, GRU or RNN; nothing, with an error at the op, where its
/// attributes do not fit together.
mlir::FailureOr<RecurrentOp> readRecurrent(mlir::Operation *op);

/// One direction of a cell. What is the same in all steps is made once.
class RecurrentCell {
public:
  RecurrentCell(OnnxBuilder &b, const RecurrentOp &op, int64_t direction);

  /// The part of all steps' gates that the input gives: [steps, batch, gates].
  mlir::Value getInputGates() const { return inputGates; }

  /// One step: from its row of the input gates, [batch, gates], and the state
  /// (h, or h and c) to the next state.
  llvm::SmallVector<mlir::Value> step(OnnxBuilder &b, mlir::Value gates,
                                      llvm::ArrayRef<mlir::Value> state) const;

private:
  mlir::Value direct(OnnxBuilder &b, mlir::Value perDirection) const;
  mlir::Value factor(OnnxBuilder &b, mlir::Value x) const;
  mlir::Value activate(OnnxBuilder &b, size_t function, mlir::Value x) const;
  llvm::SmallVector<mlir::Value> split(OnnxBuilder &b, mlir::Value x,
                                       int64_t parts) const;
  llvm::SmallVector<mlir::Value> stepLstm(OnnxBuilder &b, mlir::Value gates,
                                          mlir::Value h, mlir::Value c) const;
  mlir::Value stepGru(OnnxBuilder &b, mlir::Value gates, mlir::Value h) const;
  mlir::Value makeBias(OnnxBuilder &b);
  void makePeepholes(OnnxBuilder &b);

  const RecurrentOp &op;
  int64_t direction;
  mlir::Value inputGates;
  mlir::Value recurrent;       ///< [hidden, gates]; of a GRU update and reset.
  mlir::Value recurrentHidden; ///< Of a GRU: [hidden, hidden].
  mlir::Value hiddenBias;      ///< Of a GRU with linear_before_reset.
  llvm::SmallVector<mlir::Value> peepholes; ///< Input, output, forget.
};

} // namespace dycc

#endif // DYCC_PASSES_NORMALIZE_RECURRENTCELLS_H
