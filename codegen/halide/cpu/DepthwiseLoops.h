#ifndef DYCC_CODEGEN_HALIDE_CPU_DEPTHWISELOOPS_H
#define DYCC_CODEGEN_HALIDE_CPU_DEPTHWISELOOPS_H

#include "codegen/halide/cpu/Loops.h"

namespace dycc::halide {

/// The sums of a depthwise convolution: channel c is lane c mod `lanes` of
/// vector c / lanes.
struct DepthwiseStages {
  Halide::Var lane{"lane"}, vector{"vector"}, batch{"batch"};
  std::vector<Halide::Var> spatial; ///< x first.
  Halide::RDom taps;                ///< Along x first.
  Halide::Func sums;                ///< (lane, x, y..., vector, batch).
  dyn::DepthwisePlanAttr plan;
  int lanes, tapCount;
};

/// Tiles of a few pixels by one vector of channels. Their sums stay in
/// registers over all taps, and neighbouring pixels share what they load.
void scheduleDepthwise(KernelBuilder &builder, const DepthwiseStages &stages,
                       const Store &store);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_DEPTHWISELOOPS_H
