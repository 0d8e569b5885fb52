#include "codegen/halide/cpu/Tile.h"

#include "codegen/halide/Float.h"
#include "codegen/halide/lowering/Alternatives.h"
#include "codegen/halide/lowering/Opaque.h"

using Halide::Expr;
using Halide::Func;
using Halide::LoopLevel;
using Halide::RVar;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {

std::vector<Var> RegisterTiles::arguments() const {
  std::vector<Var> result{lane, row, tile};
  llvm::append_range(result, others);
  return result;
}

/// The tiles by their heights, without sums.
std::vector<TileHeight> RegisterTiles::kinds(Expr rows) const {
  std::vector<TileHeight> result;
  Expr left = rows - tile * height;
  llvm::ArrayRef<int64_t> heights = plan.getHeights();
  for (size_t i = 0; i < heights.size(); ++i) {
    Expr condition;
    auto require = [&](Expr e) {
      condition = condition.defined() ? condition && e : e;
    };
    if (isInside.defined())
      require(!isInside);
    if (i > 0)
      require(left <= static_cast<int>(heights[i]));
    if (i + 1 < heights.size())
      require(left > static_cast<int>(heights[i + 1]));
    result.push_back({static_cast<int>(heights[i]), condition,
                      static_cast<int>(plan.getParts()[i])});
  }
  if (isInside.defined())
    result.insert(result.begin(), {height, isInside,
                                   static_cast<int>(plan.getParts().front())});
  bool mayStream =
      streams.defined() &&
      !Halide::Internal::is_const_zero(Halide::Internal::simplify(streams));
  if (mayStream && result.back().rows == 1)
    addStreaming(result);
  return result;
}

void RegisterTiles::addStreaming(std::vector<TileHeight> &kinds) const {
  TileHeight streaming = kinds.back();
  Expr &near = kinds.back().condition, &far = streaming.condition;
  far = far.defined() ? far && streams : streams;
  near = near.defined() ? near && !streams : !streams;
  streaming.streams = true;
  kinds.push_back(streaming);
}

void RegisterTiles::defineSums(TileHeight &tiles, Halide::Type type,
                               llvm::function_ref<Expr(Expr)> add) {
  tiles.taps = taps;
  tiles.sums = Func("sums");
  std::vector<Var> vars = arguments();
  vars.insert(vars.begin() + 2, part);
  std::vector<Expr> at(vars.begin(), vars.end());
  tiles.sums(vars) = Halide::Internal::make_zero(type);
  Expr sum = add(tiles.sums(at));
  if (tiles.parts > 1) {
    Halide::Region region{
        {0, Halide::Internal::simplify(taps[0].extent() / tiles.parts)}};
    for (int i = 1; i < taps.dimensions(); ++i)
      region.emplace_back(taps[i].min(), taps[i].extent());
    tiles.taps = Halide::RDom(region, "part_taps");
    std::map<std::string, Expr> replacement{
        {taps[0].name(), tiles.taps[0] * tiles.parts + part}};
    for (int i = 1; i < taps.dimensions(); ++i)
      replacement[taps[i].name()] = tiles.taps[i];
    sum = Halide::Internal::substitute(replacement, sum);
    leaveOut(tiles.taps, replacement);
  }
  tiles.sums(vars) = sum;
}

void RegisterTiles::define(Expr rows, Halide::Type type, Add add) {
  std::vector<Var> vars = arguments();
  std::vector<Expr> at(vars.begin(), vars.end());
  byHeight = kinds(rows);
  // An update per height, and only one of them runs. Halide skips the sums
  // whose condition is false, since it depends on loops outside of theirs only:
  // the tile is an index of its own. Zeros first: what a lower tile leaves
  // undefined would stay in registers from the tile before. Bounds that follow
  // from a condition would differ from the tile: LLVM then keeps the sums in
  // memory, where it cannot see that they are at the start of their buffer.
  values = Func("tile_sums");
  values(vars) = Halide::Internal::make_zero(type);
  for (auto [kind, tiles] : llvm::enumerate(byHeight)) {
    auto addHere = [&](Expr sum) { return add(sum, kind); };
    if (tiles.parts == 1) {
      sumInPlace(tiles, at, addHere);
      continue;
    }
    defineSums(tiles, type, addHere);
    joinParts(tiles, at);
  }
}

/// Leaves the taps out of `domain` that reach nothing; `names` are what it
/// calls the taps. (Opaque: no bounds shall follow from them.)
void RegisterTiles::leaveOut(Halide::RDom &domain,
                             const std::map<std::string, Expr> &names) const {
  for (const Expr &reach : reaches)
    domain.where(opaque(Halide::Internal::substitute(names, reach)));
}

/// Adds up in the tile itself: a Func for the sums would take as long again to
/// compile.
void RegisterTiles::sumInPlace(TileHeight &tiles, std::vector<Expr> at,
                               llvm::function_ref<Expr(Expr)> add) {
  Halide::Region region{{0, tiles.rows}};
  for (int i = 0; i < taps.dimensions(); ++i)
    region.emplace_back(taps[i].min(), taps[i].extent());
  tiles.taps = Halide::RDom(region, "row_taps");
  if (tiles.condition.defined())
    tiles.taps.where(alternative(tiles.condition));
  std::map<std::string, Expr> replacement{{row.name(), tiles.taps[0]}};
  for (int i = 0; i < taps.dimensions(); ++i)
    replacement[taps[i].name()] = tiles.taps[i + 1];
  leaveOut(tiles.taps, replacement);
  at[1] = tiles.taps[0];
  values(at) = Halide::Internal::substitute(replacement, add(values(at)));
}

/// The tile's element is the sum of its parts.
void RegisterTiles::joinParts(const TileHeight &tiles, std::vector<Expr> at) {
  Halide::RDom rowsHere(0, tiles.rows, "rows");
  if (tiles.condition.defined())
    rowsHere.where(alternative(tiles.condition));
  at[1] = rowsHere.x;
  Expr total;
  for (int number = 0; number < tiles.parts; ++number) {
    std::vector<Expr> place = at;
    place.insert(place.begin() + 2, number);
    Expr sum = tiles.sums(place);
    total = total.defined() ? strict(total + sum) : sum;
  }
  values(at) = total;
}

Expr RegisterTiles::at(Expr column, Expr row,
                       llvm::ArrayRef<Expr> others) const {
  std::vector<Expr> index{column % width, row % height, row / height};
  llvm::append_range(index, others);
  return values(index);
}

/// What there is less of stays in registers: the rows' broadcasts or the
/// columns' vectors. The others follow one by one.
static std::vector<Halide::VarOrRVar>
registerOrder(bool isWide, const Var &vector, const Halide::VarOrRVar &lane,
              const Halide::VarOrRVar &row) {
  return isWide ? std::vector<Halide::VarOrRVar>{vector, row, lane}
                : std::vector<Halide::VarOrRVar>{vector, lane, row};
}

void RegisterTiles::scheduleInPlace(Halide::Stage update,
                                    const TileHeight &tiles, int lanes,
                                    int unroll) const {
  const Halide::RDom &taps = tiles.taps; // The first one is the row.
  RVar outer("outer"), inner("inner"), rowHere(taps[0]);
  Var vector("vector");
  std::vector<Halide::VarOrRVar> order =
      registerOrder(tiles.rows * lanes < width, vector, lane, rowHere);
  order.insert(order.end(), {inner, outer});
  for (int i = 2; i < taps.dimensions(); ++i)
    order.emplace_back(RVar(taps[i]));
  order.emplace_back(tile);
  order.insert(order.end(), others.begin(), others.end());
  update.split(RVar(taps[1]), outer, inner, unroll, TailStrategy::GuardWithIf)
      .split(lane, lane, vector, lanes)
      .reorder(order)
      .vectorize(vector)
      .unroll(lane)
      .unroll(rowHere)
      .unroll(inner);
}

void RegisterTiles::scheduleParts(const TileHeight &tiles, int lanes,
                                  int unroll) const {
  Func sums = tiles.sums;
  const Halide::RDom &taps = tiles.taps;
  sums.bound_extent(row, tiles.rows).bound_extent(part, tiles.parts);
  RVar outer("outer"), inner("inner");
  Var vector("vector");
  std::vector<Halide::VarOrRVar> order =
      registerOrder(tiles.rows * lanes < width, vector, lane, row);
  order.insert(order.end(), {part, inner, outer});
  for (int i = 1; i < taps.dimensions(); ++i)
    order.push_back(taps[i]);
  sums.vectorize(lane, lanes).unroll(lane).unroll(row).unroll(part);
  sums.update()
      .split(taps[0], outer, inner, unroll, TailStrategy::GuardWithIf)
      .split(lane, lane, vector, lanes)
      .reorder(order)
      .vectorize(vector)
      .unroll(lane)
      .unroll(row)
      .unroll(part)
      .unroll(inner);
}

void RegisterTiles::bound(Func func) const {
  func.bound_extent(lane, width).bound_extent(tile, 1);
  for (const Var &other : others)
    func.bound_extent(other, 1);
}

void RegisterTiles::scheduleJoin(Halide::Stage update, const TileHeight &tiles,
                                 int lanes) const {
  RVar row(update.get_schedule().rvars().front().var);
  std::vector<Halide::VarOrRVar> order{lane, row, tile};
  order.insert(order.end(), others.begin(), others.end());
  update.reorder(order).vectorize(lane, lanes).unroll(lane).unroll(row);
  bound(tiles.sums);
  Func(tiles.sums).compute_at(values, tile);
}

void RegisterTiles::schedule(KernelBuilder &builder, Func consumer, Var loop,
                             int lanes) const {
  Func whole = values;
  bound(whole);
  whole.compute_at(consumer, loop)
      .bound_extent(row, height)
      .vectorize(lane, lanes)
      .unroll(lane)
      .unroll(row);
  for (auto [i, tiles] : llvm::enumerate(byHeight)) {
    // What is left is rare, and its code shall be small.
    bool isWhole = i == 0 || byHeight.front().rows == tiles.rows;
    int unroll = isWhole ? static_cast<int>(plan.getUnroll()) : 1;
    Halide::Stage update = whole.update(static_cast<int>(i));
    if (tiles.parts == 1) {
      scheduleInPlace(update, tiles, lanes, unroll);
      continue;
    }
    scheduleJoin(update, tiles, lanes);
    scheduleParts(tiles, lanes, unroll);
  }
}

Expr RegisterTiles::within(const Expr &row, const Expr &tile, const Expr &rows,
                           int height) {
  Expr last = Halide::min(height, rows - tile * height) - 1;
  return promisedWithin(row, 0, last);
}

// (Kept by a task, the memory could not depend on a mask: Halide 21 does not
// lower the condition of such an allocation.)
void placeTile(Func tile, const LoopLevel &level, const Expr &columns,
               int height) {
  std::vector<Var> arguments = tile.args();
  tile.compute_at(level)
      .bound(arguments[0], 0, columns)
      .bound_storage(arguments[1], height);
  for (size_t i = 2; i < arguments.size(); ++i)
    tile.bound_extent(arguments[i], 1);
}

void RegisterTiles::keepTile(KernelBuilder &builder, Func kept,
                             const LoopLevel &level, const Expr &columns,
                             int lanes) const {
  std::vector<Var> arguments = kept.args();
  Var panel("panel"), panelLane("panel_lane"), outer("outer"), inner("inner");
  placeTile(kept, level, columns, height);
  kept.split(arguments[0], panel, panelLane, width, TailStrategy::GuardWithIf)
      .split(arguments[1], outer, inner, height, TailStrategy::GuardWithIf);
  std::vector<Halide::VarOrRVar> order{panelLane, inner, outer, panel};
  order.insert(order.end(), arguments.begin() + 2, arguments.end());
  kept.reorder(order)
      .vectorize(panelLane, lanes)
      .unroll(panelLane)
      .unroll(inner)
      .never_partition(outer);
  schedule(builder, kept, panel, lanes);
}

} // namespace dycc::halide
