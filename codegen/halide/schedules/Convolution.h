#ifndef DYCC_CODEGEN_HALIDE_SCHEDULES_CONVOLUTION_H
#define DYCC_CODEGEN_HALIDE_SCHEDULES_CONVOLUTION_H

#include "codegen/halide/schedules/Tile.h"

namespace dycc::halide {

/// The sums of a convolution over input channel, x, y..., where output channel
/// c is in block c / width.
struct ConvolutionStages {
  RegisterTiles tiles; ///< Rows are pixels along x; others y..., block, n.
  Halide::Func padded; ///< The input: (channel, x, y..., n).
  Halide::Var block{"block"}, batch{"batch"};
  std::vector<Halide::Var> spatial; ///< x first.
  int64_t weightBytes;              ///< Of one block.
  bool weightsFit; ///< All of them, into half of the second-level cache.
  dyn::ExprAttr outChannels;
  /// The padded input gets memory: it has padding, is no image in memory yet,
  /// or costs more than a load.
  bool copiesInput;
  /// Tiles whose windows lie inside the image read it in place; of the others
  /// each has a padded copy of what it reads, like `padded`.
  bool copiesEdges;
  std::vector<Halide::Func> edges; ///< By the kind of tile; the first has none.
  bool readsOnePixel; ///< For each pixel of the result, as far from the next
                      ///< one.
  std::string result; ///< What `prefetching` calls the buffer stored to.
  int rowsInFlight;   ///< Of the padded input, for one row of output.
};

/// Register tiles of some pixels by one panel of channels. Where the weights
/// stay in the cache, the loops run over strips of rows (parallel), rows,
/// panels, tiles, and the padded input is a line buffer that slides along the
/// rows, or is copied for the tiles at the edges alone. Else each panel runs
/// over all rows, so that its weights are read once.
void scheduleConvolution(KernelBuilder &builder,
                         const ConvolutionStages &stages, const Store &store);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_SCHEDULES_CONVOLUTION_H
