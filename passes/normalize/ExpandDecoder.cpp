// What decoders of text have beside attention.
#include "passes/normalize/Expansions.h"
#include "passes/normalize/Quantization.h"

#include <limits>

using namespace mlir;

namespace dycc {
namespace {

constexpr int64_t kEnd = std::numeric_limits<int64_t>::max();

/// Rotates the features of [batch, heads, places, size], or of [batch, places,
/// heads, size].
class RotaryExpander {
public:
  RotaryExpander(OnnxBuilder &b, onnx::RotaryEmbeddingOp op)
      : b(b), op(op), type(atLeastF32(elementTypeOf(op.getX()))),
        headAxis(rankOf(op.getX()) == 4 ? 1 : 2) {}

  Value run() {
    Value x = b.cast(op.getX(), type);
    if (headAxis == 2)
      x = b.create("Reshape",
                   {x, b.ints({0, 0, int64_t(*op.getNumHeads()), -1})});
    Value first = features(x, 0), second = features(x, 1);
    Value cosine = angles(op.getCosCache()), sine = angles(op.getSinCache());
    Value real = b.create("Sub", {b.create("Mul", {cosine, first}),
                                  b.create("Mul", {sine, second})});
    Value imaginary = b.create("Add", {b.create("Mul", {sine, first}),
                                       b.create("Mul", {cosine, second})});
    Value y = join(real, imaginary);
    if (int64_t rotated = op.getRotaryEmbeddingDim())
      y = b.concat({y, b.slice(x, 3, rotated, kEnd)}, 3);
    if (headAxis == 2)
      y = b.create("Reshape", {y, b.ints({0, 0, -1})});
    return b.cast(y, elementTypeOf(op.getX()));
  }

private:
  /// One feature of each pair that is rotated. There are as many pairs as
  /// angles.
  Value features(Value x, int64_t number) {
    Value pairs = b.extent(op.getCosCache(), op.getPositionIds() ? 1 : 2);
    Value all = b.create("Mul", {pairs, b.ints(2)});
    Value begin = op.getInterleaved() || number == 0 ? b.ints(number) : pairs;
    Value end = op.getInterleaved() || number == 1 ? all : pairs;
    return b.create("Slice", {x, begin, end, b.ints(3),
                              b.ints(op.getInterleaved() ? 2 : 1)});
  }

  /// Of the places of `x`, for all heads.
  Value angles(Value cache) {
    if (op.getPositionIds())
      cache = b.create("Gather", {cache, op.getPositionIds()});
    return b.unsqueeze(b.cast(cache, type), headAxis);
  }

  Value join(Value real, Value imaginary) {
    if (!op.getInterleaved())
      return b.concat({real, imaginary}, 3);
    Value pairs =
        b.concat({b.unsqueeze(real, 4), b.unsqueeze(imaginary, 4)}, 4);
    return b.create("Reshape", {pairs, b.ints({0, 0, 0, -1})});
  }

  OnnxBuilder &b;
  onnx::RotaryEmbeddingOp op;
  Type type;
  int64_t headAxis;
};

/// A convolution of each channel of `x` with a weight of symbolic extents: what
/// the window sees at each place, times the weight.
Value convolvedAlongTime(OnnxBuilder &b, onnx::CausalConvWithStateOp op,
                         Value x) {
  Value taps = b.extent(op.getWeight(), 2), channels = b.extent(x, 1);
  Value first = b.unsqueeze(b.range(b.asScalar(b.extent(op.getInput(), 2))), 1);
  Value places = b.create("Add", {first, b.range(b.asScalar(taps))});
  Value seen = b.create("Gather", {x, places}, b.attr("axis", 2));
  Value weight = b.create(
      "Reshape", {op.getWeight(), b.concat({channels, b.ints(1), taps}, 0)});
  Value y = b.create("ReduceSum", {b.create("Mul", {seen, weight}), b.ints(3)},
                     b.attr("keepdims", 0));
  if (!op.getBias())
    return y;
  Value bias =
      b.create("Reshape", {op.getBias(), b.concat({channels, b.ints(1)}, 0)});
  return b.create("Add", {y, bias});
}

} // namespace

Value expand(OnnxBuilder &b, onnx::RotaryEmbeddingOp op) {
  std::optional<int64_t> rank = rankOf(op.getX());
  if (rank != 4 && (rank != 3 || op.getNumHeads().value_or(0) == 0))
    return {};
  return RotaryExpander(b, op).run();
}

Value expand(OnnxBuilder &b, onnx::SwiGLUOp op) {
  auto alpha = b.getBuilder().getNamedAttr("alpha", op.getAlphaAttr());
  return b.create("Mul", {b.create("Swish", op.getA(), alpha), op.getB()});
}

/// The type in which ScatterElements has elements of such a type, exactly: the
/// one itself but below a byte, and of floats of 8 bits.
static Type scatteredType(Type type) {
  if (quantization::isNarrowFloat(type))
    return Float32Type::get(type.getContext());
  if (quantization::isInteger(type, 4))
    return IntegerType::get(type.getContext(), 8,
                            cast<IntegerType>(type).getSignedness());
  return type;
}

/// A scatter along the axis; the places of an element of the batch follow one
/// another from its index on.
Value expand(OnnxBuilder &b, onnx::TensorScatterOp op) {
  std::optional<int64_t> rank = rankOf(op.getPastCache());
  if (!rank)
    return {};
  int64_t axis = op.getAxisAttr().getInt();
  axis += axis < 0 ? *rank : 0;
  if (axis < 1 || axis >= *rank)
    return {};
  Value places = b.range(b.squeeze(b.extent(op.getUpdate(), axis), 0));
  if (axis + 1 < *rank)
    places = b.create("Reshape", {places, [&] {
                                    SmallVector<int64_t> shape(*rank - axis, 1);
                                    shape.front() = -1;
                                    return b.ints(shape);
                                  }()});
  if (Value begin = op.getWriteIndices()) {
    SmallVector<int64_t> shape(*rank, 1);
    shape.front() = -1;
    places =
        b.create("Add", {b.create("Reshape", {begin, b.ints(shape)}), places});
  }
  if (op.getMode() == "circular")
    places = b.create("Mod", {places, b.extent(op.getPastCache(), axis)});
  places = b.create("Expand", {places, b.shape(op.getUpdate())});
  Type own = elementTypeOf(op.getPastCache()), moved = scatteredType(own);
  Value present = b.create(
      "ScatterElements",
      {b.cast(op.getPastCache(), moved), places, b.cast(op.getUpdate(), moved)},
      b.attr("axis", axis));
  return b.cast(present, own, b.attr("saturate", 0)); // Infinity stays.
}

/// A convolution of each channel over what came before and the input; the state
/// is what the next place needs of both.
Value expand(OnnxBuilder &b, onnx::CausalConvWithStateOp op) {
  auto weight = dyn_cast<RankedTensorType>(op.getWeight().getType());
  StringRef activation = op.getActivation();
  bool isActive = activation == "silu" || activation == "swish";
  if (!weight || weight.getRank() != 3 || (!isActive && activation != "none"))
    return {};
  Value places = b.create("Sub", {b.extent(op.getWeight(), 2), b.ints(1)});
  Value stateShape = b.concat(
      {b.extent(op.getInput(), 0), b.extent(op.getInput(), 1), places}, 0);
  // A Reshape, since it expects a state of as many elements.
  Value before = op.getPastState()
                     ? b.create("Reshape", {op.getPastState(), stateShape},
                                b.attr("allowzero", 1))
                     : b.filled(elementTypeOf(op.getInput()), 0, stateShape);
  Value x = b.concat({before, op.getInput()}, 2);
  b.replace(op.getPresentState(),
            b.create("Slice",
                     {x, b.extent(op.getInput(), 2), b.ints(kEnd), b.ints(2)}));
  Value y = weight.isDynamicDim(0)
                ? convolvedAlongTime(b, op, x)
                : b.create("Conv", {x, op.getWeight(), op.getBias()},
                           b.attr("group", weight.getDimSize(0)));
  return isActive ? b.create("Swish", y) : y;
}

} // namespace dycc
