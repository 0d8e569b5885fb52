#include "codegen/halide/cpu/Product.h"
#include "codegen/halide/cpu/PackedWeight.h"
#include "codegen/halide/cpu/ProductLoops.h"

using Halide::Expr;
using Halide::likely;
using Halide::RDom;
using Halide::Var;

namespace dycc::halide {
namespace {

/// A matrix product over the last two axes of shape `out`.
class ProductBuilder {
public:
  ProductBuilder(KernelBuilder &builder, const Product &product,
                 dyn::ProductPlanAttr plan)
      : builder(builder), product(product), left(product.left),
        right(product.right), panels(product.panels), out(product.out),
        depth(product.depth) {
    stages.plan = plan;
    stages.tiles.setPlan(plan.getTile());
    stages.depth = builder.expr(depth);
    for (size_t axis = this->out.size() - 2; axis-- > 0;)
      stages.batch.emplace_back("batch" + std::to_string(axis));
    stages.tiles.others = join({stages.block});
  }

  ProductStages build() {
    RegisterTiles &tiles = stages.tiles;
    tiles.taps = RDom(0, stages.depth, "k");
    Halide::Type type = left.tensor.element.computed;
    stages.panels =
        (builder.expr(out.back()) + (tiles.width - 1)) / tiles.width;
    stages.tilesPerStrip = tilesPerStrip(builder, stages, type.bytes());
    Expr a = rowElement(), copied = panels ? Expr() : columnElement();
    tiles.define(
        builder, out[out.size() - 2], type, [&](Expr sum, size_t kind) {
          Expr b = panels ? panelElement(tiles.byHeight[kind].rows) : copied;
          return product.add(sum, a, b);
        });
    return stages;
  }

  /// The product at an index of the result.
  Expr at(const Index &index) const {
    Expr n = index.back(), m = index[index.size() - 2];
    std::vector<Expr> others{n / stages.tiles.width};
    others.insert(others.end(), index.rbegin() + 2, index.rend());
    return stages.tiles.at(n, m, others);
  }

private:
  std::vector<Var> join(std::vector<Var> vars) const {
    vars.insert(vars.end(), stages.batch.begin(), stages.batch.end());
    return vars;
  }

  /// An element of one side, its batch axes broadcast.
  Expr element(bool isLeft, Expr k, Expr other) const {
    Index batch(stages.batch.rbegin(), stages.batch.rend());
    return product.element(builder, isLeft, std::move(batch), std::move(k),
                           std::move(other));
  }

  /// Rows are limited: the last tile may hang over the end.
  Expr rowElement() {
    Expr last = builder.expr(out[out.size() - 2]) - 1;
    const RegisterTiles &tiles = stages.tiles;
    Expr row = tiles.tile * tiles.height + tiles.row;
    return element(true, tiles.taps.x, Halide::min(row, last));
  }

  /// Of the right side in panels, in tiles of `rows` rows.
  Expr panelElement(int rows) {
    std::optional<PanelOrder> order;
    if (stages.plan.getAhead() &&
        rows > 1) // A single row waits for memory anyhow.
      order = PanelOrder{stages.panels, tilesLeft()};
    return packedWeight(*panels, stages.tiles, stages.block, order);
  }

  /// Of a right side that is not packed.
  Expr columnElement() {
    const RegisterTiles &tiles = stages.tiles;
    std::vector<Expr> at{tiles.lane, tiles.taps.x};
    llvm::append_range(at, tiles.others);
    return columns()(at);
  }

  /// Tiles behind one in its strip.
  Expr tilesLeft() const {
    const RegisterTiles &tiles = stages.tiles;
    Expr strip = stages.tilesPerStrip;
    Expr all =
        (builder.expr(out[out.size() - 2]) + (tiles.height - 1)) / tiles.height;
    return Halide::min(all, (tiles.tile / strip + 1) * strip) - 1 - tiles.tile;
  }

  /// One panel of a right side that is not packed: (lane, k, block, batch...).
  Halide::Func columns() {
    Halide::Func func("columns");
    Var k("k");
    std::vector<Var> arguments = join({stages.tiles.lane, k, stages.block});
    stages.packed = packed(arguments);
    std::vector<Expr> at(arguments.begin(), arguments.end());
    Expr copied = stages.packed(at);
    if (stages.plan.getInPlace()) {
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

  Expr column() const {
    return stages.block * stages.tiles.width + stages.tiles.lane;
  }
  /// Whether all columns of the panel are there.
  Expr isWhole() const { return stages.block < wholePanels(); }
  Expr wholePanels() const {
    return builder.expr(out.back()) / stages.tiles.width;
  }

  /// The panels of a right side that is not packed: vectors of whole panels;
  /// of the last one masked vectors, and zeros behind them.
  Halide::Func packed(const std::vector<Var> &arguments) {
    Halide::Func func("packed");
    Halide::Type type = right.tensor.element.computed;
    std::vector<Expr> at(arguments.begin(), arguments.end());
    func(arguments) = Halide::undef(type);
    auto update = [&](const char *name, const std::vector<Expr> &conditions,
                      bool copies) {
      RDom k(0, stages.depth, name);
      for (const Expr &condition : conditions)
        k.where(condition);
      at[1] = k.x;
      func(at) = copies ? element(false, k.x, column())
                        : Halide::Internal::make_zero(type);
    };
    update("whole", {isWhole()}, true);
    update("zeros", {!isWhole()}, false);
    update("rest", {!isWhole(), column() < builder.expr(out.back())}, true);
    return func;
  }

  KernelBuilder &builder;
  Product product;
  ProductSide left, right;
  std::optional<PanelTensor> panels;
  Dims out;
  dyn::ExprAttr depth;
  ProductStages stages;
};

} // namespace

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
