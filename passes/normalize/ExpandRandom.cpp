// Random numbers as functions of some that are equally distributed in [0, 1),
// which the runtime draws.
#include "passes/normalize/Expansions.h"

#include <numbers>

using namespace mlir;

namespace dycc {
namespace {

/// Draws in f64 for results of that type, else in f32.
class Draws {
public:
  /// Each draw has the attributes `shape` and `seed` of `op`, or the shape of
  /// its operand. `result` is an element type.
  Draws(OnnxBuilder &b, Operation *op, Value like, Type result)
      : b(b), like(like),
        type(result.isF64() ? result : Type(b.getBuilder().getF32Type())) {
    for (StringRef name : {"seed", "shape"})
      if (Attribute attribute = op->getAttr(name))
        kept.push_back(b.getBuilder().getNamedAttr(name, attribute));
    kept.push_back(b.attr("dtype", type.isF64() ? 11 : 1));
  }

  Value uniform() {
    if (like)
      return b.create("RandomUniformLike", like, type, kept);
    return b.create("RandomUniform", {}, type, kept);
  }

  /// By the method of Box and Muller, of mean 0 and deviation 1.
  Value normal() {
    Value radius = b.create("Log", b.create("Sub", {number(1), uniform()}));
    radius = b.create("Sqrt", b.create("Mul", {radius, number(-2)}));
    Value angle = b.create("Mul", {uniform(), number(2 * std::numbers::pi)});
    return b.create("Mul", {radius, b.create("Cos", angle)});
  }

  Value number(double value) { return b.scalar(type, value); }
  Value scaled(Value x, double factor, double offset) {
    return b.create("Add",
                    {b.create("Mul", {x, number(factor)}), number(offset)});
  }

private:
  OnnxBuilder &b;
  Value like;
  Type type;
  SmallVector<NamedAttribute> kept;
};

/// A draw that the runtime makes as it is.
template <typename Op>
bool isPlain(Op op) {
  Type type = elementTypeOf(op.getOutput());
  return op.getLow().convertToDouble() == 0 &&
         op.getHigh().convertToDouble() == 1 && (type.isF32() || type.isF64());
}

template <typename Op>
Value expandUniform(OnnxBuilder &b, Op op, Value like) {
  if (isPlain(op))
    return {};
  Type result = elementTypeOf(op.getOutput());
  Draws draws(b, op, like, result);
  double low = op.getLow().convertToDouble();
  double high = op.getHigh().convertToDouble();
  return b.cast(draws.scaled(draws.uniform(), high - low, low), result);
}

template <typename Op>
Value expandNormal(OnnxBuilder &b, Op op, Value like) {
  Type result = elementTypeOf(op.getOutput());
  Draws draws(b, op, like, result);
  return b.cast(draws.scaled(draws.normal(), op.getScale().convertToDouble(),
                             op.getMean().convertToDouble()),
                result);
}

} // namespace

Value expand(OnnxBuilder &b, onnx::RandomUniformOp op) {
  return expandUniform(b, op, {});
}

Value expand(OnnxBuilder &b, onnx::RandomUniformLikeOp op) {
  return expandUniform(b, op, op.getInput());
}

Value expand(OnnxBuilder &b, onnx::RandomNormalOp op) {
  return expandNormal(b, op, {});
}

Value expand(OnnxBuilder &b, onnx::RandomNormalLikeOp op) {
  return expandNormal(b, op, op.getInput());
}

Value expand(OnnxBuilder &b, onnx::BernoulliOp op) {
  Type type = elementTypeOf(op.getInput());
  Draws draws(b, op, op.getInput(), type);
  Value number = draws.uniform();
  Value isOne =
      b.create("Less", {number, b.cast(op.getInput(), elementTypeOf(number))},
               b.getBuilder().getI1Type());
  return b.cast(isOne, elementTypeOf(op.getOutput()));
}

/// Zero for the share `ratio` of the elements; the others are as much larger.
/// In a run without training all elements are others, and as large as they
/// were.
Value expandTraining(OnnxBuilder &b, onnx::DropoutOp op) {
  Value x = op.getData();
  Type type = elementTypeOf(x), boolean = b.getBuilder().getI1Type();
  Draws draws(b, op, x, type);
  Value number = draws.uniform(), one = draws.number(1), ratio;
  Type precise = elementTypeOf(number);
  ratio = op.getRatio() ? b.asScalar(b.cast(op.getRatio(), precise))
                        : draws.number(0.5);
  Value isTraining = b.asScalar(op.getTrainingMode());
  ratio = b.create("Where", {isTraining, ratio, draws.number(0)}, precise);
  Value isKept = b.create("GreaterOrEqual", {number, ratio}, boolean);
  Value factor = b.create("Div", {one, b.create("Sub", {one, ratio})});
  Value larger = b.create("Mul", {b.cast(x, precise), factor});
  if (op.getMask())
    b.replace(op.getMask(), isKept);
  return b.create("Where", {isKept, b.cast(larger, type), b.scalar(type, 0)},
                  type);
}

/// The class whose share of the summed probabilities a number falls into.
Value expand(OnnxBuilder &b, onnx::MultinomialOp op) {
  Type f32 = b.getBuilder().getF32Type(), i64 = b.getBuilder().getI64Type();
  int64_t samples = op.getSampleSizeAttr().getInt();
  Value weights =
      b.create("Softmax", b.cast(op.getInput(), f32), b.attr("axis", 1));
  Value shares = b.create("CumSum", {weights, b.scalar(i64, 1)});
  Value sum = b.slice(shares, 1, -1, std::numeric_limits<int64_t>::max());
  Value like = b.filled(
      f32, 0, b.concat({b.extent(op.getInput(), 0), b.ints(samples)}, 0));
  Value numbers = b.create("Mul", {Draws(b, op, like, f32).uniform(), sum});
  Value isBelow =
      b.create("LessOrEqual", {b.unsqueeze(shares, 1), b.unsqueeze(numbers, 2)},
               b.getBuilder().getI1Type());
  Value place = b.create("ReduceSum", {b.cast(isBelow, i64), b.ints(2)},
                         b.attr("keepdims", 0));
  Value last = b.create("Sub", {b.extent(op.getInput(), 1), b.ints(1)});
  return b.cast(b.create("Min", {place, last}), elementTypeOf(op.getOutput()));
}

} // namespace dycc
