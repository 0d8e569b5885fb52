// Reading between the elements of a tensor.
#ifndef DYCC_CODEGEN_HALIDE_OPERATORS_INTERPOLATION_H
#define DYCC_CODEGEN_HALIDE_OPERATORS_INTERPOLATION_H

#include "codegen/halide/Tensor.h"

namespace dycc::halide {

/// One element that counts, along one axis.
struct Tap {
  Halide::Expr position; ///< An int32.
  Halide::Expr weight;   ///< An f32; undefined is 1.
};

/// The cubic of coefficient `a` at distance `d`, which is not negative; 0 from
/// 2 on.
Halide::Expr cubicWeight(Halide::Expr d, float a);

/// The neighbours of `position` (an f32) along an axis of `extent`, not limited
/// to it: two, or four by the cubic of coefficient `a`.
std::vector<Tap> interpolationTaps(Halide::Expr position, Halide::Expr extent,
                                   bool cubic, float a);

/// Takes the weight off what lies outside and scales the rest to a sum of 1.
void excludeOutside(std::vector<Tap> &taps, Halide::Expr extent);

/// An element as it is interpolated with: f64 stays, the others are f32.
Halide::Expr toFloat(Halide::Expr element);
/// And back, integers by truncation.
Halide::Expr fromFloat(Halide::Expr value, const ElementType &type);
/// And back, integers rounded and limited to their type.
Halide::Expr roundFromFloat(Halide::Expr value, const ElementType &type);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_OPERATORS_INTERPOLATION_H
