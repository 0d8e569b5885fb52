#ifndef DYCC_CODEGEN_HALIDE_ROOTS_CONVOLUTION_H
#define DYCC_CODEGEN_HALIDE_ROOTS_CONVOLUTION_H

#include "codegen/halide/KernelBuilder.h"
#include "codegen/halide/lowering/DotProducts.h"
#include "codegen/halide/roots/Problem.h"
#include "codegen/halide/roots/Window.h"
#include "dialects/dyn/Layout.h"

namespace dycc::halide {

/// What a convolution works on. Integers are in groups (Groups.h) where their
/// filter is, else as sums are. Of pairs of bf16 the image has the halves: rows
/// of it are copied as these, and tiles read two at a time.
struct ConvolutionOperands {
  Tensor image, filter;
  std::optional<PanelTensor> panels; ///< The filter, where it is packed.
  Halide::Expr padding;              ///< An element of the image's padding.
  std::optional<Tensor> bias;
  bool inGroups = false;
  LeftSide leftSide = LeftSide::Plain; ///< In groups.

  /// Channels of the image that an element of the sum reads.
  int channelsTogether() const {
    return inGroups && leftSide == LeftSide::Bf16 ? dyn::kBf16Group : 1;
  }
  static ConvolutionOperands get(KernelBuilder &builder, mlir::Operation *op);
  /// The sum with the product of an element of the image and one of the filter.
  Halide::Expr add(Halide::Expr sum, Halide::Expr x, Halide::Expr w) const;
  /// The whole sum of the result at `index`, with what is added to it.
  Halide::Expr withBias(Halide::Expr sum, const Index &index) const;
};

/// The window of a convolution with a filter of constant extents.
Window convolutionWindow(KernelBuilder &builder, mlir::Operation *op);

/// What a convolution with such a filter computes.
ConvolutionProblem convolutionProblem(KernelBuilder &builder,
                                      mlir::Operation *op,
                                      const ConvolutionOperands &operands,
                                      const Window &window, bool isTransposed);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_ROOTS_CONVOLUTION_H
