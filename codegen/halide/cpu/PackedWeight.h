#ifndef DYCC_CODEGEN_HALIDE_CPU_PACKEDWEIGHT_H
#define DYCC_CODEGEN_HALIDE_CPU_PACKEDWEIGHT_H

#include "codegen/halide/cpu/Tile.h"
#include "codegen/halide/lowering/Prefetch.h"

namespace dycc::halide {

/// How loops go over the panels of a packed weight: all tiles of a strip with
/// one panel, then with the next.
struct PanelOrder {
  Halide::Expr panels;    ///< How many there are.
  Halide::Expr tilesLeft; ///< How many follow a tile in its strip.
  Halide::Expr tiles;     ///< How many a strip has.
};

/// The position in `weight` of the line that a tile asks for at a tap: together
/// the last tiles of a strip ask for the next panel, or after the last one for
/// the first.
Halide::Expr lineAhead(const PanelTensor &weight, const RegisterTiles &tiles,
                       const Halide::Var &block, const PanelOrder &order);

/// Of a sum that reads whole panels, one after the other as they lie, the lines
/// of `weight` that the last tile with panel `panel` of `panels` asks for at a
/// tap: the next panel.
LinesAhead nextPanel(const PanelTensor &weight, const RegisterTiles &tiles,
                     const Halide::Expr &panel, const PanelOrder &order);

/// Of a sum that reads all panels of a large `weight` once, one after the other
/// as they lie, the lines that it asks for at a tap: those some pages ahead.
LinesAhead streamAhead(const PanelTensor &weight, const RegisterTiles &tiles,
                       const Halide::Var &block);

/// The element of `weight` at the lane and the taps of `tiles` and at panel
/// `block`. With an order, it also asks for the line ahead, so that the next
/// panel has come from memory when its turn is: hardware looks ahead within
/// pages only.
Halide::Expr packedWeight(const PanelTensor &weight, const RegisterTiles &tiles,
                          const Halide::Var &block,
                          const std::optional<PanelOrder> &order);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_PACKEDWEIGHT_H
