// What the expansions of quantised operators share.
#ifndef DYCC_PASSES_NORMALIZE_QUANTIZATION_H
#define DYCC_PASSES_NORMALIZE_QUANTIZATION_H

#include "dialects/onnx/OnnxQuantize.h"
#include "passes/normalize/OnnxBuilder.h"

namespace dycc::quantization {

/// Whether it is an integer of 2 to `most` bits.
bool isInteger(mlir::Type type, unsigned most);
/// Whether it is a float of at most 8 bits.
bool isNarrowFloat(mlir::Type type);

/// What dequantises `value`, integers of eight bits to f32; null.
onnx::DequantizeLinearOp dequantizedBy(mlir::Value value);

/// A constant of integers narrower than a byte as one of 8 bits; other values
/// themselves.
mlir::Value inWholeBytes(OnnxBuilder &b, mlir::Value x);

/// The elements of a constant of eight or 32 bits; nothing where it is none.
std::optional<llvm::SmallVector<int64_t>> integersOf(mlir::Value value);
/// Of a list with one entry for all, or one for each: the `i`-th.
int64_t entry(llvm::ArrayRef<int64_t> list, size_t i);

/// The elements of a constant of eight bits without its zero points: null for
/// 0, one for all or one for each place along `axis`. Nothing where they are no
/// such constants, or s8 does not hold all of them.
std::optional<llvm::SmallVector<int8_t>>
signedWeights(mlir::Value w, mlir::Value point, int64_t axis);

/// Such weights as s8, and the sums of those at each place along `axis`, i32,
/// as the axis of a result behind which `following` others are.
struct Weights {
  mlir::Value steps, sums;
};
std::optional<Weights> weightsOf(OnnxBuilder &b, mlir::Value w,
                                 mlir::Value point, int64_t axis,
                                 int64_t following);
/// The sums alone; null where the weights are no constant of eight bits.
mlir::Value sumsOf(OnnxBuilder &b, mlir::Value w, int64_t axis,
                   int64_t following);

/// Whether each of these filters is for a channel of its own.
bool areDepthwise(llvm::ArrayRef<int64_t> filters, int64_t groups);
/// Whether kernels sum up integers under filters of that shape: of all
/// channels, of one each, or of groups of whole dot products.
bool haveIntegerSums(llvm::ArrayRef<int64_t> filters, int64_t groups);

/// Whether `op` dequantises a constant matrix (k, n) of integers, with scales
/// for each column of each block along k, that only products have on their
/// right: kernels dequantise it (`dycc-convert-quantized-weights`).
bool isRightSide(mlir::Operation *op);

/// Whether a zero point is known to be 0.
bool isZero(mlir::Value point);

/// What is multiplied by weights, and the zero point that belongs to it, in
/// i32; `point` broadcasts with the sums, null for 0.
struct PointedSteps {
  mlir::Value value, point;
};
PointedSteps pointedSteps(OnnxBuilder &b, mlir::Value x, mlir::Value point);
/// The same as u8.
PointedSteps unsignedSteps(OnnxBuilder &b, mlir::Value x, mlir::Value point);

/// What is quantised to `steps` (f32): rounded, halves to even, moved by
/// `point` (f32, null for 0) and limited to what `to` holds. `known` is what
/// the point is, where the model says it.
mlir::Value saturate(OnnxBuilder &b, mlir::Value steps, mlir::Value point,
                     std::optional<int64_t> known, mlir::Type to);
/// The one zero point of a tensor where it is a constant of eight bits.
std::optional<int64_t> knownPoint(mlir::Value point);

/// `x` minus its zero point, in type `to`. The point broadcasts with `x`; null
/// for 0.
mlir::Value shifted(OnnxBuilder &b, mlir::Value x, mlir::Value point,
                    mlir::Type to);

/// The range of an f32 tensor and 0 in 255 steps: the steps of its elements and
/// of 0, and how much one is, all in f32. Of a range that is empty, 1.
struct Steps {
  mlir::Value value, point, scale;
};
Steps stepsOf(OnnxBuilder &b, mlir::Value x);
/// `x` in such steps, as it was.
mlir::Value rounded(OnnxBuilder &b, mlir::Value x);

} // namespace dycc::quantization

#endif // DYCC_PASSES_NORMALIZE_QUANTIZATION_H
