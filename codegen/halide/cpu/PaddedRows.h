// Copies of an image with its padding, strip by strip of rows: no place of a
// copied row has a condition of its own.
#ifndef DYCC_CODEGEN_HALIDE_CPU_PADDEDROWS_H
#define DYCC_CODEGEN_HALIDE_CPU_PADDEDROWS_H

#include "codegen/halide/cpu/Loops.h"

namespace dycc::halide {

/// An image with its padding: place 0 of an axis is the first of it.
struct PaddedRows {
  Halide::Func func; ///< Of the axes of the image, the last one first.
  /// Columns of the image, which are copied in vectors.
  Halide::RDom columns;
  /// Places before and behind these, which are computed one by one.
  std::vector<Halide::RDom> edges;
  unsigned elementBytes;
};

/// With `outside` in the padding. `before` is that of each axis, undefined
/// where rows are never outside. `element` makes of one of the image what is
/// kept.
PaddedRows
padRows(KernelBuilder &builder, const Tensor &image,
        const std::vector<Halide::Expr> &before, const Halide::Expr &outside,
        llvm::function_ref<Halide::Expr(const Halide::Expr &)> element);

/// Computes them in each iteration of `loop` of `consumer`, in memory that is
/// kept for a task.
void placePaddedRows(const PaddedRows &rows, const Halide::Func &consumer,
                     const Halide::Var &loop, int lanes);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_PADDEDROWS_H
