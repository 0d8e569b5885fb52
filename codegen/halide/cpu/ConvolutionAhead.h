#ifndef DYCC_CODEGEN_HALIDE_CPU_CONVOLUTIONAHEAD_H
#define DYCC_CODEGEN_HALIDE_CPU_CONVOLUTIONAHEAD_H

#include "codegen/halide/cpu/ConvolutionLoops.h"
#include "codegen/halide/roots/Window.h"

namespace dycc::halide {

/// What the next tile of a row of an image will read and write. The positions
/// of a window ask for it one after the other: all at once would fill the
/// queue that loads wait in, too.
class ConvolutionAhead {
public:
  ConvolutionAhead(const ConvolutionStages &stages, const Window &window,
                   int bytes);

  /// `value` under a tap, beside which the result's lines are asked for.
  Halide::Expr ofResult(Halide::Expr value) const;
  /// The same for the lines of buffer `input` of shape `dims`, channels
  /// innermost, that windows have not read before.
  Halide::Expr ofInput(KernelBuilder &builder, Halide::Expr value,
                       const std::string &input, const Dims &dims) const;

private:
  int linesOf(int64_t elements) const;

  const ConvolutionStages &stages;
  const Window &window;
  int bytes; ///< Of an element.
  int positions = 1;
  Halide::Expr position = 0; ///< Number of the tap's.
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_CONVOLUTIONAHEAD_H
