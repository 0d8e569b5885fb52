#ifndef DYCC_CODEGEN_HALIDE_SCHEDULES_CONVOLUTION_H
#define DYCC_CODEGEN_HALIDE_SCHEDULES_CONVOLUTION_H

#include "codegen/halide/schedules/Schedules.h"

namespace dycc::halide {

/// The sums of a convolution: (lane, x, y..., block, n), where output channel
/// c is lane c mod width of block c / width.
struct ConvolutionStages {
  Halide::Func sums;
  Halide::RDom taps; ///< Input channel, x, y...
  Halide::Var lane{"lane"}, block{"block"}, batch{"batch"};
  std::vector<Halide::Var> spatial; ///< x first.
  int width;
  int64_t weightBytes; ///< Of one block.
  dyn::ExprAttr outChannels;
};

/// Register tiles of some pixels by one panel of channels, in loops over the
/// pixels of a row, the panels and the rows.
void scheduleConvolution(KernelBuilder &builder,
                         const ConvolutionStages &stages, const Store &store);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_SCHEDULES_CONVOLUTION_H
