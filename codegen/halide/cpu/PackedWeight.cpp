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
  // One request per tap, and little arithmetic on taps beside: it would cost
  // more than it saves. So the last slice ends where the panel does. Where
  // there are tiles enough, two or four taps ask for the same line: a line per
  // tap keeps more of them on the way than a core can wait for, and what
  // products read waits behind them.
  int bytes = weight.memory.type().bytes();
  int perLine = std::min(tiles.width, lineBytes / bytes);
  int lines = (tiles.width + perLine - 1) / perLine; // Of the panel, for a tap.
  Expr shift =
      select(order.tiles >= 4 * lines, 2, order.tiles >= 2 * lines, 1, 0);
  Expr elements = taps * tiles.width,
       slice = (((taps - 1) >> shift) + 1) * perLine;
  Expr slices = lines << shift;
  Expr last = (elements - slice + (perLine - 1)) / perLine * perLine;
  Expr next = select(block + 1 < order.panels, block + 1, 0);
  Expr fromNext = next * elements + Halide::min(order.tilesLeft * slice, last);
  // Earlier tiles ask for what is there already: beyond the last panel may be
  // memory of nobody, and each look for it would take long.
  Expr from = select(order.tilesLeft < slices, fromNext, block * elements);
  return from + (tap >> shift) * perLine;
}

LinesAhead nextPanel(const PanelTensor &weight, const RegisterTiles &tiles,
                     const Expr &panel, const PanelOrder &order) {
  Expr elements = tiles.taps.x.extent() * tiles.width;
  // Earlier tiles ask for what they read, as above.
  Expr isLast = order.tilesLeft == 0 && panel + 1 < order.panels;
  Expr from = select(isLast, panel + 1, panel) * elements;
  int perLine = std::min(tiles.width, lineBytes / weight.memory.type().bytes());
  return {weight.memory.name(),
          {from + tiles.taps.x * tiles.width},
          tiles.width / perLine,
          perLine};
}

LinesAhead streamAhead(const PanelTensor &weight, const RegisterTiles &tiles,
                       const Var &block) {
  // Hardware looks ahead within a page, and begins anew in each. Not limited:
  // arithmetic on each tap would cost what this saves, and behind the last
  // panel of so large a weight the few looks for memory of nobody cost little.
  constexpr int distance = 16 << 10;
  int bytes = weight.memory.type().bytes();
  int perLine = std::min(tiles.width, lineBytes / bytes);
  Expr tap = block * tiles.taps.x.extent() + tiles.taps.x;
  return {weight.memory.name(),
          {tap * tiles.width + distance / bytes},
          tiles.width / perLine,
          perLine};
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
