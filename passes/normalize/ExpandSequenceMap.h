#ifndef DYCC_PASSES_NORMALIZE_EXPANDSEQUENCEMAP_H
#define DYCC_PASSES_NORMALIZE_EXPANDSEQUENCEMAP_H

#include "dialects/onnx/OnnxControlFlow.h"

namespace dycc {

/// Puts a loop over positions in the place of `op`: its body gets the tensors
/// there, and what it gives is appended to sequences that were empty.
void expandSequenceMap(onnx::SequenceMapOp op);

} // namespace dycc

#endif // DYCC_PASSES_NORMALIZE_EXPANDSEQUENCEMAP_H
