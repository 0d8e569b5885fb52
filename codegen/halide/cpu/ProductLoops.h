#ifndef DYCC_CODEGEN_HALIDE_CPU_PRODUCTLOOPS_H
#define DYCC_CODEGEN_HALIDE_CPU_PRODUCTLOOPS_H

#include "codegen/halide/cpu/Tile.h"

namespace dycc::halide {

/// The sums of matrix products over k, where column n is in block n / width.
struct ProductStages {
  dyn::ProductPlanAttr plan;
  RegisterTiles tiles; ///< Others are block, batch...
  Halide::Var block{"block"};
  std::vector<Halide::Var> batch; ///< Innermost first.
  Halide::Expr depth;             ///< Extent of k.
  Halide::Expr panels;            ///< How many the right side has.
  Halide::Expr tilesPerStrip;     ///< As the function says.
  /// A copy of one panel, where the right side is not packed, or as integers:
  /// (lane, k, block, batch...).
  Halide::Func packed;
  /// Where defined: whole panels are read where they lie if it is true.
  Halide::Expr readsInPlace;
  /// Where defined: tiles of the left side's rows that are computed before
  /// their products: (k, row, tile, batch...).
  Halide::Func left;
  /// Where defined: the left side of other elements than sums are made of, as
  /// it is computed with: (k, row, batch...); and its extent along k.
  Halide::Func converted;
  Halide::Expr convertedDepth;
  /// `packed` is for all rows of a matrix.
  bool keepsRight = false;
  /// `packed` is copied from what lies along k in memory.
  bool isAlongDepth = false;
};

/// Multiply-adds of one tile.
Halide::Expr tileWork(const ProductStages &stages);

/// Tiles of `rows` rows that share a panel before the next one is used: strips
/// are about equal. The left side has elements of `bytes`.
Halide::Expr tilesPerStrip(const KernelBuilder &builder,
                           const ProductStages &stages,
                           const Halide::Expr &rows, int bytes);

/// The loops that copy panels, those of one panel inside.
void schedulePacked(const ProductStages &stages, int lanes);

/// Register tiles of some rows by one panel of columns; panels outside, so that
/// a panel stays in the cache while all rows pass.
void scheduleProduct(KernelBuilder &builder, const ProductStages &stages,
                     const Store &store);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_PRODUCTLOOPS_H
