#ifndef DYCC_PASSES_NORMALIZE_APPENDEDROWS_H
#define DYCC_PASSES_NORMALIZE_APPENDEDROWS_H

#include "dialects/onnx/OnnxControlFlow.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace dycc {

/// A loop without the sequences that it appended to.
struct AppendedRows {
  mlir::Operation *loop;
  /// What is read where such a sequence was, and its tensors: the rows of a
  /// scan output.
  llvm::SmallVector<std::pair<mlir::Value, mlir::Value>> sequences;
};

/// Gives `loop` as a scan output each carried sequence that may be one
/// (`isScanned`, of its initial and its last value) and grows by a tensor at
/// its end in every trip, and that the body does nothing else with. Another
/// loop is made in its place then.
AppendedRows
collectAppended(onnx::LoopOp loop,
                llvm::function_ref<bool(mlir::Value, mlir::Value)> isScanned);

} // namespace dycc

#endif // DYCC_PASSES_NORMALIZE_APPENDEDROWS_H
