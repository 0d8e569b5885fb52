#ifndef DYCC_CODEGEN_HALIDE_LOWERING_TRANSPOSES_H
#define DYCC_CODEGEN_HALIDE_LOWERING_TRANSPOSES_H

#include <Halide.h>

namespace dycc::halide {

/// The loop over the lines of a tile that is transposed: each iteration stores
/// a vector whose lanes lie in different lines of the source.
constexpr const char *tileLoop = "line";
/// Its iterations, where the tile is whole.
constexpr int tileLines = 16;

/// Makes whole tiles of such loops loads of vectors along the source, which are
/// transposed in registers. Has to be called for a pipeline that has some.
void addTransposes(Halide::Pipeline &pipeline);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LOWERING_TRANSPOSES_H
