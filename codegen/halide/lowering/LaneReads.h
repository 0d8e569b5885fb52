#ifndef DYCC_CODEGEN_HALIDE_LOWERING_LANEREADS_H
#define DYCC_CODEGEN_HALIDE_LOWERING_LANEREADS_H

#include <Halide.h>

namespace dycc::halide {

/// Reads numbers of 32 bits that lie together, of which each is needed in all
/// lanes of some vector, as one vector: for processors that multiply by a lane.
void addLaneReads(Halide::Pipeline &pipeline);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LOWERING_LANEREADS_H
