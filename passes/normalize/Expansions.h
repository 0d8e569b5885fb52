// Expansions that fill a file of their own. Each gives the value that takes the
// place of result 0, or null where the op stays; for other results they call
// OnnxBuilder::replace.
#ifndef DYCC_PASSES_NORMALIZE_EXPANSIONS_H
#define DYCC_PASSES_NORMALIZE_EXPANSIONS_H

#include "dialects/onnx/OnnxActivation.h"
#include "dialects/onnx/OnnxIndexing.h"
#include "dialects/onnx/OnnxLayout.h"
#include "dialects/onnx/OnnxLinear.h"
#include "dialects/onnx/OnnxNormalize.h"
#include "dialects/onnx/OnnxQuantize.h"
#include "dialects/onnx/OnnxRecurrent.h"
#include "dialects/onnx/OnnxSignal.h"
#include "dialects/onnx/OnnxSource.h"
#include "dialects/onnx/OnnxUnary.h"
#include "passes/normalize/OnnxBuilder.h"

namespace dycc {

mlir::Value expand(OnnxBuilder &b, onnx::AttentionOp op);
/// In groups, with a constant filter, where they are faster apart.
mlir::Value expand(OnnxBuilder &b, onnx::ConvOp op);
/// In strides, with a constant filter.
mlir::Value expand(OnnxBuilder &b, onnx::ConvTransposeOp op);
/// Of an image of known rank.
mlir::Value expand(OnnxBuilder &b, onnx::DeformConvOp op);
mlir::Value expand(OnnxBuilder &b, onnx::EinsumOp op);
mlir::Value expand(OnnxBuilder &b, onnx::NegativeLogLikelihoodLossOp op);
mlir::Value expand(OnnxBuilder &b, onnx::SoftmaxCrossEntropyLossOp op);
/// Of constants of fewer than eight bits.
mlir::Value expand(OnnxBuilder &b, onnx::CastOp op);
mlir::Value expand(OnnxBuilder &b, onnx::QuantizeLinearOp op);
mlir::Value expand(OnnxBuilder &b, onnx::DequantizeLinearOp op);
mlir::Value expand(OnnxBuilder &b, onnx::DynamicQuantizeLinearOp op);
mlir::Value expand(OnnxBuilder &b, onnx::MatMulIntegerOp op);
mlir::Value expand(OnnxBuilder &b, onnx::QLinearMatMulOp op);
mlir::Value expand(OnnxBuilder &b, onnx::ConvIntegerOp op);
mlir::Value expand(OnnxBuilder &b, onnx::QLinearConvOp op);
mlir::Value expand(OnnxBuilder &b, onnx::RangeOp op);
mlir::Value expand(OnnxBuilder &b, onnx::OneHotOp op);
mlir::Value expand(OnnxBuilder &b, onnx::MeanVarianceNormalizationOp op);
mlir::Value expand(OnnxBuilder &b, onnx::GroupNormalizationOp op);
mlir::Value expand(OnnxBuilder &b, onnx::BatchNormalizationOp op);
mlir::Value expand(OnnxBuilder &b, onnx::LayerNormalizationOp op);
mlir::Value expand(OnnxBuilder &b, onnx::LpNormalizationOp op);
mlir::Value expand(OnnxBuilder &b, onnx::LRNOp op);
mlir::Value expand(OnnxBuilder &b, onnx::RandomUniformOp op);
mlir::Value expand(OnnxBuilder &b, onnx::RandomUniformLikeOp op);
mlir::Value expand(OnnxBuilder &b, onnx::RandomNormalOp op);
mlir::Value expand(OnnxBuilder &b, onnx::RandomNormalLikeOp op);
mlir::Value expand(OnnxBuilder &b, onnx::BernoulliOp op);
mlir::Value expand(OnnxBuilder &b, onnx::MultinomialOp op);
/// With a training mode that may be on.
mlir::Value expandTraining(OnnxBuilder &b, onnx::DropoutOp op);
mlir::Value expand(OnnxBuilder &b, onnx::RotaryEmbeddingOp op);
mlir::Value expand(OnnxBuilder &b, onnx::SwiGLUOp op);
mlir::Value expand(OnnxBuilder &b, onnx::CausalConvWithStateOp op);
mlir::Value expand(OnnxBuilder &b, onnx::LinearAttentionOp op);
mlir::Value expand(OnnxBuilder &b, onnx::TensorScatterOp op);
mlir::Value expand(OnnxBuilder &b, onnx::CenterCropPadOp op);
mlir::Value expand(OnnxBuilder &b, onnx::AffineGridOp op);
mlir::Value expand(OnnxBuilder &b, onnx::DFTOp op);
mlir::Value expand(OnnxBuilder &b, onnx::STFTOp op);
mlir::Value expand(OnnxBuilder &b, onnx::HannWindowOp op);
mlir::Value expand(OnnxBuilder &b, onnx::HammingWindowOp op);
mlir::Value expand(OnnxBuilder &b, onnx::BlackmanWindowOp op);
mlir::Value expand(OnnxBuilder &b, onnx::MelWeightMatrixOp op);

} // namespace dycc

#endif // DYCC_PASSES_NORMALIZE_EXPANSIONS_H
