#include "codegen/halide/definitions/PackedWeight.h"

#include "codegen/halide/Prefetch.h"

using Halide::Expr;
using Halide::select;
using Halide::Var;

namespace dycc::halide {

/// Bytes that a cache fetches at once.
static constexpr int lineBytes = 64;

Expr lineAhead(const PanelTensor &weight, const RegisterTiles &tiles,
               const Var &block, const PanelOrder &order) {
  Expr tap = 0, taps = 1;
  for (int i = 0; i < tiles.taps.dimensions(); ++i) {
    tap += tiles.taps[i] * taps;
    taps *= tiles.taps[i].extent();
  }
  int bytes = static_cast<int>(weight.element.bytes());
  int parts = (tiles.width * bytes + lineBytes - 1) / lineBytes;
  Expr next = select(block + 1 < order.panels, block + 1, 0);
  // Earlier tiles ask for what is there already: beyond the last panel may be
  // memory of nobody, and each look for it would take long.
  Expr isLate = order.tilesLeft < parts;
  Expr line = select(isLate, order.tilesLeft, 0) * taps + tap;
  Expr elements = taps * tiles.width;
  if (tiles.width * bytes % lineBytes != 0)
    line = Halide::min(line, (elements * bytes - 1) / lineBytes);
  return select(isLate, next, block) * elements + line * (lineBytes / bytes);
}

/// Whether the second-level cache holds two panels.
static bool fitTwice(const TargetInfo &target, const PanelTensor &weight,
                     const RegisterTiles &tiles) {
  Expr bytes = static_cast<int>(weight.width * weight.element.bytes());
  for (int i = 0; i < tiles.taps.dimensions(); ++i)
    bytes *= tiles.taps[i].extent();
  std::optional<int64_t> constant =
      Halide::Internal::as_const_int(Halide::Internal::simplify(bytes));
  return constant && 2 * *constant <= static_cast<int64_t>(target.l2Bytes);
}

Expr packedWeight(const TargetInfo &target, const PanelTensor &weight,
                  const RegisterTiles &tiles, const Var &block,
                  const std::optional<PanelOrder> &order) {
  std::vector<Expr> at{tiles.lane};
  for (int i = 0; i < tiles.taps.dimensions(); ++i)
    at.push_back(tiles.taps[i]);
  at.push_back(block);
  Expr element = weight.memory(at);
  bool onePanel = order && Halide::Internal::is_const_one(
                               Halide::Internal::simplify(order->panels));
  if (order && !onePanel && fitTwice(target, weight, tiles))
    element = prefetching(element, {weight.memory.name(),
                                    {lineAhead(weight, tiles, block, *order)}});
  return weight.element.load(element);
}

} // namespace dycc::halide
