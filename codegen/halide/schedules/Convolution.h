#ifndef DYCC_CODEGEN_HALIDE_SCHEDULES_CONVOLUTION_H
#define DYCC_CODEGEN_HALIDE_SCHEDULES_CONVOLUTION_H

#include "codegen/halide/schedules/Schedules.h"

namespace dycc::halide {

/// The sums of a convolution: (lane, x, y..., block, n), where output channel
/// c is lane c mod width of block c / width.
struct ConvolutionStages {
  Halide::Func sums;
  Halide::Func padded; ///< The input: (channel, x, y..., n).
  Halide::RDom taps;   ///< Input channel, x, y...
  Halide::Var lane{"lane"}, block{"block"}, batch{"batch"};
  std::vector<Halide::Var> spatial; ///< x first.
  int width;
  int64_t weightBytes; ///< Of one block.
  dyn::ExprAttr outChannels;
  /// The padded input gets memory: it has padding, is no image in memory yet,
  /// or costs more than a load.
  bool copiesInput;
  int rowsInFlight; ///< Of the padded input, for one row of output.
};

/// Register tiles of some pixels by one panel of channels. Where the weights
/// stay in the cache, the loops run over strips of rows (parallel), rows,
/// panels, tiles, and the padded input is a line buffer that slides along the
/// rows. Else each panel runs over all rows, so that its weights are read once.
void scheduleConvolution(KernelBuilder &builder,
                         const ConvolutionStages &stages, const Store &store);

/// Depthwise in two dimensions: register tiles of some pixels by one block of
/// channels, over all taps. Strips of rows run in parallel; inside, rows slide
/// over the padded input as a line buffer.
void scheduleDepthwise(KernelBuilder &builder, const ConvolutionStages &stages,
                       const Store &store);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_SCHEDULES_CONVOLUTION_H
