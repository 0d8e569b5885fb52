#ifndef DYCC_CODEGEN_HALIDE_LOWERING_OPAQUE_H
#define DYCC_CODEGEN_HALIDE_LOWERING_OPAQUE_H

#include <Halide.h>

namespace dycc::halide {

/// `e`, which no pass of Halide's looks into: nothing is concluded from it, as
/// of what another call may give otherwise. As a condition it guards what it
/// guards and narrows no bounds; bounds are not written in terms of it.
Halide::Expr opaque(Halide::Expr e);
/// Has to be called for a pipeline that uses it.
void addOpaques(Halide::Pipeline &pipeline);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LOWERING_OPAQUE_H
