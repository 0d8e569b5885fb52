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
