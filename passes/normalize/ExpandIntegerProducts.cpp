// Matrix products of quantised numbers, in i32: eight-bit products and their
// sums are exact there. Processors have instructions for sums of products of u8
// by s8. Constant weights are made s8, without their zero points; that of the
// other side is taken off the sums, times what the weights of a column sum up
// to.
#include "passes/normalize/Expansions.h"
#include "passes/normalize/Quantization.h"

#include "dialects/onnx/WeightStore.h"

using namespace mlir;

namespace dycc {
namespace {

/// A scale or zero point of an operand `x` so that it broadcasts with it. One
/// per row of the first operand stands in a column; of the second one's columns
/// they are a row already. Null where ranks do not tell.
Value aligned(OnnxBuilder &b, Value parameter, Value x, bool isPerRow) {
  std::optional<int64_t> rank = rankOf(x), own = rankOf(parameter);
  if (!own || (*own > 0 && !rank))
    return {};
  if (*own == 1 && *rank < 2)
    return b.asScalar(parameter);
  return *own == 1 && isPerRow ? b.unsqueeze(parameter, 1) : parameter;
}

/// An operand without its zero point, as i32. Null where ranks do not tell.
Value shifted(OnnxBuilder &b, Value x, Value point, bool isPerRow) {
  Value own = point ? aligned(b, point, x, isPerRow) : Value();
  if (point && !own)
    return {};
  return quantization::shifted(b, x, own, b.getBuilder().getI32Type());
}

/// A constant matrix of s8 without zero points, and the sums of its columns.
struct Weights {
  Value steps, sums;
};

std::optional<Weights> weightsOf(OnnxBuilder &b, Value w, Value point) {
  auto weights = quantization::signedWeights(w, point, /*axis=*/1);
  if (!weights)
    return std::nullopt;
  auto shape = cast<RankedTensorType>(constantOf(w).getShapedType()).getShape();
  SmallVector<int32_t> sums(shape.back());
  for (auto [i, weight] : llvm::enumerate(*weights))
    sums[i % sums.size()] += weight;
  Builder &builder = b.getBuilder();
  auto matrix = RankedTensorType::get(shape, builder.getI8Type());
  auto row = RankedTensorType::get(shape.back(), builder.getI32Type());
  std::vector<char> bytes(weights->begin(), weights->end());
  return Weights{b.constant(onnx::getWeight(matrix, std::move(bytes))),
                 b.constant(DenseElementsAttr::get(row, ArrayRef(sums)))};
}

/// One side of a product.
struct Side {
  Value x, point; ///< The point may be null.

  bool hasPoint() const {
    auto values = quantization::integersOf(point);
    return point && !(values && llvm::all_of(*values, [](int64_t value) {
                        return value == 0;
                      }));
  }
};

/// The other side of weights as u8, with the point that belongs to that: i32,
/// so that it broadcasts with the sums, or null for 0. Nothing where ranks do
/// not tell.
std::optional<Side> unsignedSide(OnnxBuilder &b, Side side) {
  Builder &builder = b.getBuilder();
  Type i32 = builder.getI32Type();
  Value point;
  if (side.hasPoint()) {
    point = aligned(b, side.point, side.x, true);
    if (!point)
      return std::nullopt;
    point = b.cast(point, i32);
  }
  if (elementTypeOf(side.x).isUnsignedInteger())
    return Side{side.x, point};
  Value shift = b.scalar(i32, 128);
  Value moved = b.create("Add", {b.cast(side.x, i32), shift});
  return Side{b.cast(moved, builder.getIntegerType(8, /*isSigned=*/false)),
              point ? b.create("Add", {point, shift}) : shift};
}

/// The sums of products with constant weights; null where they, or the rank of
/// the other side, are others.
Value sumsWithWeights(OnnxBuilder &b, Side left, Side right) {
  std::optional<int64_t> rank = rankOf(left.x);
  if (!rank || *rank < 2)
    return {};
  std::optional<Weights> weights = weightsOf(b, right.x, right.point);
  std::optional<Side> other = weights ? unsignedSide(b, left) : std::nullopt;
  if (!other)
    return {};
  Value sums =
      b.create("MatMulInteger", {other->x, weights->steps, Value(), Value()},
               b.getBuilder().getI32Type());
  if (!other->point)
    return sums;
  Value moved = b.create("Mul", {other->point, weights->sums});
  return b.create("Sub", {sums, moved});
}

/// The sums of products of both sides without their zero points, in i32. Null
/// where ranks do not tell.
Value sumsOf(OnnxBuilder &b, Side left, Side right) {
  if (Value sums = sumsWithWeights(b, left, right))
    return sums;
  Value a = shifted(b, left.x, left.point, true);
  Value w = shifted(b, right.x, right.point, false);
  return a && w ? b.create("MatMul", {a, w}) : Value();
}

} // namespace

Value expand(OnnxBuilder &b, onnx::MatMulIntegerOp op) {
  return sumsOf(b, {op.getA(), op.getAZeroPoint()},
                {op.getB(), op.getBZeroPoint()});
}

/// The sums in steps of the result's scale. Of a product with a vector each
/// scale is one for the tensor: there are no rows or columns to have their own.
Value expand(OnnxBuilder &b, onnx::QLinearMatMulOp op) {
  Type f32 = b.getBuilder().getF32Type(), to = elementTypeOf(op.getY());
  for (Value operand : {op.getA(), op.getB(), op.getY()})
    if (!quantization::isInteger(elementTypeOf(operand), 8))
      return {};
  Value sums = sumsOf(b, {op.getA(), op.getAZeroPoint()},
                      {op.getB(), op.getBZeroPoint()});
  auto ofResult = [&](Value parameter, bool isPerRow) {
    Value own = aligned(b, parameter, op.getY(), isPerRow);
    return own ? b.cast(own, f32) : Value();
  };
  Value parameters[] = {
      ofResult(op.getAScale(), true), ofResult(op.getBScale(), false),
      ofResult(op.getYScale(), true), ofResult(op.getYZeroPoint(), true)};
  if (!sums || !llvm::all_of(parameters, [](Value v) { return v; }))
    return {};
  sums = b.cast(sums, f32);
  Value scale = b.create(
      "Div", {b.create("Mul", {parameters[0], parameters[1]}), parameters[2]});
  return quantization::saturate(b, b.create("Mul", {sums, scale}),
                                parameters[3], to);
}

} // namespace dycc
