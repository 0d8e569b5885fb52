#ifndef DYCC_CODEGEN_HALIDE_LOWERING_PAIRS_H
#define DYCC_CODEGEN_HALIDE_LOWERING_PAIRS_H

#include <Halide.h>

namespace dycc::halide {

/// The i32 that holds two elements of 16 bits, the first in the low half.
Halide::Expr pairOf(Halide::Expr first, Halide::Expr second);
/// Has to be called for a pipeline that uses it.
void addPairs(Halide::Pipeline &pipeline);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LOWERING_PAIRS_H
