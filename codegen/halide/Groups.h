#ifndef DYCC_CODEGEN_HALIDE_GROUPS_H
#define DYCC_CODEGEN_HALIDE_GROUPS_H

#include "codegen/halide/KernelBuilder.h"
#include "codegen/halide/lowering/DotProducts.h"

namespace dycc::halide {

/// Of integers of eight bits what their products are summed up as.
const ElementType &sumsOfIntegers();

/// What is multiplied of the left side of an operator of integers.
LeftSide leftSideOf(mlir::Operation *op);
/// What each integer on that side is less before it is multiplied.
int less128(mlir::Operation *op);

/// Integers as such sums, one by one, each less `less`.
Tensor widened(KernelBuilder &builder, const Tensor &t, int less = 0);

/// Where element `place` of a whole group of `extent` lies, of elements up to
/// `last`. Halide would multiply the sum of it and a multiple of rows: an
/// address for each row and group in the place of one that goes on. (A promise
/// that only bounds inference reads leaves it such a sum.)
Halide::Expr placeInGroup(const Halide::Expr &group, int extent, int place,
                          const Halide::Expr &last);

/// Groups of as many integers of 8 or 16 bits as an i32 holds along `axis`, of
/// which there are `depth`: see dotProduct(). What
/// stands for integers behind the last one may be anything; with `hasWhole`
/// there is memory to read for them.
Tensor grouped(KernelBuilder &builder, const Tensor &t, int axis,
               dyn::ExprAttr depth, bool hasWhole);

/// One integer of eight bits in all places of a group.
Halide::Expr repeated(const Halide::Expr &integer);

/// Whether an operator multiplies pairs of bf16: weights that lie so.
bool multipliesPairs(const KernelBuilder &builder,
                     const std::optional<PanelTensor> &weights);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_GROUPS_H
