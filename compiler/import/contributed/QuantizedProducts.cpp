// Products of quantised matrices, and of floats with weights of few bits.
#include "compiler/import/contributed/Contributed.h"

#include "dialects/onnx/WeightStore.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

namespace dycc::import {
namespace {

Value transposedIf(OpEmitter &emitter, Value matrix, int64_t isTransposed) {
  if (!isTransposed)
    return matrix;
  Builder &builder = emitter.getBuilder();
  return emitter.emit(
      "Transpose", matrix,
      builder.getNamedAttr("perm", builder.getDenseI64ArrayAttr({1, 0})));
}

/// C is in steps of the product of the scales: it is added as an integer.
LogicalResult expandGemm(NodeForm &form, OpEmitter &emitter) {
  Type f32 = emitter.getBuilder().getF32Type();
  Value sums = emitter.emit(
      "MatMulInteger",
      {transposedIf(emitter, form.operand(0), form.getInt("transA", 0)),
       transposedIf(emitter, form.operand(3), form.getInt("transB", 0)),
       asScalar(emitter, form.operand(2)), form.operand(5)});
  if (Value added = form.operand(6))
    sums = emitter.emit("Add", {sums, added});
  Value factor = emitter.emit(
      "Mul", {asScalar(emitter, form.operand(1)), form.operand(4)});
  if (double alpha = getFloat(form, "alpha", 1); alpha != 1)
    factor = emitter.emit("Mul", {factor, emitter.scalar(f32, alpha)});
  Value real = castTo(emitter, sums, f32), scale = form.operand(7);
  if (!scale) {
    form.results = {emitter.emit("Mul", {real, factor})};
    return success();
  }
  factor = emitter.emit("Div", {factor, asScalar(emitter, scale)});
  Value point = form.operand(8);
  Type to = elementTypeOf(point ? point : form.operand(0));
  form.results = {requantized(emitter, real, factor, point, to)};
  return success();
}

LogicalResult expandIntegerToFloat(NodeForm &form, OpEmitter &emitter) {
  form.results = {scaledProduct(
      emitter,
      {form.operand(0), form.operand(1), asScalar(emitter, form.operand(4)),
       form.operand(5)},
      asScalar(emitter, form.operand(2)), form.operand(3), form.operand(6))};
  return success();
}

LogicalResult expandDynamic(NodeForm &form, OpEmitter &emitter) {
  SmallVector<Value> a =
      emitter.emitAll("DynamicQuantizeLinear", form.operand(0), 3);
  form.results = {scaledProduct(emitter,
                                {a[0], form.operand(1), a[2], form.operand(3)},
                                a[1], form.operand(2), form.operand(4))};
  return success();
}

/// How the weights of a MatMulNBits lie.
struct Packing {
  int64_t n, k, bits, block;
  int64_t blocks() const { return llvm::divideCeil(k, block); }
};

/// Integers of so many bits: what products are expanded to keeps them so.
Type typeOf(OpEmitter &emitter, const Packing &packing) {
  return IntegerType::get(emitter.getBuilder().getContext(), packing.bits,
                          IntegerType::Unsigned);
}

Value unpacked(OpEmitter &emitter, ElementsAttr packed, const Packing &packing,
               int64_t each, int64_t rowBytes) {
  return unpackedRows(emitter, packed, packing.bits, packing.n, each, rowBytes,
                      typeOf(emitter, packing));
}

/// The zero points of all blocks where they are packed, or none are given.
Value zeroPoints(NodeForm &form, OpEmitter &emitter, const Packing &packing) {
  int64_t blocks = packing.blocks();
  Value given = form.operand(3);
  if (!given) {
    std::vector<char> middle(packing.n * blocks,
                             static_cast<char>(1 << (packing.bits - 1)));
    return emitter.constant(onnx::getWeight(
        RankedTensorType::get({packing.n, blocks}, typeOf(emitter, packing)),
        std::move(middle)));
  }
  ElementsAttr constant = getConstant(given);
  Value points = constant ? unpacked(emitter, constant, packing, blocks,
                                     llvm::divideCeil(blocks * packing.bits, 8))
                          : Value();
  if (!points)
    emitter.error() << "expects a constant 'zero_points' of " << packing.n
                    << " packed rows of " << blocks << " points";
  return points;
}

FailureOr<Packing> readPacking(const NodeForm &form, OpEmitter &emitter) {
  Packing packing{form.getInt("N", 0), form.getInt("K", 0),
                  form.getInt("bits", 4), form.getInt("block_size", 0)};
  constexpr int64_t most = int64_t(1) << 24;
  bool isFit = llvm::is_contained({2, 4, 8}, packing.bits) && packing.n > 0 &&
               packing.n <= most && packing.k > 0 && packing.k <= most &&
               packing.block >= 16 && packing.block <= most &&
               llvm::isPowerOf2_64(packing.block);
  if (!isFit)
    return emitter.error()
           << "expects positive N and K, 2, 4 or 8 bits and blocks of 16 or a "
              "larger power of two, got "
           << packing.n << ", " << packing.k << ", " << packing.bits << " and "
           << packing.block;
  if (form.operand(4) || form.getInt("weight_prepacked", 0))
    return emitter.error() << "g_idx and prepacked weights are not supported";
  return packing;
}

/// (q - point) * scale for blocks of K, in the type of the scales.
Value dequantizedWeights(NodeForm &form, OpEmitter &emitter,
                         const Packing &packing, Value steps) {
  Value scales =
      emitter.emit("Reshape", {form.operand(2),
                               emitter.vector({packing.n, packing.blocks()})});
  Value given = form.operand(3);
  SmallVector<NamedAttribute> blocks = {
      emitter.attr("axis", 1), emitter.attr("block_size", packing.block)};
  if (!given || elementTypeOf(given).isUnsignedInteger(8)) {
    Value points = zeroPoints(form, emitter, packing);
    return points ? emitter.emit("DequantizeLinear", {steps, scales, points},
                                 blocks)
                  : Value();
  }
  // Points that are no integers: q * scale - point * scale.
  Value points = emitter.emit(
      "Reshape", {given, emitter.vector({packing.n, packing.blocks()})});
  Value ones = emitter.constant(onnx::getWeight(
      RankedTensorType::get({packing.n, packing.k}, elementTypeOf(steps)),
      std::vector<char>(packing.n * packing.k, 1)));
  Value moved =
      emitter.emit("DequantizeLinear",
                   {ones, emitter.emit("Mul", {points, scales})}, blocks);
  return emitter.emit(
      "Sub",
      {emitter.emit("DequantizeLinear", {steps, scales}, blocks), moved});
}

LogicalResult expandNBits(NodeForm &form, OpEmitter &emitter) {
  FailureOr<Packing> packing = readPacking(form, emitter);
  if (failed(packing))
    return failure();
  ElementsAttr packed = getConstant(form.operand(1));
  int64_t rowBytes = packing->blocks() * packing->block * packing->bits / 8;
  Value steps = packed
                    ? unpacked(emitter, packed, *packing, packing->k, rowBytes)
                    : Value();
  if (!steps)
    return emitter.error() << "expects a constant 'B' of " << packing->n
                           << " rows of " << rowBytes << " bytes";
  Value weights = dequantizedWeights(form, emitter, *packing, steps);
  if (!weights)
    return failure();
  Value y = emitter.emit("MatMul",
                         {form.operand(0), transposedIf(emitter, weights, 1)});
  Value bias = form.operand(5);
  form.results = {bias ? emitter.emit("Add", {y, bias}) : y};
  return success();
}

/// ONNX's operator, around which the channels of images are moved where they
/// are last. Those of the weights are first in either case.
LogicalResult expandConv(NodeForm &form, OpEmitter &emitter) {
  bool isLast = form.getInt("channels_last", 0) != 0;
  form.attributes.erase("channels_last");
  if (!isLast)
    return success();
  auto weights = dyn_cast<RankedTensorType>(form.operand(3).getType());
  if (!weights || weights.getRank() < 3)
    return emitter.error()
           << "expects weights of known rank, 3 or more, where channels are "
              "last";
  int64_t rank = weights.getRank();
  SmallVector<Value> operands = form.operands;
  operands[0] = channelsFirst(emitter, operands[0], rank);
  Value y = emitter.emit("QLinearConv", operands, form.attributes.getAttrs());
  form.results = {channelsLast(emitter, y, rank)};
  return success();
}

constexpr Contribution contributions[] = {
    {"DynamicQuantizeMatMul", expandDynamic},
    {"MatMulIntegerToFloat", expandIntegerToFloat},
    {"MatMulNBits", expandNBits},
    {"QGemm", expandGemm},
    {"QLinearConv", expandConv},
};

} // namespace

ArrayRef<Contribution> contributedQuantizedProducts() { return contributions; }

Value unpackedRows(OpEmitter &emitter, ElementsAttr packed, int64_t bits,
                   int64_t rows, int64_t each, int64_t rowBytes, Type element) {
  std::optional<onnx::WeightBytes> bytes = onnx::getWeightBytes(packed);
  if (!bytes || packed.getNumElements() != rows * rowBytes)
    return {};
  std::vector<char> out;
  unsigned mask = (1u << bits) - 1;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t i = 0; i < each; ++i) {
      int64_t bit = i * bits;
      unsigned byte = bytes->at<uint8_t>(row * rowBytes + bit / 8);
      out.push_back(static_cast<char>(byte >> bit % 8 & mask));
    }
  if (!element)
    element = IntegerType::get(emitter.getBuilder().getContext(), 8,
                               IntegerType::Unsigned);
  return emitter.constant(onnx::getWeight(
      RankedTensorType::get({rows, each}, element), std::move(out)));
}

/// In f32: sums of steps are beyond what halves hold.
Value scaledProduct(OpEmitter &emitter, ArrayRef<Value> operands, Value aScale,
                    Value bScale, Value bias) {
  Type f32 = emitter.getBuilder().getF32Type(), to = elementTypeOf(aScale);
  auto wide = [&](Value v) { return to == f32 ? v : castTo(emitter, v, f32); };
  Value y = castTo(emitter, emitter.emit("MatMulInteger", operands), f32);
  y = emitter.emit("Mul",
                   {y, emitter.emit("Mul", {wide(aScale), wide(bScale)})});
  if (bias)
    y = emitter.emit("Add", {y, wide(bias)});
  return to == f32 ? y : castTo(emitter, y, to);
}

} // namespace dycc::import
