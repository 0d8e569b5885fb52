#ifndef DYCC_CODEGEN_HALIDE_CPU_PRODUCT_H
#define DYCC_CODEGEN_HALIDE_CPU_PRODUCT_H

#include "codegen/halide/cpu/PackedWeight.h"
#include "codegen/halide/cpu/ProductLoops.h"
#include "codegen/halide/roots/Product.h"

namespace dycc::halide {

/// Defines a matrix product over the last two axes of its result, in register
/// tiles.
class ProductBuilder {
public:
  ProductBuilder(KernelBuilder &builder, const Product &product,
                 dyn::ProductPlanAttr plan);

  /// Tiles of rows of the left side come from `tiles`, a function of (k, row,
  /// tile, batch...), which has no rows beyond the last one.
  void readLeft(Halide::Func tiles) { stages.left = std::move(tiles); }
  /// A copy of the right side holds all panels of a matrix; where the plan
  /// reads whole panels in place, what is left behind them.
  void keepRight() { stages.keepsRight = true; }
  ProductStages build();

  /// The product at an index of the result.
  Halide::Expr at(const Index &index) const;
  /// The arguments of a function of rows of the product in its tiles: (k, row,
  /// tile, batch...), the row within the tile.
  std::vector<Halide::Var> tileVars(const Halide::Var &k) const;
  /// The index of a matrix of the same rows that they stand for.
  Index tileIndex(const Halide::Var &k) const;
  /// The arguments for element `k` of `columns` of a row of the matrix.
  std::vector<Halide::Expr> inTiles(const Halide::Expr &k,
                                    const Halide::Expr &columns,
                                    const Halide::Expr &row,
                                    llvm::ArrayRef<Halide::Expr> batch) const;

private:
  std::vector<Halide::Var> join(std::vector<Halide::Var> vars) const;
  Halide::Expr element(bool isLeft, Halide::Expr k, Halide::Expr other) const;
  Halide::Expr rows() const;
  Halide::Expr rowElement();
  Halide::Func convertedRows() const;
  Halide::Expr panelElement(const TileHeight &kind) const;
  Halide::Expr streams() const;
  Halide::Expr columnElement();
  PanelOrder panelOrder() const;
  Halide::Func columns();
  /// Of the matrix, at a place of the panel.
  Halide::Expr column(const Halide::Expr &lane) const;
  Halide::Expr isWhole() const;
  Halide::Expr wholePanels() const;
  Halide::Func packed(const std::vector<Halide::Var> &arguments) const;
  Halide::Func rest(const std::vector<Halide::Var> &arguments) const;

  KernelBuilder &builder;
  Product product;
  ProductStages stages;
};

/// The sums of a product, as `plan` says.
ProductSums buildProduct(KernelBuilder &builder, const Product &product,
                         dyn::ProductPlanAttr plan);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_PRODUCT_H
