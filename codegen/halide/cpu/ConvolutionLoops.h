#ifndef DYCC_CODEGEN_HALIDE_CPU_CONVOLUTIONLOOPS_H
#define DYCC_CODEGEN_HALIDE_CPU_CONVOLUTIONLOOPS_H

#include "codegen/halide/cpu/Tile.h"
#include "codegen/halide/roots/Problem.h"

namespace dycc::halide {

/// The sums of a convolution over input channel, x, y..., where output channel
/// c is in block c / width.
struct ConvolutionStages {
  RegisterTiles tiles; ///< Rows are pixels along x; others y..., block, n.
  /// The input: (channel, x, y..., n), where position 0 is the first of the
  /// padding, or of the image where taps are left out.
  Halide::Func padded;
  Halide::Var block{"block"}, batch{"batch"};
  std::vector<Halide::Var> spatial; ///< x first.
  dyn::ConvolutionPlanAttr plan;
  dyn::ExprAttr inputs, outChannels; ///< Of a group; of all.
  int channelsTogether = 1; ///< Of the image, that one of `inputs` stands for.
  /// Multiply-adds of one pixel of one panel, for each input channel.
  int64_t workPerInput;
  /// In tiles at the edges, a padded copy of what each reads, like `padded`; by
  /// the kind of tile, the first has none.
  std::vector<Halide::Func> edges;
  std::string result; ///< What `prefetching` calls the buffer stored to.
  int rowsInFlight;   ///< Of the padded input, for one row of output.
  /// Of the second convolution of a chain: the first one, and what it reads of
  /// it: (channel, row, tile, y..., n), the row within the tile.
  std::shared_ptr<const ConvolutionStages> before;
  Halide::Func kept;
  /// The channels of a pixel lie far from each other in the image.
  bool gathersChannels;

  /// Channels of the padded input.
  dyn::ExprAttr imageChannels() const { return inputs.times(channelsTogether); }
  /// Indices of the padded input: (channel, x, y..., n).
  std::vector<Halide::Var> imageVars() const {
    std::vector<Halide::Var> vars{Halide::Var("channel")};
    vars.insert(vars.end(), spatial.begin(), spatial.end());
    vars.push_back(batch);
    return vars;
  }
  bool copiesInput() const { return copiesImage(plan); }
  bool leavesTapsOut() const {
    return plan.getInput() == dyn::ConvolutionInput::Reached;
  }
  bool copiesEdges() const {
    return plan.getInput() == dyn::ConvolutionInput::Edges;
  }
};

/// Register tiles of some pixels by one panel of channels. Loops over rows run
/// over strips of them (parallel), rows, panels, tiles, and the padded input is
/// a line buffer that slides along the rows, or is copied for the tiles at the
/// edges alone.
void scheduleConvolution(KernelBuilder &builder,
                         const ConvolutionStages &stages, const Store &store);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_CONVOLUTIONLOOPS_H
