// Expansions that fill a file of their own. Each gives the value that takes the
// place of result 0, or null where the op stays; other results are replaced.
#ifndef DYCC_PASSES_NORMALIZE_EXPANSIONS_H
#define DYCC_PASSES_NORMALIZE_EXPANSIONS_H

#include "dialects/onnx/OnnxIndexing.h"
#include "dialects/onnx/OnnxLinear.h"
#include "dialects/onnx/OnnxNormalize.h"
#include "dialects/onnx/OnnxQuantize.h"
#include "dialects/onnx/OnnxRecurrent.h"
#include "dialects/onnx/OnnxSource.h"
#include "passes/normalize/OnnxBuilder.h"

namespace dycc {

using Ranks = llvm::DenseMap<mlir::Value, int64_t>;

mlir::Value expand(OnnxBuilder &b, onnx::AttentionOp op, const Ranks &ranks);
mlir::Value expand(OnnxBuilder &b, onnx::EinsumOp op, const Ranks &ranks);
mlir::Value expand(OnnxBuilder &b, onnx::NegativeLogLikelihoodLossOp op,
                   const Ranks &ranks);
mlir::Value expand(OnnxBuilder &b, onnx::SoftmaxCrossEntropyLossOp op,
                   const Ranks &ranks);
mlir::Value expand(OnnxBuilder &b, onnx::QuantizeLinearOp op,
                   const Ranks &ranks);
mlir::Value expand(OnnxBuilder &b, onnx::DequantizeLinearOp op,
                   const Ranks &ranks);
mlir::Value expand(OnnxBuilder &b, onnx::DynamicQuantizeLinearOp op,
                   const Ranks &ranks);
mlir::Value expand(OnnxBuilder &b, onnx::MatMulIntegerOp op,
                   const Ranks &ranks);
mlir::Value expand(OnnxBuilder &b, onnx::RangeOp op, const Ranks &ranks);
mlir::Value expand(OnnxBuilder &b, onnx::OneHotOp op, const Ranks &ranks);

} // namespace dycc

#endif // DYCC_PASSES_NORMALIZE_EXPANSIONS_H
