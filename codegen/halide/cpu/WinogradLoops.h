#ifndef DYCC_CODEGEN_HALIDE_CPU_WINOGRADLOOPS_H
#define DYCC_CODEGEN_HALIDE_CPU_WINOGRADLOOPS_H

#include "codegen/halide/cpu/Tile.h"
#include "codegen/halide/roots/WinogradGrid.h"
#include "dialects/dyn/Winograd.h"

namespace dycc::halide {

/// The stages of a convolution by Winograd's filtering, in their order. A strip
/// is a rectangle of tiles, or the tiles of several images: tile t of it lies
/// at column t % grid.columns and row t / grid.columns, counted through the
/// images. Indices that several stages share: strip column and row, batch of
/// images.
struct WinogradStages {
  const dyn::Winograd *transform;
  dyn::WinogradPlanAttr plan;
  WinogradGrid grid;
  Halide::Expr columns, rows, images, count; ///< Of the grid; count: of tiles.
  dyn::ExprAttr inputs, outChannels;

  Halide::Func padded; ///< Images with their padding: (channel, x, y, n).
  /// Bᵀ along y: (channel, x within the tile, place along y, t, strip...).
  Halide::Func transformedRows;
  /// Bᵀ d B: (channel, t, place along x, along y, strip...).
  Halide::Func image;
  /// The products' sums over channels in registers: rows are the tiles of a
  /// strip; others place along x, along y, strip column, strip row, block,
  /// batch.
  RegisterTiles tiles;
  /// The same in memory: (lane, t, place along x, along y, strip..., block,
  /// batch).
  Halide::Func sums;
  /// Aᵀ along y: (lane, y within the tile, place along x, tile column, tile
  /// row, block, n).
  Halide::Func resultRows;
  /// (lane, x and y within the tile, tile column, tile row, block, n).
  Halide::Func result;

  Halide::Var block{"block"}, batch{"batch"}, lane{"lane"}, channel{"channel"};
  Halide::Var x{"x"}, y{"y"};                       ///< Of the padded image.
  Halide::Var t{"t"};                               ///< Tile of a strip.
  Halide::Var placeX{"place_x"}, placeY{"place_y"}; ///< Of a tile.
  Halide::Var stripColumn{"strip_x"}, stripRow{"strip_y"};
  Halide::Var tileColumn{"tile_x"}, tileRow{"tile_y"}, n{"n"};
};

/// Strips, in each the transformed image of all input channels, then panel by
/// panel the sums and the results of a strip. Strips are parallel, panels where
/// the plan says so; the outermost of these loops with more than one iteration
/// spreads over threads.
void scheduleWinograd(KernelBuilder &builder, const WinogradStages &stages,
                      const Store &store);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_WINOGRADLOOPS_H
