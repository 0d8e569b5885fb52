// Convolutions of quantised numbers. Those with constant filters for all
// channels, or for groups of whole dot products, are sums of u8 by s8, as
// products are (ExpandIntegerProducts.cpp); those with a filter for each
// channel are sums of integers, too. Others are a Conv of floats that hold
// every sum: eight-bit products are below 2^16 and any sum of fewer than 2^37
// of them is exact in f64, in whatever order. In f32 it is where no sum of
// magnitudes reaches 2^24, which the weights tell.
#include "passes/normalize/Expansions.h"
#include "passes/normalize/Quantization.h"

#include "dialects/dyn/Layout.h"
#include "dialects/onnx/OnnxFacts.h"

using namespace mlir;

namespace dycc {
namespace {

using quantization::entry;
using quantization::integersOf;

constexpr double kLargestExactF32 = 1 << 24;
const double kBeyondI32 = std::ldexp(1.0, 31);

/// A convolution of integers of eight bits.
struct IntegerConvolution {
  Value x, w, xPoint, wPoint, bias; ///< Points and bias may be null.
  int64_t groups;
};

/// The largest magnitude of x minus its zero point.
double largestInput(const IntegerConvolution &conv) {
  double low = elementTypeOf(conv.x).isUnsignedInteger() ? 0 : -128;
  double high = low + 255;
  if (!conv.xPoint)
    return std::max(-low, high);
  auto point = integersOf(conv.xPoint);
  if (!point || point->size() != 1)
    return high - low;
  return std::max(point->front() - low, high - point->front());
}

/// The shape of constant filters.
ArrayRef<int64_t> shapeOf(const IntegerConvolution &conv) {
  return cast<RankedTensorType>(constantOf(conv.w).getShapedType()).getShape();
}

/// A bound of every partial sum of a result, in magnitude; infinite where the
/// weights do not tell.
double largestSum(const IntegerConvolution &conv) {
  constexpr double unknown = std::numeric_limits<double>::infinity();
  auto weights = integersOf(conv.w);
  SmallVector<int64_t> none = {0};
  auto points = conv.wPoint ? integersOf(conv.wPoint) : std::optional(none);
  auto bias = conv.bias ? integersOf(conv.bias) : std::optional(none);
  if (!weights || !points || !bias || weights->empty())
    return unknown;
  size_t outputs = shapeOf(conv).front(), each = weights->size() / outputs;
  for (size_t count : {points->size(), bias->size()})
    if (count != 1 && count != outputs)
      return unknown;
  double input = largestInput(conv), largest = 0;
  for (size_t i = 0; i < outputs; ++i) {
    double sum = std::abs(double(entry(*bias, i)));
    for (int64_t weight : ArrayRef(*weights).slice(i * each, each))
      sum += std::abs(double(weight - entry(*points, i))) * input;
    largest = std::max(largest, sum);
  }
  return largest;
}

/// What belongs to output channels, of which `spatial` axes follow.
Value perChannel(OnnxBuilder &b, Value parameter, int64_t following) {
  SmallVector<int64_t> shape(following + 1, 1);
  shape.front() = -1;
  return b.create("Reshape", {parameter, b.ints(shape)});
}

/// The attributes of the window, and that one which says what is summed up.
SmallVector<NamedAttribute> windowOf(OnnxBuilder &b, Operation *op,
                                     StringRef kind) {
  SmallVector<NamedAttribute> attributes = attributesOf(op);
  attributes.push_back(
      b.getBuilder().getNamedAttr(kind, b.getBuilder().getUnitAttr()));
  return attributes;
}

/// The zero point of the image as a scalar; null for 0.
Value pointOf(OnnxBuilder &b, const IntegerConvolution &conv) {
  bool isScalar = !conv.xPoint || rankOf(conv.xPoint) == 0;
  return isScalar ? conv.xPoint : b.asScalar(conv.xPoint);
}

/// The filters of a convolution whose sums i32 holds, whatever the image is;
/// nothing where there are others.
std::optional<quantization::Weights> filtersOf(OnnxBuilder &b,
                                               const IntegerConvolution &conv) {
  if (!(largestSum(conv) < kBeyondI32))
    return std::nullopt;
  ArrayRef<int64_t> shape = shapeOf(conv);
  if (!quantization::haveIntegerSums(shape, conv.groups) ||
      ShapedType::getNumElements(shape.drop_front()) >
          dyn::kMostIntegerProducts)
    return std::nullopt;
  int64_t spatial = static_cast<int64_t>(shape.size()) - 2;
  return quantization::weightsOf(b, conv.w, conv.wPoint, /*axis=*/0, spatial);
}

/// The image, which dot products need as u8.
quantization::PointedSteps imageOf(OnnxBuilder &b,
                                   const IntegerConvolution &conv) {
  Value point = pointOf(b, conv);
  return quantization::areDepthwise(shapeOf(conv), conv.groups)
             ? quantization::pointedSteps(b, conv.x, point)
             : quantization::unsignedSteps(b, conv.x, point);
}

/// The sums of products of bytes. What the zero point adds to them is the same
/// for all pixels, since padding is the zero point. Null where the filters are
/// others.
Value sumsOfBytes(OnnxBuilder &b, const IntegerConvolution &conv,
                  Operation *op) {
  auto filters = filtersOf(b, conv);
  if (!filters)
    return {};
  Builder &builder = b.getBuilder();
  auto image = imageOf(b, conv);
  Value padding =
      image.point ? b.cast(image.point, elementTypeOf(image.value)) : Value();
  Value sums =
      b.create("ConvInteger", {image.value, filters->steps, padding, Value()},
               builder.getI32Type(), windowOf(b, op, onnx::kPaddedWithPoint));
  Value added =
      conv.bias ? perChannel(b, conv.bias, *rankOf(conv.w) - 2) : Value();
  if (!image.point)
    return added ? b.create("Add", {sums, added}) : sums;
  Value moved = b.create("Mul", {image.point, filters->sums});
  return added ? b.create("Add", {sums, b.create("Sub", {added, moved})})
               : b.create("Sub", {sums, moved});
}

/// The sums, in i32, f32 or f64. Padding is zero, which stands for the zero
/// point. Null where ranks do not tell.
Value sums(OnnxBuilder &b, const IntegerConvolution &conv, Operation *op) {
  std::optional<int64_t> rank = rankOf(conv.w);
  for (Value point : {conv.xPoint, conv.wPoint})
    if (point && !rankOf(point))
      return {};
  if (!rank)
    return {};
  if (Value integers = sumsOfBytes(b, conv, op))
    return integers;
  bool isExact = largestSum(conv) < kLargestExactF32;
  Builder &builder = b.getBuilder();
  Type type = isExact ? Type(builder.getF32Type()) : builder.getF64Type();
  Value xPoint = pointOf(b, conv), wPoint = conv.wPoint;
  if (wPoint && rankOf(wPoint) != 0)
    wPoint = perChannel(b, wPoint, *rank - 1);
  Value x = quantization::shifted(b, conv.x, xPoint, type);
  Value w = quantization::shifted(b, conv.w, wPoint, type);
  Value bias = conv.bias ? b.cast(conv.bias, type) : Value();
  return b.create("Conv", {x, w, bias}, type,
                  windowOf(b, op, onnx::kExactSums));
}

} // namespace

/// Wraps as i32 does, by way of i64, where a sum may be too large for it.
Value expand(OnnxBuilder &b, onnx::ConvIntegerOp op) {
  if (op->hasAttr(onnx::kPaddedWithPoint))
    return {};
  IntegerConvolution conv{op.getX(),          op.getW(), op.getXZeroPoint(),
                          op.getWZeroPoint(), Value(),   op.getGroup()};
  Value result = sums(b, conv, op);
  if (!result)
    return {};
  Builder &builder = b.getBuilder();
  if (!(largestSum(conv) < kBeyondI32))
    result = b.cast(result, builder.getI64Type());
  return b.cast(result, builder.getI32Type());
}

/// The sums in steps of the result's scale, which is of f32 as the scales are.
Value expand(OnnxBuilder &b, onnx::QLinearConvOp op) {
  IntegerConvolution conv{op.getX(),          op.getW(), op.getXZeroPoint(),
                          op.getWZeroPoint(), op.getB(), op.getGroup()};
  Type f32 = b.getBuilder().getF32Type();
  Value result = sums(b, conv, op);
  if (!result || !rankOf(op.getWScale()))
    return {};
  Value scale = op.getWScale();
  if (rankOf(scale) != 0)
    scale = perChannel(b, scale, *rankOf(op.getW()) - 2);
  auto scalar = [&](Value one) { return b.asScalar(one); };
  scale = b.create("Div", {b.create("Mul", {scalar(op.getXScale()), scale}),
                           scalar(op.getYScale())});
  Value steps = b.create("Mul", {b.cast(result, f32), scale});
  Value point = b.cast(scalar(op.getYZeroPoint()), f32);
  return quantization::saturate(b, steps, point,
                                quantization::knownPoint(op.getYZeroPoint()),
                                elementTypeOf(op.getY()));
}

} // namespace dycc
