// A division takes as long as some ten products. Rounding makes steps of its
// results, which begin at certain numbers: whether products begin them at the
// same ones can be looked at, one by one.
#include "codegen/halide/QuantizedSteps.h"

#include "codegen/halide/Float.h"
#include "codegen/halide/Operands.h"
#include "dialects/onnx/OnnxOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/bit.h"

#include <array>
#include <cmath>

using Halide::Expr;
using Halide::Internal::make_const;
using mlir::Value;

namespace dycc::halide {
namespace {

/// Steps that f32 has many numbers between, so that a whole number of them is
/// such a number again when it was multiplied by the scale and divided.
constexpr int mostSteps = 1 << 16;

std::optional<int> stepOf(Value value) {
  double number = constantNumber(value).value_or(INFINITY);
  if (!(std::abs(number) <= mostSteps) || number != std::trunc(number))
    return std::nullopt;
  return static_cast<int>(number);
}

/// Takes off the sum with a zero point, which it gives.
int takePoint(Value &value) {
  auto add = value.getDefiningOp<onnx::AddOp>();
  auto point = add ? stepOf(add.getB()) : std::nullopt;
  if (!point)
    return 0;
  value = add.getA();
  return *point;
}

/// A scale for which nothing here is too large or too small for f32.
std::optional<float> scaleOf(Value value) {
  auto scale = static_cast<float>(constantNumber(value).value_or(0));
  bool fits = scale >= 0x1p-80F && scale <= 0x1p80F;
  return fits ? std::optional(scale) : std::nullopt;
}

/// Seven neighbours, of which the middle one is `x`.
std::array<float, 7> around(float x) {
  std::array<float, 7> numbers{};
  numbers[3] = x;
  for (size_t i = 3; i-- > 0;)
    numbers[i] = std::nextafter(numbers[i + 1], -INFINITY);
  for (size_t i = 4; i < numbers.size(); ++i)
    numbers[i] = std::nextafter(numbers[i - 1], INFINITY);
  return numbers;
}

} // namespace

std::optional<float> reciprocalOf(float scale, int least, int most) {
  float reciprocal = 1 / scale;
  auto byProducts = [&](float x) {
    int32_t bits = llvm::bit_cast<int32_t>(x * reciprocal) & -2;
    auto near = llvm::bit_cast<float>(bits);
    float left = std::fma(near, -scale, x);
    return std::nearbyint(std::fma(left, reciprocal, near));
  };
  // Both ways never go down from one number to the next: where they agree
  // around the number at which a step begins, they do so up to the next one.
  for (int step = least; step < most; ++step) {
    auto numbers = around(static_cast<float>((step + 0.5) * double(scale)));
    for (float x : numbers)
      if (byProducts(x) != std::nearbyint(x / scale))
        return std::nullopt;
    if (byProducts(numbers.front()) != step ||
        byProducts(numbers.back()) != step + 1)
      return std::nullopt;
  }
  return reciprocal;
}

std::optional<QuantizedSteps> QuantizedSteps::of(Value value) {
  if (!mlir::getElementTypeOrSelf(value.getType()).isF32())
    return std::nullopt;
  int point = takePoint(value);
  auto round = value.getDefiningOp<onnx::RoundOp>();
  auto clip = round ? round.getX().getDefiningOp<onnx::ClipOp>() : nullptr;
  auto least = clip ? stepOf(clip.getMin()) : std::nullopt;
  auto most = clip ? stepOf(clip.getMax()) : std::nullopt;
  if (!least || !most || *least > *most)
    return std::nullopt;
  QuantizedSteps steps{clip.getInput(), std::nullopt, *least, *most, point};
  auto quotient = steps.real.getDefiningOp<onnx::DivOp>();
  steps.scale = quotient ? scaleOf(quotient.getB()) : std::nullopt;
  if (steps.scale)
    steps.real = quotient.getA();
  return steps;
}

Expr QuantizedSteps::at(Expr x) const {
  // A sum whose last bit is worth 1 has the whole number in its bits.
  constexpr float magic = 0x1.8p23F;
  constexpr int magicBits = 0x4b400000;
  return let(std::move(x), [&](const Expr &x) {
    // What a limit is divided to is rounded to the limit. (Of NaN it is one.)
    float worth = scale.value_or(1);
    auto limit = [&](int step) {
      return Expr(static_cast<float>(step) * worth);
    };
    Expr limited = minOfNumbers(maxOfNumbers(limit(least), x), limit(most));
    Expr number = !scale ? limited : let(limited, [&](const Expr &limited) {
      auto reciprocal = reciprocalOf(*scale, least, most);
      return reciprocal ? quotient(limited, *scale, *reciprocal)
                        : strict(limited / *scale);
    });
    Expr bits = Halide::reinterpret<int32_t>(strict(number + magic));
    return select(isNaN(x), 0, bits + (point - magicBits));
  });
}

} // namespace dycc::halide
