#ifndef DYCC_CODEGEN_HALIDE_PREFETCH_H
#define DYCC_CODEGEN_HALIDE_PREFETCH_H

#include <Halide.h>

namespace dycc::halide {

/// `load` of a buffer, beside which the cache is asked for the line with the
/// buffer's element `offset`: once per iteration of the innermost loop, however
/// many lanes and unrolled copies it has. The line may lie beyond the buffer.
/// (Halide's own prefetch asks for all that an iteration of a later one reads.)
Halide::Expr prefetching(Halide::Expr load, Halide::Expr offset);
/// Has to be called for a pipeline that uses it.
void addPrefetches(Halide::Pipeline &pipeline);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_PREFETCH_H
