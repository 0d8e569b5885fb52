#include "codegen/halide/operators/Interpolation.h"

#include "codegen/halide/Float.h"

using Halide::cast;
using Halide::Expr;
using Halide::select;

namespace dycc::halide {
namespace {

/// The cubic's weight at distance `d` below 1, and from 1 to 2.
Expr nearWeight(Expr d, float a) {
  return strict(((a + 2.0f) * d - (a + 3.0f)) * d * d + 1.0f);
}
Expr farWeight(Expr d, float a) {
  return strict(((a * d - 5.0f * a) * d + 8.0f * a) * d - 4.0f * a);
}

} // namespace

Expr cubicWeight(Expr d, float a) {
  Expr beyond = select(isLess(d, 2.0f), farWeight(d, a), 0.0f);
  return select(isLessEqual(d, 1.0f), nearWeight(d, a), beyond);
}

std::vector<Tap> interpolationTaps(Expr position, Expr extent, bool cubic,
                                   float a) {
  Expr below = Halide::floor(position);
  // Far outside all taps are the edge: limited, so that sums do not overflow.
  Expr first = Halide::clamp(toInteger(below, Halide::Int(32)), -4, extent + 4);
  Expr rest = strict(position - below);
  if (!cubic)
    return {{first, strict(1.0f - rest)}, {first + 1, rest}};
  return {{first - 1, farWeight(rest + 1.0f, a)},
          {first, nearWeight(rest, a)},
          {first + 1, nearWeight(strict(1.0f - rest), a)},
          {first + 2, farWeight(strict(2.0f - rest), a)}};
}

void excludeOutside(std::vector<Tap> &taps, Expr extent) {
  Expr sum = 0.0f;
  for (Tap &tap : taps) {
    Expr inside = tap.position >= 0 && tap.position < extent;
    tap.weight = select(inside, tap.weight, 0.0f);
    sum = strict(sum + tap.weight);
  }
  for (Tap &tap : taps)
    tap.weight = strict(tap.weight / sum);
}

Expr toFloat(Expr element) {
  return element.type() == Halide::Float(64) ? element : cast<float>(element);
}

Expr fromFloat(Expr value, const ElementType &type) {
  if (type.isFloat() || value.type() == type.computed)
    return value;
  if (type.isBool())
    return !isEqual(value, 0.0f);
  return toInteger(value, type.computed);
}

Expr roundFromFloat(Expr value, const ElementType &type) {
  if (type.isFloat() || type.isBool())
    return fromFloat(value, type);
  Expr rounded = math::roundEven(value);
  if (type.computed.bits() < 32) { // Else the conversion itself saturates.
    auto limit = [&](Expr bound) { return cast(value.type(), bound); };
    rounded = minNaN(maxNaN(rounded, limit(type.computed.min())),
                     limit(type.computed.max()));
  }
  return toInteger(rounded, type.computed);
}

} // namespace dycc::halide
