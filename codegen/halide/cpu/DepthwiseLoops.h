#ifndef DYCC_CODEGEN_HALIDE_CPU_DEPTHWISELOOPS_H
#define DYCC_CODEGEN_HALIDE_CPU_DEPTHWISELOOPS_H

#include "codegen/halide/cpu/Loops.h"
#include "codegen/halide/roots/Window.h"

namespace dycc::halide {

/// The sums of a depthwise convolution, or what a pooling combines in their
/// stead: channel c is lane c mod `lanes` of vector c / lanes.
struct DepthwiseStages {
  Halide::Var lane{"lane"}, vector{"vector"}, batch{"batch"};
  std::vector<Halide::Var> spatial; ///< x first.
  Halide::RDom taps;                ///< Along x first.
  /// Those in rows beyond the image, where they are not left out.
  Halide::RDom missing;
  Halide::Func sums; ///< (lane, x, y..., vector, batch).
  dyn::DepthwisePlanAttr plan;
  int lanes, tapCount;

  /// The sum at an index of the result.
  Halide::Expr at(const Index &index) const;
};

/// What the windows of each channel are made of.
struct DepthwiseParts {
  Halide::Expr initial; ///< Of a sum.
  Halide::Expr padding; ///< That of `initial` changes no sum.
  /// A sum and the element under the tap of `stages.taps`.
  llvm::function_ref<Halide::Expr(const Halide::Expr &sum,
                                  const Halide::Expr &element,
                                  const DepthwiseStages &stages)>
      combine;
};

/// Of windows over `image`, whose channels are innermost, in whole vectors.
DepthwiseStages makeDepthwise(KernelBuilder &builder, const Tensor &image,
                              const Window &window, const DepthwiseParts &parts,
                              dyn::DepthwisePlanAttr plan);

/// Tiles of a few pixels by one vector of channels. Their sums stay in
/// registers over all taps, and neighbouring pixels share what they load.
void scheduleDepthwise(KernelBuilder &builder, const DepthwiseStages &stages,
                       const Store &store);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_DEPTHWISELOOPS_H
