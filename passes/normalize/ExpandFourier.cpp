// Fourier transforms as products with a matrix of cosines. A number is its real
// and its imaginary part, in an axis of their own behind the transformed one.
// Sums are in f64: those of a fast transform are shorter, and so more exact.
#include "passes/normalize/Expansions.h"

#include <cmath>
#include <numbers>

using namespace mlir;

namespace dycc {
namespace {

/// A scalar of i64, and its value where that is known.
struct Count {
  Value value;
  std::optional<int64_t> known;
};

Count countOf(OnnxBuilder &b, Value number) {
  ElementsAttr constant = constantOf(number);
  Count count{b.cast(b.asScalar(number), b.getBuilder().getI64Type()), {}};
  if (constant && constant.getNumElements() == 1)
    count.known = (*constant.getValues<APInt>().begin()).getSExtValue();
  return count;
}

Count extentOf(OnnxBuilder &b, Value x, int64_t axis) {
  auto type = cast<RankedTensorType>(x.getType());
  Count count{b.squeeze(b.extent(x, axis), 0), {}};
  if (!type.isDynamicDim(axis))
    count.known = type.getDimSize(axis);
  return count;
}

class Fourier {
public:
  Fourier(OnnxBuilder &b, Type result, Count length, bool inverse,
          bool onesided)
      : b(b), result(result), type(b.getBuilder().getF64Type()),
        i64(b.getBuilder().getI64Type()), length(length), inverse(inverse),
        onesided(onesided) {}

  /// How many places along the transformed axis of its operand matter: the
  /// others follow from them in the spectrum of real numbers.
  Count rows() { return inverse && onesided ? half() : length; }

  /// Transforms axis -2 of `x`, which has `rows` places there and numbers of
  /// `parts` parts behind it.
  Value transform(Value x, int64_t rank, Count parts) {
    int64_t to = inverse && onesided ? 1 : 2;
    Value factors = matrix(rows(), parts, columns(), to);
    SmallVector<int64_t> shape(rank - 2, 0);
    shape.push_back(-1);
    Value flat = b.create("Reshape", {b.cast(x, type), b.ints(shape)});
    shape.push_back(to);
    Value y = b.create("MatMul", {flat, factors});
    return b.cast(b.create("Reshape", {y, b.ints(shape)}), result);
  }

private:
  /// That many are written out in the model.
  static constexpr int64_t kMostElements = 1 << 19;

  Count columns() { return !inverse && onesided ? half() : length; }

  Count half() {
    Count count{b.create("Add", {b.create("Div", {length.value, number(2)}),
                                 number(1)}),
                {}};
    if (length.known)
      count.known = *length.known / 2 + 1;
    return count;
  }

  Value number(int64_t n) { return b.scalar(i64, static_cast<double>(n)); }

  /// Factors of row (n, part p) and column (k, part q): a turn of n k / length,
  /// and a quarter for each imaginary part. Angles are multiples of a quarter
  /// of 1 / length, so that nothing is rounded before the cosine.
  Value matrix(Count rows, Count from, Count columns, int64_t to) {
    if (length.known.value_or(0) > 0 && from.known &&
        *rows.known * *from.known * *columns.known * to <= kMostElements)
      return knownMatrix(*rows.known, *from.known, *columns.known, to);
    Value n = unsqueeze(b.range(rows.value), {1, 2, 3});
    Value k = unsqueeze(b.range(columns.value), {1});
    Value p = unsqueeze(b.range(from.value), {1, 2}), q = b.range(number(to));
    Value quarters =
        inverse ? b.create("Sub", {p, q}) : b.create("Sub", {q, p});
    Value turn =
        b.create("Add", {b.create("Mul", {b.create("Mul", {n, k}), number(4)}),
                         b.create("Mul", {quarters, length.value})});
    turn = b.create("Mod", {turn, b.create("Mul", {length.value, number(4)})});
    Value extent = b.cast(length.value, type);
    Value unit =
        b.create("Div", {b.scalar(type, std::numbers::pi / 2), extent});
    Value cosines =
        b.create("Where",
                 {isQuarter(turn), b.scalar(type, 0),
                  b.create("Cos", b.create("Mul", {b.cast(turn, type), unit}))},
                 type);
    if (inverse)
      cosines = b.create("Div", {scaled(cosines, n), extent});
    Value height = b.create("Mul", {rows.value, from.value});
    Value width = b.create("Mul", {columns.value, number(to)});
    // What half a spectrum of one number came from has no length.
    return b.create(
        "Reshape",
        {cosines, b.concat({b.unsqueeze(height, 0), b.unsqueeze(width, 0)}, 0)},
        b.attr("allowzero", 1));
  }

  /// Whether a turn, which is not negative, ends at a right angle: the cosine
  /// of its rounded angle would not be 0, and parts that cancel leave a rest.
  Value isQuarter(Value turn) {
    Value half = b.create("Mul", {length.value, number(2)});
    return b.create("Equal", {b.create("Mod", {turn, half}), length.value},
                    b.getBuilder().getI1Type());
  }

  /// Of half a spectrum all but its ends count for two.
  Value scaled(Value cosines, Value n) {
    if (!onesided)
      return cosines;
    Value twice = b.create("Mul", {n, number(2)});
    Value isEnd =
        b.create("Equal", {b.create("Mod", {twice, length.value}), number(0)},
                 b.getBuilder().getI1Type());
    Value factor =
        b.create("Where", {isEnd, b.scalar(type, 1), b.scalar(type, 2)}, type);
    return b.create("Mul", {cosines, factor});
  }

  Value knownMatrix(int64_t rows, int64_t from, int64_t columns, int64_t to) {
    int64_t count = *length.known;
    SmallVector<double> values;
    for (int64_t n = 0; n < rows; ++n)
      for (int64_t p = 0; p < from; ++p)
        for (int64_t k = 0; k < columns; ++k)
          for (int64_t q = 0; q < to; ++q) {
            int64_t turn =
                4 * (n * k % count) + (inverse ? p - q : q - p) * count;
            bool isQuarter = std::abs(turn) % (2 * count) == count;
            double value = isQuarter ? 0
                                     : std::cos(std::numbers::pi / 2 *
                                                static_cast<double>(turn) /
                                                static_cast<double>(count));
            if (inverse)
              value /= static_cast<double>(count);
            if (inverse && onesided && 2 * n % count != 0)
              value *= 2;
            values.push_back(value);
          }
    auto shaped = RankedTensorType::get({rows * from, columns * to}, type);
    return b.constant(DenseElementsAttr::get(shaped, ArrayRef(values)));
  }

  Value unsqueeze(Value x, ArrayRef<int64_t> axes) {
    return b.create("Unsqueeze", {x, b.ints(axes)});
  }

  OnnxBuilder &b;
  Type result, type, i64;
  Count length;
  bool inverse, onesided;
};

/// `x` with `count` places along `axis`: cut, or filled with zeros.
Value fitted(OnnxBuilder &b, Value x, int64_t axis, Value count) {
  Value to = b.unsqueeze(count, 0), along = b.ints(axis);
  Value missing = b.create("Sub", {to, b.extent(x, axis)});
  Value after = b.create("Max", {missing, b.ints(0)});
  Value cut = b.create("Slice", {x, b.ints(0), to, along});
  return b.create("Pad",
                  {cut, b.concat({b.ints(0), after}, 0), Value(), along});
}

/// The axis of a DFT, from the front, -1 where only the run knows it; nothing
/// where there is no such axis.
std::optional<int64_t> axisOf(onnx::DFTOp op, int64_t rank) {
  int64_t axis = -2;
  if (op.getAxis()) {
    auto given = intsOf(op.getAxis());
    if (!given)
      return -1;
    if (given->size() != 1)
      return std::nullopt;
    axis = given->front();
  }
  axis += axis < 0 ? rank : 0;
  return axis < 0 || axis > rank - 2 ? std::nullopt : std::optional(axis);
}

Value transformAlong(OnnxBuilder &b, onnx::DFTOp op, int64_t rank,
                     int64_t axis) {
  Value x = op.getInput();
  Count parts = extentOf(b, x, rank - 1);
  Type i64 = b.getBuilder().getI64Type();
  bool fromHalf = op.getInverse() && op.getOnesided();
  Count length =
      op.getDftLength() ? countOf(b, op.getDftLength()) : extentOf(b, x, axis);
  if (fromHalf && !op.getDftLength()) {
    Value without = b.create("Sub", {length.value, b.scalar(i64, 1)});
    length.value = b.create("Mul", {without, b.scalar(i64, 2)});
    if (length.known)
      *length.known = 2 * (*length.known - 1);
  }
  Fourier fourier(b, elementTypeOf(x), length, op.getInverse(),
                  op.getOnesided());
  SmallVector<int64_t> order;
  for (int64_t i = 0; i < rank; ++i)
    order.push_back(i);
  std::swap(order[axis], order[rank - 2]);
  if (op.getDftLength())
    x = fitted(b, x, axis, fourier.rows().value);
  bool isMoved = axis != rank - 2;
  Value y = fourier.transform(isMoved ? b.transpose(x, order) : x, rank, parts);
  return isMoved ? b.transpose(y, order) : y;
}

/// A branch for each axis from `first` on but the last, whose numbers are the
/// parts of one. `axis` counts from the front.
Value transformAnyOf(OnnxBuilder &b, onnx::DFTOp op, int64_t rank, Value axis,
                     int64_t first) {
  if (first == rank - 2)
    return transformAlong(b, op, rank, first);
  Type i64 = b.getBuilder().getI64Type();
  Value isThis =
      b.create("Equal", {axis, b.scalar(i64, static_cast<double>(first))},
               b.getBuilder().getI1Type());
  return b.choose(
      isThis, elementTypeOf(op.getInput()),
      [&] { return transformAlong(b, op, rank, first); },
      [&] { return transformAnyOf(b, op, rank, axis, first + 1); });
}

/// The axis that only the run knows, from the front. A table of those that
/// there are says, when it is read, that it is one of them.
Value checkedAxis(OnnxBuilder &b, Value given, int64_t rank) {
  Type i64 = b.getBuilder().getI64Type();
  Value axis = countOf(b, given).value, zero = b.scalar(i64, 0);
  Value none = b.scalar(i64, static_cast<double>(rank));
  auto isNegative = [&](Value x) {
    return b.create("Less", {x, zero}, b.getBuilder().getI1Type());
  };
  Value fromEnd = b.create("Add", {axis, none});
  axis = b.create("Where", {isNegative(axis), fromEnd, axis}, i64);
  axis = b.create("Where", {isNegative(axis), none, axis}, i64);
  SmallVector<int64_t> axes;
  for (int64_t i = 0; i < rank - 1; ++i)
    axes.push_back(i);
  return b.create("Gather", {b.ints(axes), axis});
}

} // namespace

Value expand(OnnxBuilder &b, onnx::DFTOp op) {
  std::optional<int64_t> rank = rankOf(op.getInput());
  if (!rank || *rank < 2)
    return {};
  auto axis = axisOf(op, *rank);
  if (!axis)
    return {};
  if (*axis >= 0)
    return transformAlong(b, op, *rank, *axis);
  return transformAnyOf(b, op, *rank, checkedAxis(b, op.getAxis(), *rank), 0);
}

/// Frames are rows that a table of places gathers. Exporters write real signals
/// without an axis for the parts of a number.
Value expand(OnnxBuilder &b, onnx::STFTOp op) {
  Value signal = op.getSignal();
  std::optional<int64_t> rank = rankOf(signal);
  if (rank != 2 && rank != 3)
    return {};
  Count parts = rank == 3 ? extentOf(b, signal, 2)
                          : Count{b.scalar(b.getBuilder().getI64Type(), 1), 1};
  Type i64 = b.getBuilder().getI64Type();
  Count length = op.getFrameLength() ? countOf(b, op.getFrameLength())
                 : op.getWindow() && rankOf(op.getWindow()) == 1
                     ? extentOf(b, op.getWindow(), 0)
                     : extentOf(b, signal, 1);
  Value step = countOf(b, op.getFrameStep()).value;
  Value left = b.create("Sub", {extentOf(b, signal, 1).value, length.value});
  Value frames =
      b.create("Add", {b.create("Div", {left, step}), b.scalar(i64, 1)});
  Value begin = b.unsqueeze(b.create("Mul", {b.range(frames), step}), 1);
  Value places = b.create("Add", {begin, b.range(length.value)});
  Value x = b.create("Gather", {signal, places}, b.attr("axis", 1));
  if (rank == 2)
    x = b.unsqueeze(x, 3);
  if (Value window = op.getWindow())
    x = b.create("Mul", {x, b.unsqueeze(window, 1)});
  Fourier fourier(b, elementTypeOf(signal), length, /*inverse=*/false,
                  op.getOnesided());
  return fourier.transform(x, 4, parts);
}

} // namespace dycc
