#include "codegen/halide/cpu/PackedWeight.h"

#include "codegen/halide/lowering/Prefetch.h"

using Halide::Expr;
using Halide::select;
using Halide::Var;

namespace dycc::halide {

Expr lineAhead(const PanelTensor &weight, const RegisterTiles &tiles,
               const Var &block, const PanelOrder &order) {
  Expr tap = 0, taps = 1;
  for (int i = 0; i < tiles.taps.dimensions(); ++i) {
    tap += tiles.taps[i] * taps;
    taps *= tiles.taps[i].extent();
  }
  // One request per tap, and no arithmetic on taps beside: it would cost more
  // than it saves. So the last slice ends where the panel does.
  int bytes = weight.memory.type().bytes();
  int perTap = std::min(tiles.width, lineBytes / bytes);
  Expr elements = taps * tiles.width, slice = taps * perTap;
  int slices = (tiles.width + perTap - 1) / perTap;
  Expr last = (elements - slice + (perTap - 1)) / perTap * perTap;
  Expr next = select(block + 1 < order.panels, block + 1, 0);
  Expr fromNext = next * elements + Halide::min(order.tilesLeft * slice, last);
  // Earlier tiles ask for what is there already: beyond the last panel may be
  // memory of nobody, and each look for it would take long.
  Expr from = select(order.tilesLeft < slices, fromNext, block * elements);
  return from + tap * perTap;
}

Expr packedWeight(const PanelTensor &weight, const RegisterTiles &tiles,
                  const Var &block, const std::optional<PanelOrder> &order) {
  std::vector<Expr> at{tiles.lane};
  for (int i = 0; i < tiles.taps.dimensions(); ++i)
    at.push_back(tiles.taps[i]);
  at.push_back(block);
  Expr element = weight.memory(at);
  bool onePanel = order && Halide::Internal::is_const_one(
                               Halide::Internal::simplify(order->panels));
  if (order && !onePanel)
    element = prefetching(element, {weight.memory.name(),
                                    {lineAhead(weight, tiles, block, *order)}});
  return weight.isGrouped() ? element : weight.element.load(element);
}

} // namespace dycc::halide
