#include "codegen/halide/cpu/Product.h"
#include "codegen/halide/cpu/PackedWeight.h"
#include "codegen/halide/lowering/Pairs.h"
#include "dialects/dyn/Layout.h"

using Halide::Expr;
using Halide::Func;
using Halide::likely;
using Halide::RDom;
using Halide::Var;

namespace dycc::halide {

ProductBuilder::ProductBuilder(KernelBuilder &builder, const Product &product,
                               dyn::ProductPlanAttr plan)
    : builder(builder), product(product) {
  stages.plan = plan;
  stages.tiles.setPlan(plan.getTile());
  stages.depth = builder.expr(product.depth);
  for (size_t axis = product.out.size() - 2; axis-- > 0;)
    stages.batch.emplace_back("batch" + std::to_string(axis));
  stages.tiles.others = join({stages.block});
  stages.isAlongDepth = product.right.isAlongDepth;
}

ProductStages ProductBuilder::build() {
  RegisterTiles &tiles = stages.tiles;
  tiles.taps = RDom(0, stages.depth, "k");
  Halide::Type type = product.sums();
  stages.panels =
      (builder.expr(product.out.back()) + (tiles.width - 1)) / tiles.width;
  stages.tilesPerStrip = tilesPerStrip(builder, stages, rows(), type.bytes());
  Expr a = rowElement(), right;
  if (product.dequantized && stages.plan.getInPlace())
    right = product.dequantized->at(tiles.lane, tiles.taps.x, stages.block);
  else if (!product.panels)
    right = columnElement();
  if (product.panels)
    tiles.streams = streams();
  tiles.define(builder.expr(product.out[product.out.size() - 2]), type,
               [&](Expr sum, size_t kind) {
                 Expr b = right.defined() ? right
                                          : panelElement(tiles.byHeight[kind]);
                 return product.add(sum, a, b);
               });
  return stages;
}

Expr ProductBuilder::at(const Index &index) const {
  Expr n = index.back(), m = index[index.size() - 2];
  std::vector<Expr> others{n / stages.tiles.width};
  others.insert(others.end(), index.rbegin() + 2, index.rend());
  return stages.tiles.at(n, m, others);
}

std::vector<Var> ProductBuilder::tileVars(const Var &k) const {
  return join({k, stages.tiles.row, stages.tiles.tile});
}

Index ProductBuilder::tileIndex(const Var &k) const {
  Index index(stages.batch.rbegin(), stages.batch.rend());
  const RegisterTiles &tiles = stages.tiles;
  index.push_back(tiles.tile * tiles.height + tiles.row);
  index.push_back(k);
  return index;
}

std::vector<Expr> ProductBuilder::inTiles(const Expr &k, const Expr &columns,
                                          const Expr &row,
                                          llvm::ArrayRef<Expr> batch) const {
  int height = stages.tiles.height;
  Expr tile = row / height;
  // Lanes behind the end of a row are masked.
  std::vector<Expr> at{
      promisedWithin(k, 0, columns - 1),
      RegisterTiles::within(row % height, tile, rows(), height), tile};
  llvm::append_range(at, batch);
  return at;
}

std::vector<Var> ProductBuilder::join(std::vector<Var> vars) const {
  vars.insert(vars.end(), stages.batch.begin(), stages.batch.end());
  return vars;
}

/// An element of one side, its batch axes broadcast.
Expr ProductBuilder::element(bool isLeft, Expr k, Expr other) const {
  Index batch(stages.batch.rbegin(), stages.batch.rend());
  return product.element(builder, isLeft, std::move(batch), std::move(k),
                         std::move(other));
}

Expr ProductBuilder::rows() const {
  return builder.expr(product.out[product.out.size() - 2]);
}

/// Rows are limited: the last tile may hang over the end.
Expr ProductBuilder::rowElement() {
  const RegisterTiles &tiles = stages.tiles;
  Expr row = tiles.tile * tiles.height + tiles.row;
  std::vector<Expr> batch(stages.batch.begin(), stages.batch.end());
  if (stages.left.defined())
    return stages.left(inTiles(tiles.taps.x, stages.depth, row, batch));
  Expr within = Halide::min(row, rows() - 1);
  if (!product.left.isConverted() ||
      Halide::Internal::is_const_zero(stages.depth))
    return element(true, tiles.taps.x, within);
  stages.converted = convertedRows();
  stages.convertedDepth = stages.depth;
  auto at = [&](const Expr &k) {
    std::vector<Expr> at{k, within};
    llvm::append_range(at, batch);
    return Expr(stages.converted(at));
  };
  if (!product.left.halves)
    return at(tiles.taps.x);
  constexpr int together = dyn::kBf16Group;
  stages.convertedDepth = stages.depth * together;
  Expr first = tiles.taps.x * together;
  return pairOf(at(first), at(first + 1));
}

/// The left side as it is computed with, or the halves of its pairs: (k, row,
/// batch...). Each panel reads all of it, an element at a time, and would
/// convert what it reads anew.
Func ProductBuilder::convertedRows() const {
  Func func("converted");
  Var k("k"), row("row");
  Product read = product;
  if (read.left.halves)
    read.left.tensor = *read.left.halves;
  Index batch(stages.batch.rbegin(), stages.batch.rend());
  func(join({k, row})) = read.element(builder, true, batch, k, row);
  return func;
}

/// Of the right side in panels, in tiles of `rows` rows.
Expr ProductBuilder::panelElement(const TileHeight &kind) const {
  std::optional<PanelOrder> order;
  if (stages.plan.getAhead() &&
      kind.rows > 1) // Of a single row nothing is left to ask in.
    order = panelOrder();
  Expr element =
      packedWeight(*product.panels, stages.tiles, stages.block, order);
  if (!kind.streams)
    return element;
  return prefetching(element,
                     streamAhead(*product.panels, stages.tiles, stages.block));
}

/// Whether second-level caches are too small for the panels: a single row reads
/// all of them once, one after the other as they lie.
Expr ProductBuilder::streams() const {
  constexpr int64_t cache = 4 << 20;
  int64_t step = stages.tiles.width * product.panels->memory.type().bytes();
  return moreWork(stages.panels, static_cast<int>(step)) >
         static_cast<int>(cache) / Halide::max(stages.depth, 1);
}

/// Of a right side that is not packed.
Expr ProductBuilder::columnElement() {
  const RegisterTiles &tiles = stages.tiles;
  std::vector<Expr> at{tiles.lane, tiles.taps.x};
  llvm::append_range(at, tiles.others);
  return columns()(at);
}

PanelOrder ProductBuilder::panelOrder() const {
  const RegisterTiles &tiles = stages.tiles;
  Expr strip = stages.tilesPerStrip;
  Expr all = (rows() + (tiles.height - 1)) / tiles.height;
  Expr first = tiles.tile / strip * strip;
  Expr end = Halide::min(all, first + strip);
  return {stages.panels, end - 1 - tiles.tile, end - first};
}

/// One panel of a right side that is not packed, or not as it is computed with:
/// (lane, k, block, batch...).
Func ProductBuilder::columns() {
  Func func("columns");
  Var k("k");
  std::vector<Var> arguments = join({stages.tiles.lane, k, stages.block});
  if (Halide::Internal::is_const_zero(stages.depth)) {
    // Nobody asks for an element: Halide would miss the place of a copy.
    func(arguments) =
        Halide::Internal::make_zero(product.right.tensor.element.computed);
    return func;
  }
  if (product.dequantized) {
    func(arguments) =
        product.dequantized->at(stages.tiles.lane, k, stages.block);
    return stages.packed = func;
  }
  // Without a whole panel there is nothing to read in place.
  int64_t known = product.out.back().asConstant().value_or(INT64_MAX);
  bool inPlace = stages.plan.getInPlace() && known >= stages.tiles.width;
  stages.packed =
      stages.keepsRight && inPlace ? rest(arguments) : packed(arguments);
  std::vector<Expr> at(arguments.begin(), arguments.end());
  if (stages.keepsRight && inPlace)
    at[2] = 0;
  Expr copied = stages.packed(at);
  if (inPlace) {
    stages.readsInPlace = wholePanels() > 0;
    // Both sides of a select are read: the panel is limited.
    Expr panel = Halide::min(likely(stages.block), wholePanels() - 1);
    Expr n = panel * stages.tiles.width + stages.tiles.lane;
    copied = Halide::select(stages.readsInPlace && isWhole(),
                            likely(element(false, k, n)), copied);
  }
  func(arguments) = copied;
  return func;
}

Expr ProductBuilder::column(const Expr &lane) const {
  return stages.block * stages.tiles.width + lane;
}

/// Whether all columns of the panel are there.
Expr ProductBuilder::isWhole() const { return stages.block < wholePanels(); }

Expr ProductBuilder::wholePanels() const {
  return builder.expr(product.out.back()) / stages.tiles.width;
}

/// The panels of a right side that is not packed: vectors of whole panels;
/// of the last one masked vectors, or what lies along k column by column, and
/// zeros behind them.
Func ProductBuilder::packed(const std::vector<Var> &arguments) const {
  Func func("packed");
  Halide::Type type = product.right.tensor.element.computed;
  std::vector<Expr> at(arguments.begin(), arguments.end());
  func(arguments) = Halide::undef(type);
  auto update = [&](RDom k, const Expr &lane, const Expr &condition,
                    bool copies) {
    k.where(condition);
    at[0] = lane;
    at[1] = k.x;
    func(at) = copies ? element(false, k.x, column(lane))
                      : Halide::Internal::make_zero(type);
  };
  const Var &lane = stages.tiles.lane;
  update(RDom(0, stages.depth, "whole"), lane, isWhole(), true);
  update(RDom(0, stages.depth, "zeros"), lane, !isWhole(), false);
  RDom rest = stages.isAlongDepth
                  ? RDom({{0, stages.depth}, {0, stages.tiles.width}}, "rest")
                  : RDom(0, stages.depth, "rest");
  Expr last = stages.isAlongDepth ? Expr(rest.y) : Expr(lane);
  rest.where(!isWhole());
  update(rest, last, column(last) < builder.expr(product.out.back()), true);
  return func;
}

/// The panel behind the whole ones, as block 0.
Func ProductBuilder::rest(const std::vector<Var> &arguments) const {
  Func func("rest");
  Halide::Type type = product.right.tensor.element.computed;
  std::vector<Expr> at(arguments.begin(), arguments.end());
  func(arguments) = Halide::Internal::make_zero(type);
  Expr column =
      (stages.block + wholePanels()) * stages.tiles.width + stages.tiles.lane;
  RDom k(0, stages.depth, "rest");
  k.where(column < builder.expr(product.out.back()));
  at[1] = k.x;
  func(at) = element(false, k.x, column);
  return func;
}

ProductSums buildProduct(KernelBuilder &builder, const Product &product,
                         dyn::ProductPlanAttr plan) {
  auto sums = std::make_shared<ProductBuilder>(builder, product, plan);
  ProductStages stages = sums->build();
  return {[sums](const Index &index) { return sums->at(index); },
          [&builder, stages](const Store &store) {
            scheduleProduct(builder, stages, store);
          }};
}

} // namespace dycc::halide
