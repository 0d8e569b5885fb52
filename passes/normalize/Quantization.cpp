#include "passes/normalize/Quantization.h"

#include "dialects/dyn/Layout.h"
#include "dialects/onnx/OnnxLinear.h"
#include "dialects/onnx/WeightStore.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace dycc::quantization {

bool isInteger(Type type, unsigned most) {
  return isa<IntegerType>(type) && type.getIntOrFloatBitWidth() >= 2 &&
         type.getIntOrFloatBitWidth() <= most;
}

bool isNarrowFloat(Type type) {
  return isa<FloatType>(type) && type.getIntOrFloatBitWidth() <= 8;
}

onnx::DequantizeLinearOp dequantizedBy(Value value) {
  auto op = value.getDefiningOp<onnx::DequantizeLinearOp>();
  bool fits =
      op && op.getBlockSize() == 0 && elementTypeOf(op.getX()).isInteger(8) &&
      elementTypeOf(op.getXScale()).isF32() && elementTypeOf(op.getY()).isF32();
  return fits ? op : nullptr;
}

Value inWholeBytes(OnnxBuilder &b, Value x) {
  auto narrow = dyn_cast<IntegerType>(elementTypeOf(x));
  ElementsAttr constant = constantOf(x);
  if (!narrow || narrow.getWidth() == 1 || narrow.getWidth() >= 8 || !constant)
    return x;
  std::optional<onnx::WeightBytes> bytes = onnx::getWeightBytes(constant);
  if (!bytes)
    return x;
  // The store has an element to a byte; above its bits may be anything.
  std::vector<char> wide;
  for (char byte : bytes->bytes()) {
    auto low = static_cast<uint8_t>(byte & ((1 << narrow.getWidth()) - 1));
    wide.push_back(narrow.isUnsigned() ? static_cast<char>(low)
                                       : static_cast<char>(llvm::SignExtend32(
                                             low, narrow.getWidth())));
  }
  auto shape = cast<RankedTensorType>(constant.getShapedType()).getShape();
  Type whole =
      IntegerType::get(b.getBuilder().getContext(), 8, narrow.getSignedness());
  return b.constant(
      onnx::getWeight(RankedTensorType::get(shape, whole), std::move(wide)));
}

std::optional<SmallVector<int64_t>> integersOf(Value value) {
  ElementsAttr constant = constantOf(value);
  std::optional<onnx::WeightBytes> bytes;
  if (constant)
    bytes = onnx::getWeightBytes(constant);
  if (!bytes)
    return std::nullopt;
  Type type = constant.getElementType();
  SmallVector<int64_t> integers;
  for (int64_t i = 0, n = constant.getNumElements(); i < n; ++i)
    integers.push_back(type.isInteger(32)          ? bytes->at<int32_t>(i)
                       : type.isUnsignedInteger(8) ? bytes->at<uint8_t>(i)
                                                   : bytes->at<int8_t>(i));
  return integers;
}

int64_t entry(ArrayRef<int64_t> list, size_t i) {
  return list[list.size() == 1 ? 0 : i];
}

static ArrayRef<int64_t> shapeOf(Value constant) {
  return cast<RankedTensorType>(constantOf(constant).getShapedType())
      .getShape();
}

/// The place along `axis` of the `i`-th element of a tensor in row-major order.
static size_t placeAlong(ArrayRef<int64_t> shape, int64_t axis, size_t i) {
  for (int64_t extent : shape.drop_front(axis + 1))
    i /= extent;
  return i % shape[axis];
}

std::optional<SmallVector<int8_t>> signedWeights(Value w, Value point,
                                                 int64_t axis) {
  auto steps = integersOf(w);
  SmallVector<int64_t> zero = {0};
  auto points = point ? integersOf(point) : std::optional(zero);
  if (!steps || !points || rankOf(w).value_or(0) <= axis)
    return std::nullopt;
  ArrayRef<int64_t> shape = shapeOf(w);
  if (points->size() != 1 && points->size() != size_t(shape[axis]))
    return std::nullopt;
  SmallVector<int8_t> weights;
  for (auto [i, step] : llvm::enumerate(*steps)) {
    int64_t weight = step - entry(*points, placeAlong(shape, axis, i));
    if (weight != static_cast<int8_t>(weight))
      return std::nullopt;
    weights.push_back(static_cast<int8_t>(weight));
  }
  return weights;
}

static Value sumsAlong(OnnxBuilder &b, ArrayRef<int8_t> weights,
                       ArrayRef<int64_t> shape, int64_t axis,
                       int64_t following) {
  SmallVector<int32_t> sums(shape[axis]);
  for (auto [i, weight] : llvm::enumerate(weights))
    sums[placeAlong(shape, axis, i)] += weight;
  SmallVector<int64_t> extents(1 + following, 1);
  extents.front() = shape[axis];
  auto type = RankedTensorType::get(extents, b.getBuilder().getI32Type());
  return b.constant(DenseElementsAttr::get(type, ArrayRef(sums)));
}

std::optional<Weights> weightsOf(OnnxBuilder &b, Value w, Value point,
                                 int64_t axis, int64_t following) {
  auto weights = signedWeights(w, point, axis);
  if (!weights)
    return std::nullopt;
  ArrayRef<int64_t> shape = shapeOf(w);
  auto type = RankedTensorType::get(shape, b.getBuilder().getI8Type());
  std::vector<char> bytes(weights->begin(), weights->end());
  return Weights{b.constant(onnx::getWeight(type, std::move(bytes))),
                 sumsAlong(b, *weights, shape, axis, following)};
}

Value sumsOf(OnnxBuilder &b, Value w, int64_t axis, int64_t following) {
  auto weights = signedWeights(w, Value(), axis);
  return weights ? sumsAlong(b, *weights, shapeOf(w), axis, following)
                 : Value();
}

bool areDepthwise(ArrayRef<int64_t> filters, int64_t groups) {
  return groups > 1 && filters[1] == 1 && filters[0] == groups;
}

bool haveIntegerSums(ArrayRef<int64_t> filters, int64_t groups) {
  return groups == 1 || areDepthwise(filters, groups) ||
         filters[1] % dyn::kIntegerGroup == 0;
}

bool isRightSide(Operation *op) {
  auto from = dyn_cast<onnx::DequantizeLinearOp>(op);
  if (!from || from->use_empty() || from.getAxis() != 0 ||
      from.getBlockSize() <= 0 || !constantOf(from.getX()) ||
      !constantOf(from.getXScale()) || rankOf(from.getX()) != 2 ||
      rankOf(from.getXScale()) != 2)
    return false;
  return llvm::all_of(from->getUses(), [](OpOperand &use) {
    auto gemm = dyn_cast<onnx::GemmOp>(use.getOwner());
    bool isProduct =
        isa<onnx::MatMulOp>(use.getOwner()) || (gemm && gemm.getTransB() == 0);
    return isProduct && use.getOperandNumber() == 1;
  });
}

bool isZero(Value point) {
  bool isByte = point && isInteger(elementTypeOf(point), 8);
  auto values = isByte ? integersOf(point) : std::nullopt;
  return values && llvm::all_of(*values, [](int64_t v) { return v == 0; });
}

PointedSteps pointedSteps(OnnxBuilder &b, Value x, Value point) {
  bool isMoved = point && !isZero(point);
  return {x, isMoved ? b.cast(point, b.getBuilder().getI32Type()) : Value()};
}

PointedSteps unsignedSteps(OnnxBuilder &b, Value x, Value point) {
  PointedSteps steps = pointedSteps(b, x, point);
  if (elementTypeOf(x).isUnsignedInteger())
    return steps;
  Builder &builder = b.getBuilder();
  Type i32 = builder.getI32Type();
  Value shift = b.scalar(i32, 128);
  Value moved = b.create("Add", {b.cast(x, i32), shift});
  return {b.cast(moved, builder.getIntegerType(8, /*isSigned=*/false)),
          steps.point ? b.create("Add", {steps.point, shift}) : shift};
}

std::optional<int64_t> knownPoint(Value point) {
  bool isByte = point && isInteger(elementTypeOf(point), 8);
  auto values = isByte ? integersOf(point) : std::nullopt;
  return values && values->size() == 1 ? std::optional(values->front())
                                       : std::nullopt;
}

Value saturate(OnnxBuilder &b, Value steps, Value point,
               std::optional<int64_t> known, Type to) {
  Type f32 = b.getBuilder().getF32Type();
  double span = std::ldexp(1.0, static_cast<int>(to.getIntOrFloatBitWidth()));
  double first = to.isUnsignedInteger() ? 0 : -span / 2;
  auto limited = [&](Value x, double least, double most) {
    Value lowest = b.scalar(f32, least), highest = b.scalar(f32, most);
    return b.create("Clip", {x, lowest, highest});
  };
  // Limits that are whole numbers may come first, and what is known to be small
  // takes few instructions to be rounded. Wherever the zero point is, what is
  // beyond the span is beyond the type.
  if (!point || known) {
    double least = first - static_cast<double>(known.value_or(0));
    Value whole = b.create("Round", limited(steps, least, least + span - 1));
    return b.cast(point ? b.create("Add", {whole, point}) : whole, to);
  }
  steps = b.create("Round", limited(steps, -span, span));
  steps = b.create("Add", {steps, point});
  return b.cast(limited(steps, first, first + span - 1), to);
}

Value shifted(OnnxBuilder &b, Value x, Value point, Type to) {
  Value wide = b.cast(x, to);
  return point ? b.create("Sub", {wide, b.cast(point, to)}) : wide;
}

Steps stepsOf(OnnxBuilder &b, Value x) {
  Type f32 = b.getBuilder().getF32Type();
  Value zero = b.scalar(f32, 0), last = b.scalar(f32, 255);
  auto reduce = [&](StringRef name) {
    return b.create(name, x, b.attr("keepdims", 0));
  };
  Value lowest = b.create("Min", {reduce("ReduceMin"), zero});
  Value highest = b.create("Max", {reduce("ReduceMax"), zero});
  Value scale = b.create("Div", {b.create("Sub", {highest, lowest}), last});
  Value isEmpty = b.create("Equal", {scale, zero}, b.getBuilder().getI1Type());
  scale = b.create("Where", {isEmpty, b.scalar(f32, 1), scale}, f32);
  // Beyond them either way all is the same below, and small numbers are rounded
  // in few instructions.
  Value least = b.scalar(f32, -256), most = b.scalar(f32, 256);
  auto steps = [&](Value part) {
    Value quotient = b.create("Div", {part, scale});
    return b.create("Round", b.create("Clip", {quotient, least, most}));
  };
  Value point = b.create("Clip", {b.create("Neg", steps(lowest)), zero, last});
  Value y = b.create("Add", {steps(x), point});
  return {b.create("Clip", {y, zero, last}), point, scale};
}

Value rounded(OnnxBuilder &b, Value x) {
  Steps steps = stepsOf(b, x);
  return b.create("Mul",
                  {b.create("Sub", {steps.value, steps.point}), steps.scale});
}

} // namespace dycc::quantization
