#ifndef DYCC_CODEGEN_HALIDE_LOWERING_MATRIXPRODUCTS_H
#define DYCC_CODEGEN_HALIDE_LOWERING_MATRIXPRODUCTS_H

#include <Halide.h>

namespace dycc::halide {

/// Makes dot products of two rows of a register tile, of two steps each,
/// products of matrices: one instruction for two rows by two columns. Comes
/// after addLaneReads() and before addDotProducts(), which writes what is left.
/// `found`, which has to live as long as the pipeline, becomes true where there
/// are some: they are instruction()s.
void addMatrixProducts(Halide::Pipeline &pipeline, bool &found);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LOWERING_MATRIXPRODUCTS_H
