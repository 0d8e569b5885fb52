#include "codegen/halide/schedules/Convolution.h"

using Halide::Expr;
using Halide::Func;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {
namespace {

/// The sums of one tile stay in registers over all taps.
void scheduleTile(const ConvolutionStages &stages, int pixels, int lanes) {
  Func sums = stages.sums;
  const Var &x = stages.spatial.front();
  sums.bound_extent(stages.lane, stages.width).bound_extent(x, pixels);
  sums.vectorize(stages.lane, lanes).unroll(stages.lane).unroll(x);
  std::vector<Halide::VarOrRVar> order{stages.lane, x};
  for (int i = 0; i < stages.taps.dimensions(); ++i)
    order.push_back(stages.taps[i]);
  sums.update()
      .reorder(order)
      .vectorize(stages.lane, lanes)
      .unroll(stages.lane)
      .unroll(x);
}

} // namespace

void scheduleConvolution(KernelBuilder &builder,
                         const ConvolutionStages &stages, const Store &store) {
  Func func = store.func;
  int lanes = builder.target().lanes(store.elementBytes);
  int pixels = static_cast<int>(builder.target().conv.rows);
  if (stages.width % lanes != 0)
    throw KernelError("expects panels of a multiple of " +
                      std::to_string(lanes) + ", got " +
                      std::to_string(stages.width));
  int rank = store.rank();
  Var c = store.axis(1), x = store.axis(rank - 1), n = store.axis(0);
  Var block("block"), lane("lane"), xo("xo"), xi("xi");
  func.split(c, block, lane, stages.width, TailStrategy::GuardWithIf);
  func.split(x, xo, xi, pixels, TailStrategy::GuardWithIf);
  // Rows inside blocks where the weights of all blocks are more than half the
  // cache: each block's are read once. Else blocks inside rows: the input is.
  Expr blocks = builder.expr(stages.outChannels) / stages.width + 1;
  std::optional<int64_t> channels = stages.outChannels.asConstant();
  bool weightsFit =
      channels && (*channels / stages.width + 1) * stages.weightBytes <=
                      static_cast<int64_t>(builder.target().l2Bytes / 2);
  std::vector<Halide::VarOrRVar> order{lane, xi, xo};
  std::vector<Var> outer;
  if (weightsFit)
    outer.push_back(block);
  for (int axis = rank - 2; axis >= 2; --axis)
    outer.push_back(store.axis(axis));
  if (!weightsFit)
    outer.push_back(block);
  outer.push_back(n);
  order.insert(order.end(), outer.begin(), outer.end());
  func.reorder(order);
  func.vectorize(lane, lanes).unroll(lane).unroll(xi);
  Expr work = builder.expr(store.dims[rank - 1]) *
              static_cast<int>(stages.weightBytes / 4);
  parallelizeOuter(func, outer, work, xo);
  Func sums = stages.sums;
  sums.compute_at(func, xo);
  scheduleTile(stages, pixels, lanes);
}

} // namespace dycc::halide
