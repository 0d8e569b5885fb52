#ifndef DYCC_CODEGEN_HALIDE_LOWERING_DOTPRODUCTS_H
#define DYCC_CODEGEN_HALIDE_LOWERING_DOTPRODUCTS_H

#include <Halide.h>
#include <optional>

namespace dycc::halide {

/// What stands on the left of a dot product.
enum class LeftSide {
  Plain,   ///< Four u8.
  Less128, ///< What these are less 128.
};

/// `sum` and the products of the four integers of `a` with the four s8 in `b`,
/// all of them i32.
Halide::Expr dotProduct(Halide::Expr sum, Halide::Expr a, Halide::Expr b,
                        LeftSide left);

/// One of those, in lowered code: vectors of sums and of groups.
struct DotProduct {
  Halide::Expr sum, a, b;
  bool isSigned; ///< The groups of `a` are s8, not u8.
};
/// `e`, if it is one.
std::optional<DotProduct> asDotProduct(const Halide::Expr &e);

/// What a machine has for them.
enum class DotProducts {
  Mixed,  ///< One instruction for four products of u8 by s8 and their sum.
  Signed, ///< The same for s8 by s8.
  Pairs,  ///< One for two products of 16 bits. (One for two of eight bits
          ///< would saturate their sum.)
};

/// Writes dot products in such instructions. Has to be called for a pipeline
/// that has some.
void addDotProducts(Halide::Pipeline &pipeline, DotProducts kind);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LOWERING_DOTPRODUCTS_H
