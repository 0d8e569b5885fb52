#ifndef DYCC_CODEGEN_HALIDE_CPU_ATTENTION_H
#define DYCC_CODEGEN_HALIDE_CPU_ATTENTION_H

#include "codegen/halide/cpu/Product.h"

namespace dycc::halide {

/// The stages of an attention, in their order. Both products have tiles of as
/// many rows; a tile is computed from the first product to the last one before
/// the next tile is. So what is between them takes some rows of memory.
struct AttentionStages {
  ProductStages scores, values;
  Halide::Func kept;    ///< Scores of a tile: (k, row, tile, batch...).
  Halide::Func weights; ///< What the second product reads: the same indices.
};

/// Defines the two products of an attention and what lies between them, as the
/// kernel's body comes to it.
class AttentionBuilder final : public ChainBuilder {
public:
  /// `scores` is the first product, of operator `op`.
  AttentionBuilder(KernelBuilder &builder, mlir::Operation *op,
                   const Product &scores, dyn::ProductPlanAttr plan);

  /// The second product; what leads to its left side is defined.
  ProductSums finish(const Product &values, dyn::ProductPlanAttr plan);

private:
  void keep(mlir::Value value);

  KernelBuilder &builder;
  ProductBuilder scores;
  AttentionStages stages;
};

/// Tiles of rows in parallel strips; in each the scores of all panels of keys,
/// their reductions row by row, then the panels of the result.
void scheduleAttention(KernelBuilder &builder, const AttentionStages &stages,
                       const Store &store);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_ATTENTION_H
