#ifndef DYCC_CODEGEN_HALIDE_LOWERING_LANEREADS_H
#define DYCC_CODEGEN_HALIDE_LOWERING_LANEREADS_H

#include <Halide.h>

namespace dycc::halide {

/// What a number is read for.
enum class LaneUse {
  Vectors, ///< All lanes of some vector: processors multiply by a lane.
  Any,     ///< Devices have lanes for nothing.
};

/// Reads numbers of 32 bits that lie together in the steps of a loop, each for
/// such a use, as one vector.
void addLaneReads(Halide::Pipeline &pipeline, LaneUse use);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LOWERING_LANEREADS_H
