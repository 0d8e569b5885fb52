#include "codegen/halide/cpu/ConvolutionAhead.h"

#include "codegen/halide/lowering/Prefetch.h"

using Halide::Expr;

namespace dycc::halide {

ConvolutionAhead::ConvolutionAhead(const ConvolutionStages &stages,
                                   const Window &window, int bytes)
    : stages(stages), window(window), bytes(bytes) {
  for (int axis = window.rank() - 1; axis >= 0; --axis) {
    position += stages.tiles.taps[window.rank() - axis] * positions;
    positions *= static_cast<int>(window.kernel[axis]);
  }
}

int ConvolutionAhead::linesOf(int64_t elements) const {
  return static_cast<int>((elements * bytes + lineBytes - 1) / lineBytes);
}

Expr ConvolutionAhead::ofResult(Expr value) const {
  const RegisterTiles &tiles = stages.tiles;
  int pixels = (tiles.height + positions - 1) / positions;
  for (int i = 0; i < pixels; ++i) {
    Expr x = (tiles.tile + 1) * tiles.height + position * pixels + i;
    value = prefetching(value, {stages.result,
                                {x, stages.spatial[1],
                                 stages.block * tiles.width, stages.batch},
                                linesOf(tiles.width),
                                lineBytes / bytes,
                                /*forWriting=*/true});
  }
  return value;
}

Expr ConvolutionAhead::ofInput(KernelBuilder &builder, Expr value,
                               const std::string &input,
                               const Dims &dims) const {
  const RegisterTiles &tiles = stages.tiles;
  int advance = static_cast<int>(tiles.height * window.strides.back());
  int pixels = (advance + positions - 1) / positions;
  auto lastOf = [&](int axis, const Expr &out) {
    return window.position(axis, out,
                           static_cast<int>(window.kernel[axis]) - 1);
  };
  Expr x = lastOf(1, (tiles.tile + 1) * tiles.height) + position * pixels;
  Expr y =
      Halide::clamp(lastOf(0, stages.spatial[1]), 0, builder.expr(dims[2]) - 1);
  Expr rowBytes = builder.expr(dims[1]) * (pixels * bytes);
  Expr lines = (rowBytes + (lineBytes - 1)) / lineBytes;
  return prefetching(
      value, {input, {x, y, 0, stages.batch}, lines, lineBytes / bytes});
}

} // namespace dycc::halide
