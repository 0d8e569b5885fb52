#ifndef DYCC_CODEGEN_HALIDE_ROOTS_PRODUCT_H
#define DYCC_CODEGEN_HALIDE_ROOTS_PRODUCT_H

#include "codegen/halide/lowering/DotProducts.h"
#include "codegen/halide/roots/DequantizedPanels.h"

namespace dycc::halide {

/// One side of a product by (batch..., row or column, k).
struct ProductSide {
  Tensor tensor;
  bool transposed; ///< Its last axis is not the one that a matrix has there.
  bool isInput;    ///< In memory, not computed.
  /// What lies side by side in memory is along k.
  bool isAlongDepth = false;
  /// The bf16 that the pairs of `tensor` are of, where these are computed.
  std::optional<Tensor> halves = std::nullopt;

  /// Vectors along k lie in memory, of other elements than sums are made of.
  bool isConverted() const {
    return halves || (tensor.element.isConverted() && !transposed);
  }
};

/// The sums of a product by the index of its result, and their loops.
struct ProductSums {
  std::function<Halide::Expr(const Index &)> at;
  ScheduleFunction schedule;
};

/// A product over the last two axes of shape `out`.
struct Product {
  ProductSide left, right;
  std::optional<PanelTensor> panels; ///< The right side, where it is packed.
  Dims out;
  dyn::ExprAttr depth;
  dyn::ExprAttr attentionColumns = {}; ///< As in ProductProblem.
  /// Each element, and each step along `depth`, is a group of four integers of
  /// eight bits or a pair of bf16: see dotProduct().
  bool inGroups = false;
  LeftSide leftSide = LeftSide::Plain; ///< In groups.
  /// What the right side is dequantised from; `panels` is nothing then.
  std::optional<DequantizedPanels> dequantized = std::nullopt;

  ProductProblem problem() const;
  /// What sums are made of.
  Halide::Type sums() const {
    return inGroups ? sumsOf(leftSide) : left.tensor.element.computed;
  }
  /// An element of one side at row or column `other`; `batch` are the axes
  /// before the last two, which a side broadcasts.
  Halide::Expr element(KernelBuilder &builder, bool isLeft, Index batch,
                       Halide::Expr k, Halide::Expr other) const;
  /// The sum with one more product.
  Halide::Expr add(Halide::Expr sum, Halide::Expr a, Halide::Expr b) const;
  /// Each sum on its own, without a plan.
  ProductSums plainSums(KernelBuilder &builder) const;
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_ROOTS_PRODUCT_H
