#ifndef DYCC_CODEGEN_HALIDE_LOWERING_DOTPRODUCTS_H
#define DYCC_CODEGEN_HALIDE_LOWERING_DOTPRODUCTS_H

#include <Halide.h>
#include <optional>

namespace dycc::halide {

/// What stands on the left of a dot product.
enum class LeftSide {
  Plain,   ///< Four u8.
  Less128, ///< What these are less 128.
  Bf16,    ///< Two bf16, as on the right.
};

/// The type of sums of such products: i32, of bf16 f32.
Halide::Type sumsOf(LeftSide left);

/// `sum` and the products of the elements in `a` with those in `b`, each of
/// them an i32: of four integers with four s8, or of two bf16 with two.
Halide::Expr dotProduct(Halide::Expr sum, Halide::Expr a, Halide::Expr b,
                        LeftSide left);

/// One of those of integers, in lowered code: vectors of sums and of groups.
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

/// Writes dot products in such instructions, and those of bf16 in one for two
/// products of a sum, or in f32 where `hasBf16` is false. Has to be called for
/// a pipeline that has some.
void addDotProducts(Halide::Pipeline &pipeline, DotProducts kind, bool hasBf16);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LOWERING_DOTPRODUCTS_H
