// Vectors and matrices of signal processing that follow from a few numbers.
#include "passes/normalize/Expansions.h"

#include <cmath>
#include <numbers>

using namespace mlir;

namespace dycc {
namespace {

/// f64 where the result is that, else f32.
Type computedType(OnnxBuilder &b, Type result) {
  return result.isF64() ? result : Type(b.getBuilder().getF32Type());
}

/// The sum of `factors`[i] cos(2 pi i n / count), for n from 0 on.
template <typename Op>
Value cosineWindow(OnnxBuilder &b, Op op, ArrayRef<double> factors) {
  Type result = elementTypeOf(op.getOutput()), type = computedType(b, result);
  Value size = b.cast(b.asScalar(op.getSize()), b.getBuilder().getI64Type());
  Value count = b.cast(size, type);
  if (!op.getPeriodic())
    count = b.create("Sub", {count, b.scalar(type, 1)});
  Value turns = b.create("Div", {b.cast(b.range(size), type), count});
  Value sum = b.scalar(type, factors[0]);
  for (size_t i = 1; i < factors.size(); ++i) {
    Value turn = b.scalar(type, 2 * std::numbers::pi * static_cast<double>(i));
    Value wave = b.create("Cos", b.create("Mul", {turns, turn}));
    sum = b.create("Add",
                   {b.create("Mul", {wave, b.scalar(type, factors[i])}), sum});
  }
  return b.cast(sum, result);
}

/// The weights of a bank of triangles on the mel scale, in f64.
class MelExpander {
public:
  MelExpander(OnnxBuilder &b, onnx::MelWeightMatrixOp op)
      : b(b), op(op), f64(b.getBuilder().getF64Type()),
        i64(b.getBuilder().getI64Type()) {}

  Value run() {
    Value bands = integer(op.getNumMelBins());
    Value edges = placesOf(b.create("Add", {bands, b.scalar(i64, 2)}));
    Value low = part(edges, 0, -2), centre = part(edges, 1, -1),
          high = part(edges, 2, std::numeric_limits<int64_t>::max());
    Value bins = b.create(
        "Add", {b.create("Div", {integer(op.getDftLength()), b.scalar(i64, 2)}),
                b.scalar(i64, 1)});
    Value bin = b.unsqueeze(b.range(bins), 1);
    Value rising =
        quotient(b.create("Sub", {bin, low}), b.create("Sub", {centre, low}));
    rising = within(bin, low, centre, "LessOrEqual", rising);
    // It ends where the falling side begins; one without a width is 1 there.
    rising = b.create(
        "Where", {equal(low, centre), b.cast(equal(bin, centre), f64), rising},
        f64);
    Value falling =
        quotient(b.create("Sub", {high, bin}), b.create("Sub", {high, centre}));
    falling = within(bin, centre, high, "Less", falling);
    Value isFalling = b.create("Greater", {falling, b.scalar(f64, 0)},
                               b.getBuilder().getI1Type());
    Value weights = b.create("Where", {isFalling, falling, rising}, f64);
    return b.cast(weights, elementTypeOf(op.getOutput()));
  }

private:
  Value integer(Value x) { return b.cast(b.asScalar(x), i64); }
  Value real(Value x) { return b.cast(b.asScalar(x), f64); }
  Value number(double x) { return b.scalar(f64, x); }
  Value part(Value x, int64_t begin, int64_t end) {
    return b.slice(x, 0, begin, end);
  }
  Value equal(Value x, Value y) {
    return b.create("Equal", {x, y}, b.getBuilder().getI1Type());
  }

  Value quotient(Value x, Value y) {
    return b.create("Div", {b.cast(x, f64), b.cast(y, f64)});
  }

  /// `value` where `lower` <= `bin` and `bin` is `below` `upper`, else 0.
  Value within(Value bin, Value lower, Value upper, StringRef below,
               Value value) {
    Type boolean = b.getBuilder().getI1Type();
    Value inside =
        b.create("And", {b.create("GreaterOrEqual", {bin, lower}, boolean),
                         b.create(below, {bin, upper}, boolean)});
    return b.create("Where", {inside, value, number(0)}, f64);
  }

  Value melOf(Value hertz) {
    Value ratio = b.create("Div", {real(hertz), number(700)});
    Value logarithm = b.create("Log", b.create("Add", {ratio, number(1)}));
    return b.create("Mul", {logarithm, number(2595 / std::log(10.0))});
  }

  /// The bins of `count` frequencies that are equally far apart in mel.
  Value placesOf(Value count) {
    Value from = melOf(op.getLowerEdgeHertz()),
          to = melOf(op.getUpperEdgeHertz());
    Value step = quotient(b.create("Sub", {to, from}), count);
    Value mel = b.create(
        "Add", {b.create("Mul", {b.cast(b.range(count), f64), step}), from});
    Value power =
        b.create("Exp", b.create("Mul", {mel, number(std::log(10.0) / 2595)}));
    Value hertz =
        b.create("Mul", {b.create("Sub", {power, number(1)}), number(700)});
    Value length = b.create("Add", {real(op.getDftLength()), number(1)});
    Value bin = b.create(
        "Div", {b.create("Mul", {hertz, length}), real(op.getSampleRate())});
    return b.cast(b.create("Floor", bin), i64);
  }

  OnnxBuilder &b;
  onnx::MelWeightMatrixOp op;
  Type f64, i64;
};

} // namespace

Value expand(OnnxBuilder &b, onnx::HannWindowOp op) {
  return cosineWindow(b, op, {0.5, -0.5});
}

Value expand(OnnxBuilder &b, onnx::HammingWindowOp op) {
  return cosineWindow(b, op, {25.0 / 46, -21.0 / 46});
}

Value expand(OnnxBuilder &b, onnx::BlackmanWindowOp op) {
  return cosineWindow(b, op, {0.42, -0.5, 0.08});
}

Value expand(OnnxBuilder &b, onnx::MelWeightMatrixOp op) {
  return MelExpander(b, op).run();
}

} // namespace dycc
