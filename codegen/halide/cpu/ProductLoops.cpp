#include "codegen/halide/cpu/ProductLoops.h"
#include "codegen/halide/lowering/Transposes.h"

using Halide::Expr;
using Halide::Func;
using Halide::LoopLevel;
using Halide::RVar;
using Halide::TailStrategy;
using Halide::Var;
using Halide::VarOrRVar;

namespace dycc::halide {

Expr tileWork(const ProductStages &stages) {
  const RegisterTiles &tiles = stages.tiles;
  return moreWork(stages.depth, tiles.height * tiles.width);
}

Expr tilesPerStrip(const KernelBuilder &builder, const ProductStages &stages,
                   const Expr &rows, int bytes) {
  dyn::ProductPlanAttr plan = stages.plan;
  int few = static_cast<int>(plan.getFew()),
      many = static_cast<int>(plan.getMany());
  // Enough columns make tasks of their own.
  constexpr int panels = 16;
  Expr tiles = Halide::select(stages.panels > panels, many, few);
  if (plan.getStrip() > 0) {
    // Short strips would read panels more often.
    constexpr int shortest = 12;
    Expr tileBytes = stages.depth * (stages.tiles.height * bytes);
    Expr fitting =
        static_cast<int>(plan.getStrip()) / Halide::max(tileBytes, 1);
    tiles =
        Halide::select(fitting < shortest, tiles, Halide::min(fitting, few));
  }
  tiles = Halide::max(builder.perTask(tileWork(stages)), tiles);
  Expr all = (rows + (stages.tiles.height - 1)) / stages.tiles.height;
  Expr strips = Halide::max((all + (tiles - 1)) / tiles, 1);
  return Halide::max((all + (strips - 1)) / strips, 1);
}

/// The loops of one stage over a panel, the innermost first.
static std::vector<VarOrRVar> panelLoops(const ProductStages &stages, int stage,
                                         int lanes) {
  Func packed = stages.packed;
  Halide::Stage update = packed.update(stage);
  std::vector<RVar> variables = packed.rvars(stage);
  RVar k = variables.front(), steps("steps"), line(tileLoop);
  if (variables.size() > 1) { // Column by column.
    update.vectorize(k, lanes, TailStrategy::GuardWithIf);
    return {k, variables.back()};
  }
  Var lane = stages.tiles.lane, vector("vector");
  update.split(lane, lane, vector, lanes).vectorize(vector).unroll(lane);
  if (!stages.isAlongDepth)
    return {vector, lane, k};
  // Vectors of a tile are transposed in registers.
  update.split(k, steps, line, tileLines, TailStrategy::GuardWithIf);
  return {vector, line, lane, steps};
}

void schedulePacked(const ProductStages &stages, int lanes) {
  Func packed = stages.packed;
  for (int stage = 0; stage < packed.num_update_definitions(); ++stage) {
    std::vector<VarOrRVar> order = panelLoops(stages, stage, lanes);
    order.emplace_back(stages.block);
    order.insert(order.end(), stages.batch.begin(), stages.batch.end());
    packed.update(stage).reorder(order);
  }
}

/// Copies one panel at `level`, into memory that `task` keeps.
static void placePanel(const ProductStages &stages, const LoopLevel &level,
                       const LoopLevel &task, int lanes) {
  Func packed = stages.packed;
  Var lane = stages.tiles.lane;
  packed.compute_at(level)
      .hoist_storage(task)
      .bound_extent(lane, stages.tiles.width)
      .bound_extent(stages.block, 1);
  if (packed.num_update_definitions() == 0) { // It is dequantised.
    Var k = packed.args()[1], outer("outer"), inner("inner");
    constexpr int steps = 4; // Those that share a byte among them.
    packed.split(k, outer, inner, steps, TailStrategy::GuardWithIf)
        .reorder(lane, inner, outer)
        .vectorize(lane, lanes)
        .unroll(lane)
        .unroll(inner);
  }
  schedulePacked(stages, lanes);
}

/// Converts the rows of a strip before all panels read them. Threads that share
/// out the panels share these out, too.
static void placeConverted(const KernelBuilder &builder,
                           const ProductStages &stages, const LoopLevel &strip,
                           int lanes) {
  Func converted = stages.converted;
  Var k = converted.args()[0], row = converted.args()[1];
  converted.compute_at(strip)
      .bound(k, 0, stages.convertedDepth)
      .bound_storage(row, stages.tilesPerStrip * stages.tiles.height);
  for (const Var &batch : stages.batch)
    converted.bound_extent(batch, 1);
  runInStrips(builder, converted, row, Halide::max(stages.depth, 1));
  converted.vectorize(k, lanes, TailStrategy::GuardWithIf);
}

void scheduleProduct(KernelBuilder &builder, const ProductStages &stages,
                     const Store &store) {
  Func func = store.func;
  int rank = store.rank();
  int lanes = builder.lanes(store.elementBytes);
  int panelsPerTask = static_cast<int>(stages.plan.getTask());
  int rows = stages.tiles.height, width = stages.tiles.width;
  Var block("block"), lane("lane"), mo("mo"), mi("mi"), strip("strip");
  Var m = store.axis(rank - 2);
  func.split(store.axis(rank - 1), block, lane, width,
             TailStrategy::GuardWithIf);
  func.split(m, mo, mi, rows, TailStrategy::GuardWithIf);
  const Expr &perStrip = stages.tilesPerStrip, &panels = stages.panels;
  Expr tiles = (builder.expr(store.dims[rank - 2]) + (rows - 1)) / rows;
  func.split(mo, strip, mo, perStrip, TailStrategy::GuardWithIf);
  // Panels of one task run one after the other in a loop of their own: only
  // such a loop is split where the last, narrower panel begins.
  Var chunk("chunk");
  func.split(block, chunk, block, panelsPerTask, TailStrategy::GuardWithIf);
  std::vector<Halide::VarOrRVar> order{lane, mi, mo, block, chunk, strip};
  std::vector<OuterLoop> outer{
      {chunk, (panels + (panelsPerTask - 1)) / panelsPerTask}};
  if (!stages.plan.getSharesPanels())
    outer.push_back({strip, tiles / perStrip + 1});
  for (int axis = rank - 3; axis >= 0; --axis) {
    order.push_back(store.axis(axis));
    outer.push_back(outerLoop(builder, store, axis));
  }
  func.reorder(order);
  Expr work =
      moreWork(Halide::max(tileWork(stages), 1), Halide::min(tiles, perStrip));
  parallelizeOuter(builder, func, outer, moreWork(work, panelsPerTask), mo);
  func.vectorize(lane, lanes).unroll(lane).unroll(mi);
  func.never_partition(mo, chunk, strip);
  stages.tiles.schedule(builder, func, mo, lanes);
  if (stages.readsInPlace.defined())
    func.specialize(stages.readsInPlace);
  if (stages.converted.defined())
    placeConverted(builder, stages, LoopLevel(func, strip), lanes);
  if (stages.packed.defined())
    placePanel(stages, LoopLevel(func, block), LoopLevel(func, stripsOf(chunk)),
               lanes);
}

} // namespace dycc::halide
