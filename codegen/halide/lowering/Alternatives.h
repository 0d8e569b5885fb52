#ifndef DYCC_CODEGEN_HALIDE_LOWERING_ALTERNATIVES_H
#define DYCC_CODEGEN_HALIDE_LOWERING_ALTERNATIVES_H

#include <Halide.h>

namespace dycc::halide {

/// `condition` as `opaque` hides it, of an update of a Func with zeros as pure
/// definition: where it holds, no condition of a later update of that Func
/// does.
Halide::Expr alternative(Halide::Expr condition);

/// Lets each alternative start from zeros of its own. LLVM keeps those in
/// registers, where it had to write zeros to memory that several alternatives
/// may read: a call of memset for each register tile. Has to be called for a
/// pipeline that uses `alternative`, before `addOpaques`.
void addAlternatives(Halide::Pipeline &pipeline);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LOWERING_ALTERNATIVES_H
