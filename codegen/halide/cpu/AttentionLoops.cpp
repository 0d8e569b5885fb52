#include "codegen/halide/cpu/Attention.h"

using Halide::Expr;
using Halide::Func;
using Halide::LoopLevel;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {
namespace {

class AttentionSchedule {
public:
  AttentionSchedule(KernelBuilder &builder, const AttentionStages &stages,
                    const Store &store)
      : builder(builder), stages(stages), store(store), func(store.func),
        lanes(builder.lanes(store.elementBytes)),
        rows(stages.values.tiles.height) {}

  void run() {
    runTiles();
    scheduleScores();
    scheduleWeights();
    for (const ProductStages *product : {&stages.scores, &stages.values})
      keepRight(*product);
  }

private:
  Var axis(int fromLast) const { return store.axis(store.rank() - fromLast); }

  void runTiles() {
    int width = stages.values.tiles.width;
    func.split(axis(1), block, lane, width, TailStrategy::GuardWithIf)
        .split(axis(2), tile, row, rows, TailStrategy::GuardWithIf);
    Expr count =
        (builder.expr(store.dims[store.rank() - 2]) + (rows - 1)) / rows;
    std::vector<OuterLoop> outer{{tile, count}};
    std::vector<Halide::VarOrRVar> order{lane, row, block, tile};
    for (int i = store.rank() - 3; i >= 0; --i) {
      order.push_back(store.axis(i));
      outer.push_back(outerLoop(builder, store, i));
    }
    func.reorder(order);
    Expr work = moreWork(tileWork(stages.values), stages.values.panels);
    parallelizeOuter(builder, func, outer, moreWork(work, 2), tile);
    func.vectorize(lane, lanes).unroll(lane).unroll(row).never_partition(tile);
    stages.values.tiles.schedule(builder, func, block, lanes);
    if (stages.values.readsInPlace.defined())
      func.specialize(stages.values.readsInPlace);
  }

  void scheduleScores() {
    stages.scores.tiles.keepTile(builder, stages.kept, LoopLevel(func, tile),
                                 stages.values.depth, lanes);
    if (stages.scores.readsInPlace.defined())
      Func(stages.kept).specialize(stages.scores.readsInPlace);
  }

  void scheduleWeights() {
    Func weights = stages.weights;
    std::vector<Var> arguments = weights.args();
    placeTile(weights, LoopLevel(func, tile), stages.values.depth, rows);
    weights.vectorize(arguments[0], lanes, TailStrategy::GuardWithIf);
    builder.placeInner(LoopLevel(weights, arguments[1]),
                       LoopLevel(func, stripsOf(tile)));
  }

  /// All panels of a matrix before its first tile.
  void keepRight(const ProductStages &product) {
    Func packed = product.packed;
    if (store.rank() > 2)
      packed.compute_at(func, axis(3));
    else
      packed.compute_root();
    Var panelLane = product.tiles.lane;
    packed.bound_extent(panelLane, product.tiles.width);
    for (const Var &axis : product.batch)
      packed.bound_extent(axis, 1);
    packed.vectorize(panelLane, lanes);
    schedulePacked(product, lanes);
  }

  KernelBuilder &builder;
  const AttentionStages &stages;
  const Store &store;
  Func func;
  int lanes, rows;
  Var block{"block"}, lane{"lane"}, tile{"row_tile"}, row{"tile_row"};
};

} // namespace

void scheduleAttention(KernelBuilder &builder, const AttentionStages &stages,
                       const Store &store) {
  AttentionSchedule(builder, stages, store).run();
}

} // namespace dycc::halide
