// What the roots of a kernel compute, as far as a choice of loops may depend on
// it. Problems know no machine; plans for them are attributes of the dyn
// dialect (DynKernelPlans.td).
#ifndef DYCC_CODEGEN_HALIDE_ROOTS_PROBLEM_H
#define DYCC_CODEGEN_HALIDE_ROOTS_PROBLEM_H

#include "codegen/halide/Tensor.h"
#include <optional>
#include <variant>

namespace dycc::halide {

/// Windows of constant extents over the spatial axes of an image, each channel
/// by itself. Those of a padding have one tap, along each axis.
struct WindowProblem {
  ElementType element;
  std::vector<int64_t> kernel, strides, dilations; ///< Along the axes.
  /// All images of the kernel lie in row-major order.
  bool isRowMajor;
  /// Channels that lie together in the image: absent where they are not
  /// innermost.
  std::optional<int64_t> channelBlock = {};
  /// Windows side by side; null where it does not matter.
  dyn::ExprAttr columns = {};

  int rank() const { return static_cast<int>(kernel.size()); }
  int64_t tapCount() const;
  /// Vectors of `lanes` channels are contiguous in the image.
  bool hasVectors(int64_t lanes) const {
    return channelBlock && *channelBlock % lanes == 0;
  }
  /// Vectors can run along rows of a padded copy, of which windows read a good
  /// part.
  bool hasRows() const;
};

/// A convolution, or a transposed one, with windows of constant extents.
struct ConvolutionProblem {
  ElementType element;
  Dims input, output;          ///< (N, C, D...)
  std::vector<int64_t> kernel; ///< Along the spatial axes.
  int64_t groups;
  dyn::ExprAttr inputsPerGroup;
  bool isTransposed;
  bool isPadded;    ///< Windows may lie partly outside of the image.
  bool isPixelwise; ///< Each output pixel reads one input pixel, as far from
                    ///< the next one.
  unsigned filterBytes; ///< Of an element of the filter.
  /// Channels that lie together in the image: absent where they are not
  /// innermost.
  std::optional<int64_t> channelBlock;
  std::optional<int64_t> panelWidth; ///< Of the filter, where it is packed.
  /// Results of a tile along each axis, where Winograd's filtering has
  /// transformed the filter.
  std::optional<int64_t> winograd;
  std::vector<int64_t> strides, dilations; ///< Along the spatial axes.
  bool isRowMajor;                         ///< All images of the kernel are.
  /// It is one of two that a chain computes together, tile by tile of pixels.
  bool isChained = false;
  /// Channels of the image that one of `inputsPerGroup` stands for.
  int channelsTogether = 1;

  int rank() const { return static_cast<int>(kernel.size()); }
  /// One filter per channel.
  bool isDepthwise() const;
  /// Elements of a filter of one input channel.
  int64_t tapCount() const;
  /// Bytes of a panel of `width` filters, where that is constant.
  std::optional<int64_t> panelBytes(int64_t width) const;
  /// The image cannot be read where it lies.
  bool needsCopy() const;
  /// A copy of the image is worth its time: each tap and panel would convert
  /// what it reads anew.
  bool isWorthCopy() const { return needsCopy() || element.isConverted(); }
  /// A copy with padding can be left to tiles at the edges.
  bool hasInside() const;
  /// Taps outside of the image add nothing to a sum. (Where integers stand for
  /// other numbers, the place of zero would.)
  bool canLeaveTapsOut() const;
  /// A vector of `lanes` channels is contiguous in the image and in the filters
  /// of a depthwise convolution.
  bool hasVectors(int64_t lanes) const;
  /// The windows of a depthwise convolution.
  std::optional<WindowProblem> windows() const;
};

/// Whether a convolution reads a copy of the whole image.
bool copiesImage(dyn::ConvolutionPlanAttr plan);

/// A product of matrices, or of batches of them.
struct ProductProblem {
  ElementType element;
  dyn::ExprAttr rows, columns, depth;
  std::optional<int64_t> panelWidth; ///< Of the right side, where it is packed.
  unsigned rightBytes;               ///< Of an element of the right side.
  bool isRightDense; ///< The right side lies in memory, row by row.
  /// A packed right side holds integers that stand for real numbers.
  bool isDequantized = false;
  /// Of both products of an attention: the columns of its result; else null.
  dyn::ExprAttr attentionColumns = {};
};

/// Plain loops over a result.
struct LoopsProblem {
  enum class Kind { Elements, Reduction, Scan, Scatter } kind;
  unsigned elementBytes; ///< Of elements: the widest type of the kernel.
  /// Of elements and reductions: the extent of the axis that is innermost in
  /// memory; null where there are no two axes.
  dyn::ExprAttr innerExtent = {};
  /// Of elements: tensors are joined along that axis.
  bool isJoined = false;
  /// Of elements: the other axis that is innermost where they come from.
  std::optional<int> sourceAxis = {};
  /// Of a reduction or a scan: it runs along the axis that is innermost in
  /// memory.
  bool isAlongMemory = false;
  /// Of a reduction of that axis alone: the one that neighbouring rows lie
  /// along.
  std::optional<int> rowAxis = {};
  /// Of a scan along memory: there are rows beside each other. Of elements:
  /// they are made of rows that are worth keeping.
  bool hasRows = false;
  /// Of a scatter: updates at different places of the first axis write to
  /// different elements.
  bool hasDistinctRows = false;
  /// Of a scatter: each update writes elements that lie together.
  bool hasSlices = false;
};

using Problem = std::variant<ConvolutionProblem, WindowProblem, ProductProblem,
                             LoopsProblem>;

/// Why there are no loops with vectors of `vectorBytes` for a problem, whatever
/// the plan is; empty where there are.
std::string whyNone(const Problem &problem, int64_t vectorBytes);

/// Why loops with vectors of `vectorBytes` cannot run as `plan` says; empty
/// where they can.
std::string whyNot(const Problem &problem, mlir::Attribute plan,
                   int64_t vectorBytes);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_ROOTS_PROBLEM_H
