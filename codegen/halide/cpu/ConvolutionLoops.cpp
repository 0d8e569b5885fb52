#include "codegen/halide/cpu/ConvolutionLoops.h"

using Halide::Expr;
using Halide::Func;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {
namespace {

/// The loops of one convolution.
class ConvolutionSchedule {
public:
  ConvolutionSchedule(KernelBuilder &builder, const ConvolutionStages &stages,
                      const Store &store)
      : builder(builder), stages(stages), store(store), func(store.func),
        lanes(builder.lanes(store.elementBytes)), width(stages.tiles.width),
        pixels(stages.tiles.height) {}

  void run() {
    int rank = store.rank();
    if (store.channelsLast &&
        static_cast<int>(store.elementBytes) == func.types()[0].bytes())
      builder.setAlias(stages.result, func.name());
    if (!stages.outChannels.isConstant()) // Whole panels: no lane is masked.
      func.bound(store.axis(1), 0, builder.expr(stages.outChannels));
    func.split(store.axis(1), block, lane, width, TailStrategy::GuardWithIf);
    func.split(store.axis(rank - 1), xo, xi, pixels, TailStrategy::GuardWithIf);
    switch (stages.plan.getLoops()) {
    case dyn::ConvolutionLoops::Rows:
      runRows();
      break;
    case dyn::ConvolutionLoops::Pixels:
      runPixels();
      break;
    case dyn::ConvolutionLoops::Panels:
      runPanels();
      break;
    }
    storeTile();
    stages.tiles.schedule(builder, func, stages.before ? block : xo, lanes);
  }

private:
  /// Vectors along what lies together: channels, or in row-major order the
  /// pixels of one. A vector of channels would be a store for each of them
  /// there, in large images all to the same few lines of the cache.
  void storeTile() {
    constexpr int fewestPixels = 4; // Of a vector.
    // Halide 21 stores parts of the target's vectors; with a mask it fails for
    // one that has a single element.
    bool leavesOne = pixels % lanes == 1;
    if (store.channelsLast || pixels < fewestPixels || leavesOne)
      func.vectorize(lane, lanes).unroll(lane).unroll(xi);
    else
      func.reorder(xi, lane).vectorize(xi);
  }

  Expr blocks() const {
    return (builder.expr(stages.outChannels) + (width - 1)) / width;
  }

  /// Multiply-adds of one pixel of one panel, or what is worth a task.
  Expr workPerPixel() const {
    auto perInput =
        static_cast<int>(std::min<int64_t>(stages.workPerInput, mostWork));
    if (stages.inputs.isConstant())
      return moreWork(builder.expr(stages.inputs), perInput);
    Expr inputs = Halide::min(builder.expr(stages.inputs), mostWork / perInput);
    return Halide::max(inputs, 1) * perInput;
  }

  /// The same of all panels.
  Expr workPerPixelOfAll() const {
    Expr work = workPerPixel();
    if (stages.outChannels.isConstant())
      return moreWork(work, blocks());
    constexpr int most = 64; // More are worth a task, and none may overflow.
    return Halide::min(work * Halide::min(blocks(), most), mostWork);
  }

  /// The same of one row.
  Expr rowWork() const {
    return moreWork(builder.expr(store.dims.back()), workPerPixel());
  }

  /// A line buffer is filled for each strip anew.
  int fewestRows() const {
    return stages.copiesInput() ? stages.rowsInFlight : 1;
  }

  void runRows() {
    Var y = store.axis(2), n = store.axis(0), strip("strip"), row("row");
    Expr rows = builder.perTask(
        moreWork(builder.expr(store.dims.back()), workPerPixelOfAll()));
    func.split(y, strip, row, Halide::max(rows, fewestRows()),
               TailStrategy::GuardWithIf);
    if (stages.before)
      func.reorder(lane, xi, block, xo, row, strip, n).never_partition(block);
    else
      func.reorder(lane, xi, xo, block, row, strip, n);
    builder.parallel(func, strip);
    builder.parallel(func, n);
    func.never_partition(xo, row, strip, n);
    if (stages.before)
      return placeBefore();
    if (stages.copiesEdges())
      return placeEdges(strip);
    if (!stages.copiesInput())
      return;
    int fold = 1;
    while (fold < stages.rowsInFlight)
      fold *= 2;
    Func padded = stages.padded;
    padded.store_at(func, strip)
        .compute_at(func, row)
        .fold_storage(stages.spatial[1], fold);
    vectorizeInput(padded);
  }

  /// Copies what a tile at an edge reads, into memory that `task` keeps.
  void placeEdges(const Var &task) {
    for (Func edge : llvm::drop_begin(stages.edges)) {
      edge.compute_at(stages.tiles.values, stages.tiles.tile)
          .hoist_storage(func, task)
          .never_partition_all();
      vectorizeInput(edge);
    }
  }

  Expr tiles() const {
    return (builder.expr(store.dims.back()) + (pixels - 1)) / pixels;
  }

  /// Strips of pixels, which stay in the cache while all panels pass.
  void runPixels() {
    Var n = store.axis(0), strip("strip");
    Expr work = moreWork(workPerPixelOfAll(), pixels);
    // So that a panel stays near while some tiles pass, but small images too
    // have a strip for each of several threads.
    constexpr int most = 16, strips = 8;
    Expr perStrip = Halide::max(builder.perTask(work),
                                Halide::clamp(tiles() / strips, 1, most));
    func.split(xo, strip, xo, perStrip, TailStrategy::GuardWithIf);
    if (stages.before)
      func.reorder(lane, xi, block, xo, strip, n).never_partition(block);
    else
      func.reorder(lane, xi, xo, block, strip, n);
    builder.parallel(func, strip);
    builder.parallel(func, n);
    func.never_partition(xo, strip, n);
    if (stages.before)
      return placeBefore();
    if (!stages.copiesInput())
      return;
    Func padded = stages.padded;
    padded.compute_at(func, strip)
        .bound_storage(stages.spatial[0],
                       Halide::min(perStrip, tiles()) * pixels);
    vectorizeInput(padded);
  }

  /// All channels of the convolution before, for one tile of pixels.
  void placeBefore() {
    stages.before->tiles.keepTile(builder, stages.kept,
                                  Halide::LoopLevel(func, xo),
                                  builder.expr(stages.imageChannels()), lanes);
    if (!stages.before->copiesInput())
      return;
    Func image = stages.before->padded;
    image.compute_at(func, xo).bound_storage(stages.before->spatial[0], pixels);
    vectorizeInput(image);
  }

  void runPanels() {
    std::vector<Halide::VarOrRVar> order{lane, xi, xo};
    std::vector<OuterLoop> outer;
    for (int axis = store.rank() - 2; axis >= 2; --axis)
      outer.push_back(outerLoop(builder, store, axis));
    outer.push_back({block, blocks()});
    outer.push_back(outerLoop(builder, store, 0));
    for (const OuterLoop &loop : outer)
      order.push_back(loop.var);
    func.reorder(order);
    func.never_partition(xo);
    parallelizeOuter(builder, func, outer, rowWork(), xo);
    if (!stages.copiesInput())
      return;
    Func padded = stages.padded;
    padded.compute_root();
    std::vector<OuterLoop> rows;
    for (size_t dim = 1; dim < stages.spatial.size(); ++dim)
      rows.push_back({stages.spatial[dim], 16});
    rows.push_back({stages.batch, 1});
    parallelizeOuter(builder, padded, rows, 1024, stages.spatial.front());
    vectorizeInput(padded);
  }

  void vectorizeInput(Func padded) {
    Var channel = padded.args().front();
    if (!stages.inputs.isConstant())
      padded.bound(channel, 0, builder.expr(stages.imageChannels()));
    if (stages.gathersChannels) {
      // A row of one vector's channels after the other: as many lines of the
      // image as it has lanes stay in the cache, wherever they lie.
      Var vectors("vectors");
      padded.split(channel, vectors, channel, lanes, TailStrategy::GuardWithIf)
          .reorder(channel, stages.spatial.front(), vectors)
          .vectorize(channel);
      return;
    }
    padded.vectorize(channel, lanes, TailStrategy::GuardWithIf);
  }

  KernelBuilder &builder;
  const ConvolutionStages &stages;
  const Store &store;
  Func func;
  int lanes, width, pixels;
  Var block{"block"}, lane{"lane"}, xo{"xo"}, xi{"xi"};
};

} // namespace

void scheduleConvolution(KernelBuilder &builder,
                         const ConvolutionStages &stages, const Store &store) {
  ConvolutionSchedule(builder, stages, store).run();
}

} // namespace dycc::halide
