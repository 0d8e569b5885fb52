#include "codegen/halide/schedules/MatMul.h"

using Halide::Expr;
using Halide::Func;
using Halide::LoopLevel;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {

/// Panels that one task takes at least.
static constexpr int panelsPerTask = 4;

/// Multiply-adds of one tile.
static Expr tileWork(const MatMulStages &stages) {
  const RegisterTiles &tiles = stages.tiles;
  return Halide::max(moreWork(stages.depth, tiles.height * tiles.width), 1);
}

Expr tilesPerStrip(const TargetInfo &target, const MatMulStages &stages,
                   int bytes, bool isAhead) {
  // Long enough to pay for reading or copying a panel. Enough columns make
  // tasks of their own.
  Expr tiles = Halide::select(stages.panels > 4 * panelsPerTask, 256, 64);
  if (isAhead) {
    // Rows that stay in the second-level cache are read from memory once; but
    // short strips would read panels more often.
    constexpr int shortest = 12, longest = 64;
    Expr tileBytes = stages.depth * (stages.tiles.height * bytes);
    Expr fitting =
        static_cast<int>(target.l2Bytes / 4) / Halide::max(tileBytes, 1);
    tiles = Halide::select(fitting < shortest, tiles,
                           Halide::min(fitting, longest));
  }
  return Halide::max(minimumWork / tileWork(stages), tiles);
}

/// Copies one panel at `level`, into memory that `task` keeps.
static void placePanel(const MatMulStages &stages, const LoopLevel &level,
                       const LoopLevel &task, int lanes) {
  Func packed = stages.packed;
  Var lane = stages.tiles.lane;
  packed.compute_at(level)
      .hoist_storage(task)
      .bound_extent(lane, stages.tiles.width)
      .bound_extent(stages.block, 1);
  for (int stage = 0; stage < packed.num_update_definitions(); ++stage)
    packed.update(stage)
        .reorder(lane, packed.rvars(stage).front())
        .vectorize(lane, lanes)
        .unroll(lane);
}

void scheduleMatMul(KernelBuilder &builder, const MatMulStages &stages,
                    const Store &store) {
  Func func = store.func;
  int rank = store.rank();
  int lanes = static_cast<int>(builder.target().lanes(store.elementBytes));
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
      {chunk, (panels + (panelsPerTask - 1)) / panelsPerTask},
      {strip, tiles / perStrip + 1}};
  for (int axis = rank - 3; axis >= 0; --axis) {
    order.push_back(store.axis(axis));
    outer.push_back(outerLoop(builder, store, axis));
  }
  func.reorder(order);
  Expr work = moreWork(tileWork(stages), Halide::min(tiles, perStrip));
  parallelizeOuter(func, outer, moreWork(work, panelsPerTask), mo);
  func.vectorize(lane, lanes).unroll(lane).unroll(mi);
  func.never_partition(mo, chunk, strip);
  stages.tiles.schedule(builder, func, mo, lanes);
  if (stages.readsInPlace.defined())
    func.specialize(stages.readsInPlace);
  if (stages.packed.defined())
    placePanel(stages, LoopLevel(func, block), LoopLevel(func, stripsOf(chunk)),
               lanes);
}

} // namespace dycc::halide
