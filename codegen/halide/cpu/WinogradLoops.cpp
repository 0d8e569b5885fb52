#include "codegen/halide/cpu/WinogradLoops.h"

using Halide::Expr;
using Halide::Func;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {
namespace {

class WinogradSchedule {
public:
  WinogradSchedule(KernelBuilder &builder, const WinogradStages &stages,
                   const Store &store)
      : builder(builder), s(stages), store(store), func(store.func),
        lanes(builder.lanes(store.elementBytes)), width(s.tiles.width),
        outputs(static_cast<int>(s.transform->outputs)),
        places(static_cast<int>(s.transform->places())),
        columns(builder.expr(s.grid.columns)), rows(builder.expr(s.grid.rows)),
        tiles(builder.expr(s.grid.tiles)) {}

  void run() {
    splitResult();
    if (s.plan.getStrip() > 0)
      runStrips();
    else
      runPanels();
    scheduleImage();
    scheduleSums();
    scheduleResult();
  }

private:
  void splitResult() {
    if (!s.outChannels.isConstant()) // Whole panels: no lane is masked.
      func.bound(store.axis(1), 0, builder.expr(s.outChannels));
    Var x = store.axis(3), y = store.axis(2);
    func.split(store.axis(1), s.block, s.lane, width,
               TailStrategy::GuardWithIf)
        .split(x, tileColumn, xi, outputs, TailStrategy::GuardWithIf)
        .split(y, tileRow, yi, outputs, TailStrategy::GuardWithIf)
        .split(tileColumn, s.stripColumn, tileColumn, columns,
               TailStrategy::GuardWithIf)
        .split(tileRow, s.stripRow, tileRow, rows, TailStrategy::GuardWithIf)
        .vectorize(s.lane, lanes)
        .unroll(s.lane)
        .never_partition_all();
  }

  void runStrips() {
    Var n = store.axis(0);
    func.reorder({s.lane, xi, yi, tileColumn, tileRow, s.block, s.stripColumn,
                  s.stripRow, n});
    builder.parallel(func, s.stripColumn);
    builder.parallel(func, s.stripRow);
    builder.parallel(func, n);
    Func(s.image).compute_at(func, s.stripColumn);
    Func(s.padded).compute_at(func, s.stripColumn);
  }

  /// A strip is the whole image: panels are the tasks.
  void runPanels() {
    Var n = store.axis(0);
    func.reorder({s.lane, xi, yi, tileColumn, tileRow, s.stripColumn,
                  s.stripRow, s.block, n});
    builder.parallel(func, s.block);
    builder.parallel(func, n);
    Func image = s.image;
    image.compute_at(func, n).parallel(s.t);
    Func(s.padded).compute_at(func, n);
  }

  /// One tile after the other, vector by vector of channels. Lanes beyond the
  /// last channel are not read.
  void scheduleImage() {
    Func image = s.image, transformedRows = s.transformedRows,
         padded = s.padded;
    Expr inputs = builder.expr(s.inputs);
    Expr whole = (inputs + (lanes - 1)) / lanes * lanes;
    Var vector("vector");
    boundStrip(image);
    image.bound(s.channel, 0, whole)
        .reorder_storage({s.channel, s.t, s.column, s.row, s.stripColumn,
                          s.stripRow, s.batch})
        .bound_storage(s.t, (tiles + (s.tiles.height - 1)) / s.tiles.height *
                                s.tiles.height)
        .split(s.channel, s.channel, vector, lanes)
        .reorder({vector, s.column, s.row, s.channel, s.t, s.stripColumn,
                  s.stripRow, s.batch})
        .vectorize(vector)
        .unroll(s.column)
        .unroll(s.row);
    transformedRows.compute_at(image, s.channel)
        .bound(s.column, 0, places)
        .bound(s.row, 0, places)
        .bound_extent(s.channel, lanes)
        .bound_extent(s.t, 1)
        .bound_extent(s.stripColumn, 1)
        .bound_extent(s.stripRow, 1)
        .bound_extent(s.batch, 1)
        .reorder({s.channel, s.row, s.column})
        .vectorize(s.channel)
        .unroll(s.row)
        .unroll(s.column);
    padded.bound(s.channel, 0, inputs)
        .bound_storage(s.channel, whole)
        .bound_extent(s.x, columns * outputs + 2)
        .bound_extent(s.y, rows * outputs + 2)
        .bound_extent(s.batch, 1)
        .vectorize(s.channel, lanes, TailStrategy::GuardWithIf)
        .never_partition_all();
  }

  void boundStrip(Func stage) const {
    stage.bound(s.t, 0, tiles)
        .bound(s.column, 0, places)
        .bound(s.row, 0, places)
        .bound_extent(s.stripColumn, 1)
        .bound_extent(s.stripRow, 1)
        .bound_extent(s.batch, 1);
  }

  void scheduleSums() {
    Func sums = s.sums;
    Var to("to"), ti("ti");
    boundStrip(sums);
    sums.compute_at(func, s.block)
        .bound(s.lane, 0, width)
        .bound_extent(s.block, 1)
        .reorder_storage({s.lane, s.column, s.row, s.t, s.stripColumn,
                          s.stripRow, s.block, s.batch})
        .split(s.t, to, ti, s.tiles.height, TailStrategy::GuardWithIf)
        .reorder({s.lane, ti, to, s.column, s.row, s.stripColumn, s.stripRow,
                  s.block, s.batch})
        .vectorize(s.lane, lanes)
        .unroll(s.lane)
        .unroll(ti)
        .never_partition_all();
    s.tiles.schedule(builder, sums, to, lanes);
  }

  void scheduleResult() {
    Func result = s.result, resultRows = s.resultRows;
    Var vector("vector");
    boundTile(result);
    boundTile(resultRows);
    result.compute_at(func, tileColumn)
        .bound(s.x, 0, outputs)
        .bound(s.y, 0, outputs)
        .split(s.lane, s.lane, vector, lanes)
        .reorder({vector, s.x, s.y, s.lane, s.tileColumn, s.tileRow})
        .vectorize(vector)
        .unroll(s.x)
        .unroll(s.y);
    resultRows.compute_at(result, s.lane)
        .bound_extent(s.lane, lanes)
        .bound(s.y, 0, outputs)
        .bound(s.column, 0, places)
        .reorder({s.lane, s.y, s.column})
        .vectorize(s.lane)
        .unroll(s.y)
        .unroll(s.column);
  }

  void boundTile(Func stage) const {
    stage.bound_extent(s.tileColumn, 1)
        .bound_extent(s.tileRow, 1)
        .bound_extent(s.block, 1)
        .bound_extent(s.batch, 1);
  }

  KernelBuilder &builder;
  const WinogradStages &s;
  const Store &store;
  Func func;
  int lanes, width, outputs, places;
  Expr columns, rows, tiles; ///< Of a strip, in tiles.
  Var tileColumn{"tile_column"}, tileRow{"tile_row"}, xi{"xi"}, yi{"yi"};
};

} // namespace

void scheduleWinograd(KernelBuilder &builder, const WinogradStages &stages,
                      const Store &store) {
  WinogradSchedule(builder, stages, store).run();
}

} // namespace dycc::halide
