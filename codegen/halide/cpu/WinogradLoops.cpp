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
        places(static_cast<int>(s.transform->places())), columns(s.columns),
        rows(s.rows), tiles(columns * rows * s.images) {}

  void run() {
    splitResult();
    runStrips();
    func.vectorize(s.lane, lanes).unroll(s.lane).never_partition_all();
    scheduleImage();
    scheduleSums();
    scheduleResult();
    limitScratch();
  }

private:
  void splitResult() {
    if (!s.outChannels.isConstant()) // Whole panels: no lane is masked.
      func.bound(store.axis(1), 0, builder.expr(s.outChannels));
    Var x = store.axis(3), y = store.axis(2);
    func.split(store.axis(1), s.block, s.lane, width, TailStrategy::GuardWithIf)
        .split(x, tileColumn, xi, outputs, TailStrategy::GuardWithIf)
        .split(y, tileRow, yi, outputs, TailStrategy::GuardWithIf)
        .split(tileColumn, s.stripColumn, tileColumn, columns,
               TailStrategy::GuardWithIf)
        .split(tileRow, s.stripRow, tileRow, rows, TailStrategy::GuardWithIf);
  }

  void runStrips() {
    Var n = store.axis(0), image("image");
    std::vector<Halide::VarOrRVar> order{s.lane, xi, yi, tileColumn, tileRow};
    if (s.grid.hasBatches()) {
      func.split(n, n, image, s.images, TailStrategy::GuardWithIf);
      order.push_back(image);
    }
    for (const Var &loop : {s.block, s.stripColumn, s.stripRow, n})
      order.push_back(loop);
    func.reorder(order);
    for (const Var &loop : {s.stripColumn, s.stripRow, n})
      builder.parallel(func, loop);
    if (s.plan.getSharesPanels())
      builder.parallel(func, s.block);
    Func(s.image).compute_at(func, s.stripColumn);
    Func(s.padded).compute_at(func, s.stripColumn);
  }

  /// One tile after the other, vector by vector of channels; a row or column of
  /// a tile without branches, which is code enough. The places of a tile lie
  /// together, so that few pages are written to at a time. Lanes beyond the
  /// last channel are not read.
  void scheduleImage() {
    Func image = s.image, transformedRows = s.transformedRows,
         padded = s.padded;
    Expr whole = (builder.expr(s.inputs) + (lanes - 1)) / lanes * lanes;
    Var vector("vector");
    boundStrip(image);
    image.bound(s.channel, 0, whole)
        .reorder_storage({s.channel, s.placeX, s.placeY, s.t, s.stripColumn,
                          s.stripRow, s.batch})
        .bound_storage(s.t, (tiles + (s.tiles.height - 1)) / s.tiles.height *
                                s.tiles.height)
        .split(s.channel, s.channel, vector, lanes)
        .reorder({vector, s.placeX, s.placeY, s.channel, s.t, s.stripColumn,
                  s.stripRow, s.batch})
        .vectorize(vector)
        .unroll(s.placeX)
        .never_partition_all();
    transformedRows.compute_at(image, s.channel)
        .bound(s.placeX, 0, places)
        .bound(s.placeY, 0, places)
        .bound_extent(s.channel, lanes)
        .bound_extent(s.t, 1)
        .bound_extent(s.stripColumn, 1)
        .bound_extent(s.stripRow, 1)
        .bound_extent(s.batch, 1)
        .reorder({s.channel, s.placeY, s.placeX})
        .vectorize(s.channel)
        .unroll(s.placeY);
    padded.bound(s.channel, 0, whole)
        .bound_extent(s.x, columns * outputs + (places - outputs))
        .bound_extent(s.y, rows * outputs + (places - outputs))
        .vectorize(s.channel, lanes)
        .never_partition({s.x, s.y, s.n});
    if (!s.grid.hasBatches())
      padded.bound_extent(s.n, 1);
  }

  /// A strip of the most tiles: its image is largest where these are in one
  /// row.
  void limitScratch() {
    int64_t most = std::max(s.plan.getStrip(), s.plan.getWhole()); // Of a grid.
    int64_t inputs = llvm::alignTo(*s.inputs.asConstant(), lanes);
    int64_t bytes = Func(s.sums).types()[0].bytes();
    int64_t each = places * places * bytes;
    builder.limitScratch(s.padded, (most * outputs + (places - outputs)) *
                                       places * inputs * bytes);
    builder.limitScratch(
        s.image, static_cast<int64_t>(llvm::alignTo(most, s.tiles.height)) *
                     inputs * each);
    builder.limitScratch(s.sums, most * width * each);
  }

  void boundStrip(Func stage) const {
    stage.bound(s.t, 0, tiles)
        .bound(s.placeX, 0, places)
        .bound(s.placeY, 0, places)
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
        .reorder_storage({s.lane, s.placeX, s.placeY, s.t, s.stripColumn,
                          s.stripRow, s.block, s.batch})
        .split(s.t, to, ti, s.tiles.height, TailStrategy::GuardWithIf)
        .reorder({s.lane, ti, to, s.placeX, s.placeY, s.stripColumn, s.stripRow,
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
        .unroll(s.x);
    resultRows.compute_at(result, s.lane)
        .bound_extent(s.lane, lanes)
        .bound(s.y, 0, outputs)
        .bound(s.placeX, 0, places)
        .reorder({s.lane, s.y, s.placeX})
        .vectorize(s.lane)
        .unroll(s.y);
  }

  void boundTile(Func stage) const {
    stage.bound_extent(s.tileColumn, 1)
        .bound_extent(s.tileRow, 1)
        .bound_extent(s.block, 1)
        .bound_extent(s.n, 1);
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
