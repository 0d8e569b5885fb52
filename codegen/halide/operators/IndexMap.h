// Operators that move elements: each element of the result is one element of
// an operand, or a constant. Their definitions are maps of indices; what reads
// an index that data gave, or one that may lie outside, limits it first.
#ifndef DYCC_CODEGEN_HALIDE_OPERATORS_INDEXMAP_H
#define DYCC_CODEGEN_HALIDE_OPERATORS_INDEXMAP_H

#include "codegen/halide/KernelBuilder.h"
#include "codegen/halide/Registry.h"

namespace dycc::halide {

/// An index tensor's element along an axis of `extent`: negative ones count
/// from the end, those outside are limited to the axis. An int32.
Halide::Expr indexFromData(Halide::Expr value, Halide::Expr extent);

/// `position` within [0, extent), with the loops split where it is inside.
Halide::Expr limited(Halide::Expr position, Halide::Expr extent);

/// True where one of `axes` of `x` is empty; undefined where none can be.
Halide::Expr isEmpty(KernelBuilder &builder, const Tensor &x,
                     llvm::ArrayRef<int> axes);

/// `index`, limited along `axes` already, for reading `x` where these may be
/// empty although the result is not: the first place in memory is read then.
Index guardEmpty(KernelBuilder &builder, const Tensor &x, Index index,
                 llvm::ArrayRef<int> axes);

/// `index` of a tensor of shape `to` as an index of shape `from`, which has
/// the same elements in the same row-major order.
Index reshapeIndex(KernelBuilder &builder, const Dims &from, const Dims &to,
                   const Index &index);

/// Whether `axis`, which may count from the end, is axis `number` of `rank`.
Halide::Expr isAxis(KernelBuilder &builder, dyn::ExprAttr axis, int number,
                    int rank);

/// Axes that operand `position` lists, or attribute `axes`; none where both
/// are absent. Counted from the first.
std::optional<std::vector<int>> steeringAxes(KernelBuilder &builder,
                                             mlir::Operation *op,
                                             unsigned position, int rank);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_OPERATORS_INDEXMAP_H
