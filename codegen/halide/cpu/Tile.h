#ifndef DYCC_CODEGEN_HALIDE_CPU_TILE_H
#define DYCC_CODEGEN_HALIDE_CPU_TILE_H

#include "codegen/halide/cpu/Loops.h"

namespace dycc::halide {

/// The sums of the tiles that have some number of rows.
struct TileHeight {
  int rows;
  Halide::Expr condition; ///< Which tiles these are; undefined: all.
  /// Sums that one element is made of, each of every parts-th tap: low tiles
  /// have too few elements to keep the multipliers busy.
  int parts = 1;
  Halide::RDom taps = {}; ///< Of one part; behind the row where that is all.
  /// (lane, row, part, tile, others...), where there are several parts.
  Halide::Func sums = {};
  bool streams = false; ///< What they read once comes from memory.
};

/// Sums of products in register tiles: some rows (of a matrix, or pixels of an
/// image) by one panel of columns (or channels). Column n is lane n mod width
/// of a block, row m is row m mod height of tile m / height. What is left
/// behind the whole tiles has tiles of fewer rows.
struct RegisterTiles {
  Halide::Var lane{"lane"}, row{"row"}, part{"part"}, tile{"tile"};
  std::vector<Halide::Var> others; ///< Block, batch...
  dyn::TileAttr plan;
  int width = 0, height = 0; ///< Those of the plan.
  Halide::RDom taps;         ///< What the sums are over, the innermost first.
  /// Taps for which one of these is false are left out of a tile's sums. They
  /// depend on the tile and on taps but the innermost one.
  std::vector<Halide::Expr> reaches;

  /// The sums: (lane, row, tile, others...).
  Halide::Func values;
  /// The same by the rows that a tile has, tallest first.
  std::vector<TileHeight> byHeight;
  /// Where defined: whole tiles for which it is true are first in `byHeight`,
  /// and are not among the others.
  Halide::Expr isInside;
  /// Where defined: tiles of one row for which it is true are of a kind of
  /// their own, which is last and `streams`.
  Halide::Expr streams;

  /// The tiles of `plan`, whose sums are over `taps`.
  void setPlan(dyn::TileAttr tile) {
    plan = tile;
    width = static_cast<int>(tile.getWidth());
    height = static_cast<int>(tile.getRows());
  }

  /// The sum and one more product, in the tiles `byHeight[kind]`.
  using Add = llvm::function_ref<Halide::Expr(Halide::Expr sum, size_t kind)>;
  /// Defines the sums of `rows` rows of products of `type`.
  void define(Halide::Expr rows, Halide::Type type, Add add);
  /// The sum at a place; `others` as the members are.
  Halide::Expr at(Halide::Expr column, Halide::Expr row,
                  llvm::ArrayRef<Halide::Expr> others) const;
  /// `row`, of the tile `tile` of `rows`, as an index of what has no rows
  /// beyond the last one.
  static Halide::Expr within(const Halide::Expr &row, const Halide::Expr &tile,
                             const Halide::Expr &rows, int height);
  /// Computes `kept`, a function of (column, row within a tile, tile,
  /// others...), for one tile at `level`: all of its `columns`, panel by panel,
  /// in these tiles.
  void keepTile(KernelBuilder &builder, Halide::Func kept,
                const Halide::LoopLevel &level, const Halide::Expr &columns,
                int lanes) const;
  /// Computes one tile after the other at loop `loop` of `consumer`. The sums
  /// stay in registers over all taps.
  void schedule(KernelBuilder &builder, Halide::Func consumer, Halide::Var loop,
                int lanes) const;

private:
  std::vector<Halide::Var> arguments() const;
  std::vector<TileHeight> kinds(Halide::Expr rows) const;
  void addStreaming(std::vector<TileHeight> &kinds) const;
  void leaveOut(Halide::RDom &domain,
                const std::map<std::string, Halide::Expr> &names) const;
  void defineSums(TileHeight &tiles, Halide::Type type,
                  llvm::function_ref<Halide::Expr(Halide::Expr)> add);
  void sumInPlace(TileHeight &tiles, std::vector<Halide::Expr> at,
                  llvm::function_ref<Halide::Expr(Halide::Expr)> add);
  void joinParts(const TileHeight &tiles, std::vector<Halide::Expr> at);
  void bound(Halide::Func func) const;
  void scheduleInPlace(Halide::Stage update, const TileHeight &tiles, int lanes,
                       int unroll) const;
  void scheduleJoin(Halide::Stage update, const TileHeight &tiles,
                    int lanes) const;
  void scheduleParts(const TileHeight &tiles, int lanes, int unroll) const;
};

/// Memory of one tile's rows at `level`, of a function as keepTile() has it.
void placeTile(Halide::Func tile, const Halide::LoopLevel &level,
               const Halide::Expr &columns, int height);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_TILE_H
