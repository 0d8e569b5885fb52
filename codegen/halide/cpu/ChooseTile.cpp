#include "codegen/halide/cpu/Choose.h"

#include "llvm/ADT/STLExtras.h"

namespace dycc::halide {
namespace {

/// The heights that tiles of at most `tallest` rows need to cover `count` rows
/// with little waste, tallest first.
std::vector<int64_t> tileHeights(int64_t tallest, dyn::ExprAttr count) {
  // A kernel for each height would cost much to compile where tiles are tall.
  std::vector<int64_t> heights;
  for (int quarters = 4; quarters > 0; --quarters)
    if (int64_t height = tallest * quarters / 4)
      if (heights.empty() || heights.back() != height)
        heights.push_back(height);
  if (heights.back() != 1)
    heights.push_back(1);
  std::optional<int64_t> rows = count.asConstant();
  if (!rows)
    return heights;
  // The whole tiles, and what is left behind them.
  std::vector<int64_t> used;
  if (*rows >= tallest || *rows == 0)
    used.push_back(tallest);
  if (int64_t left = *rows % tallest) {
    auto shortest = llvm::find_if(
        llvm::reverse(heights), [&](int64_t height) { return height >= left; });
    if (used.empty() || used.front() != *shortest)
      used.push_back(*shortest);
  }
  return used;
}

/// How many taps run without a branch: about `wanted`, if possible a divisor
/// of all of them.
int64_t tapsAtOnce(std::optional<int64_t> depth, int64_t wanted) {
  if (!depth)
    return wanted;
  for (int64_t count : {wanted, wanted + 1, wanted - 1})
    if (wanted > 1 && count > 0 && *depth % count == 0)
      return count;
  return std::max<int64_t>(1, std::min(*depth, wanted));
}

/// Sums per element, so that tiles of `vectors` accumulators have enough that
/// do not wait for each other.
int64_t partsOf(int64_t vectors, std::optional<int64_t> depth,
                const codegen::TargetInfo &target) {
  int64_t parts = 1;
  while (depth && *depth % (2 * parts) == 0 && parts * vectors < sumsInFlight &&
         2 * parts * vectors + 4 <= static_cast<int64_t>(target.registers))
    parts *= 2;
  return parts;
}

/// The most rows whose sums stay in registers.
int64_t mostRows(const TileChoice &choice, const codegen::TargetInfo &target) {
  codegen::RegisterTile tile = target.tile(static_cast<unsigned>(choice.width),
                                           choice.element.computed.bytes());
  // Products of matrices need fewer registers for the other operands.
  unsigned rows = target.integerRows;
  bool fits = rows * tile.vectors + 8 <= target.registers;
  return rows && fits && !choice.element.isFloat() ? rows : tile.rows;
}

/// The tile of `rows` rows, with about `unroll` steps at once.
dyn::TileAttr makeTile(const TileChoice &choice, int64_t tallest,
                       int64_t unroll, const codegen::TargetInfo &target) {
  unsigned bytes = choice.element.computed.bytes();
  std::optional<int64_t> depth = choice.depth.asConstant();
  std::vector<int64_t> parts;
  std::vector<int64_t> heights = tileHeights(tallest, choice.rows);
  int64_t vectors = choice.width / target.lanes(bytes);
  for (int64_t rows : heights) {
    // Two pixels of a window take longer in parts, one is faster.
    bool inParts = choice.element.isFloat() && !choice.isAnywhere &&
                   (choice.isFlat || rows == 1);
    parts.push_back(inParts ? partsOf(rows * vectors, depth, target) : 1);
  }
  if (depth)
    *depth /= parts.front();
  return dyn::TileAttr::get(choice.rows.getContext(), tallest, choice.width,
                            heights, parts, tapsAtOnce(depth, unroll));
}

} // namespace

dyn::TileAttr chooseTile(const TileChoice &choice,
                         const codegen::TargetInfo &target) {
  return makeTile(choice, mostRows(choice, target), target.unroll, target);
}

std::vector<dyn::TileAttr> tilesNear(const TileChoice &choice,
                                     dyn::TileAttr tile,
                                     const codegen::TargetInfo &target) {
  constexpr int64_t unrolls[] = {1, 2, 4, 8};
  int64_t rows = tile.getRows(), unroll = tile.getUnroll();
  std::vector<dyn::TileAttr> near;
  for (int64_t steps : stepsFrom(unroll, unrolls))
    near.push_back(makeTile(choice, rows, steps, target));
  // Lower tiles leave less behind the last whole one, and fit smaller images.
  for (int64_t other : {rows - 1, rows + 1, rows * 3 / 4, rows / 2})
    if (other >= 1 && other <= mostRows(choice, target))
      near.push_back(makeTile(choice, other, unroll, target));
  near.push_back(dyn::TileAttr::get(
      tile.getContext(), rows, tile.getWidth(), tile.getHeights(),
      std::vector<int64_t>(tile.getParts().size(), 1), unroll));
  return near;
}

bool hasRoomBeside(const dyn::TileAttr &tile, int64_t lanes) {
  constexpr int64_t fewestProducts = 20;
  return tile.getWidth() / lanes * tile.getRows() >= fewestProducts;
}

bool isFetchedAhead(int64_t bytes, const dyn::TileAttr &tile,
                    unsigned elementBytes, const codegen::TargetInfo &target) {
  return hasRoomBeside(tile, target.lanes(elementBytes)) &&
         2 * bytes <= static_cast<int64_t>(target.l2Bytes);
}

} // namespace dycc::halide
