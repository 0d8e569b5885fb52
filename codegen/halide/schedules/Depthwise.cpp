#include "codegen/halide/schedules/Convolution.h"

using Halide::Expr;
using Halide::Func;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {
namespace {

/// Taps of one tile that are unrolled at most: then neighbouring pixels share
/// the elements that they load.
constexpr int64_t maxUnrolledTaps = 25;

/// Pixels of a tile: their sums take half the registers, the inputs of a row of
/// taps most of the others.
int tilePixels(const TargetInfo &target, int vectors) {
  return static_cast<int>(target.registers) / (2 * vectors);
}

void scheduleTile(const ConvolutionStages &stages, int pixels, int lanes,
                  int64_t numTaps) {
  Func sums = stages.sums;
  const Var &x = stages.spatial[0], &y = stages.spatial[1];
  sums.bound_extent(stages.lane, stages.width).bound_extent(x, pixels);
  for (const Var &one : {y, stages.block, stages.batch})
    sums.bound_extent(one, 1);
  sums.vectorize(stages.lane, lanes).unroll(stages.lane).unroll(x);
  Halide::RVar input = stages.taps[0], kx = stages.taps[1], ky = stages.taps[2];
  Halide::Stage update = sums.update();
  update.reorder(stages.lane, input, x, kx, ky)
      .vectorize(stages.lane, lanes)
      .unroll(stages.lane)
      .unroll(x);
  if (numTaps <= maxUnrolledTaps)
    update.unroll(kx).unroll(ky);
}

/// Rows of the padded input, kept while a strip needs them.
void scheduleLineBuffer(const ConvolutionStages &stages, Func func,
                        const Var &strip, const Var &row, int lanes) {
  int fold = 1;
  while (fold < stages.rowsInFlight)
    fold *= 2;
  Func padded = stages.padded;
  padded.store_at(func, strip)
      .compute_at(func, row)
      .fold_storage(stages.spatial[1], fold)
      .vectorize(padded.args().front(), lanes, TailStrategy::GuardWithIf);
}

} // namespace

void scheduleDepthwise(KernelBuilder &builder, const ConvolutionStages &stages,
                       const Store &store) {
  Func func = store.func;
  Var block("block"), lane("lane"), xo("xo"), xi("xi"), strip("strip"),
      row("row");
  Var y = store.axis(2), n = store.axis(0);
  int lanes = static_cast<int>(builder.target().lanes(store.elementBytes));
  int pixels = tilePixels(builder.target(), stages.width / lanes);
  int64_t numTaps = stages.weightBytes / (stages.width * store.elementBytes);
  func.split(store.axis(1), block, lane, stages.width,
             TailStrategy::GuardWithIf)
      .split(store.axis(3), xo, xi, pixels, TailStrategy::GuardWithIf);
  Expr channels = builder.expr(stages.outChannels);
  Expr rowWork =
      builder.expr(store.dims[3]) * channels * static_cast<int>(numTaps);
  Expr rows = Halide::max(minimumWork / Halide::max(rowWork, 1),
                          4 * stages.rowsInFlight);
  func.split(y, strip, row, rows, TailStrategy::GuardWithIf)
      .reorder(lane, xi, block, xo, row, strip, n)
      .parallel(strip)
      .parallel(n)
      .vectorize(lane, lanes)
      .unroll(lane)
      .unroll(xi);
  Func sums = stages.sums;
  sums.compute_at(func, block);
  scheduleTile(stages, pixels, lanes, numTaps);
  if (stages.copiesInput)
    scheduleLineBuffer(stages, func, strip, row, lanes);
}

} // namespace dycc::halide
