#ifndef DYCC_CODEGEN_HALIDE_LOWERING_INFINITYTESTS_H
#define DYCC_CODEGEN_HALIDE_LOWERING_INFINITYTESTS_H

#include <Halide.h>

namespace dycc::halide {

/// Makes strict comparisons with an infinity ask for what is beyond the largest
/// number, and so true of an infinity: has to be called for each pipeline.
void addInfinityTests(Halide::Pipeline &pipeline);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LOWERING_INFINITYTESTS_H
