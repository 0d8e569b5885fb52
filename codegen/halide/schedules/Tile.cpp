#include "codegen/halide/schedules/Tile.h"

using Halide::Expr;
using Halide::Func;
using Halide::RVar;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {
namespace {

/// The heights that tiles of at most `tallest` rows need to cover `count` rows
/// with little waste, tallest first.
std::vector<int> tileHeights(int tallest, dyn::ExprAttr count) {
  // A kernel for each height would cost much to compile where tiles are tall.
  int step = (tallest + 3) / 4;
  std::vector<int> heights;
  for (int height = tallest; height > 0; height -= step)
    heights.push_back(height);
  if (heights.back() != 1)
    heights.push_back(1);
  std::optional<int64_t> rows = count.asConstant();
  if (!rows)
    return heights;
  // The whole tiles, and what is left behind them.
  std::vector<int> used;
  if (*rows >= tallest || *rows == 0)
    used.push_back(tallest);
  if (int64_t left = *rows % tallest) {
    auto shortest = llvm::find_if(llvm::reverse(heights),
                                  [&](int height) { return height >= left; });
    if (used.empty() || used.front() != *shortest)
      used.push_back(*shortest);
  }
  return used;
}

/// How many taps run without a branch: about `wanted`, if possible a divisor
/// of all of them.
int tapsAtOnce(std::optional<int> depth, int wanted) {
  if (!depth)
    return wanted;
  for (int count : {wanted, wanted + 1, wanted - 1})
    if (wanted > 1 && count > 0 && *depth % count == 0)
      return count;
  return std::max(1, std::min(*depth, wanted));
}

} // namespace

std::vector<Var> RegisterTiles::arguments() const {
  std::vector<Var> result{lane, row, tile};
  llvm::append_range(result, others);
  return result;
}

void RegisterTiles::define(KernelBuilder &builder, dyn::ExprAttr rows,
                           Halide::Type type,
                           llvm::function_ref<Expr(Expr)> add) {
  std::vector<Var> vars = arguments();
  std::vector<Expr> at(vars.begin(), vars.end());
  for (int count : tileHeights(height, rows)) {
    Func sums("sums");
    sums(vars) = Halide::Internal::make_zero(type);
    sums(vars) = add(sums(at));
    byHeight.emplace_back(count, sums);
  }
  // An update per height, and only one of them runs. Halide skips the sums
  // whose condition is false, since it depends on loops outside of theirs only:
  // the tile is an index of its own. Zeros first: what a lower tile leaves
  // undefined would stay in registers from the tile before.
  values = Func("tile_sums");
  values(vars) = Halide::Internal::make_zero(type);
  Expr left = builder.expr(rows) - tile * height;
  for (auto [i, sums] : llvm::enumerate(byHeight)) {
    Halide::RDom rowsHere(0, sums.first, "rows");
    if (i > 0)
      rowsHere.where(left <= sums.first);
    if (i + 1 < byHeight.size())
      rowsHere.where(left > byHeight[i + 1].first);
    at[1] = rowsHere.x;
    values(at) = sums.second(at);
  }
}

Expr RegisterTiles::at(Expr column, Expr row,
                       llvm::ArrayRef<Expr> others) const {
  std::vector<Expr> index{column % width, row % height, row / height};
  llvm::append_range(index, others);
  return values(index);
}

void RegisterTiles::scheduleOne(Func sums, int rows, int lanes,
                                int unroll) const {
  sums.bound_extent(row, rows);
  RVar outer("outer"), inner("inner");
  Var vector("vector");
  // What there is less of stays in registers: the rows' broadcasts or the
  // columns' vectors. The others follow one by one.
  std::vector<Halide::VarOrRVar> order{vector, lane, row, inner, outer};
  if (rows * lanes < width)
    order = {vector, row, lane, inner, outer};
  for (int i = 1; i < taps.dimensions(); ++i)
    order.push_back(taps[i]);
  sums.vectorize(lane, lanes).unroll(lane).unroll(row);
  sums.update()
      .split(taps[0], outer, inner, unroll, TailStrategy::GuardWithIf)
      .split(lane, lane, vector, lanes)
      .reorder(order)
      .vectorize(vector)
      .unroll(lane)
      .unroll(row)
      .unroll(inner);
}

void RegisterTiles::schedule(KernelBuilder &builder, Func consumer, Var loop,
                             int lanes) const {
  int unroll = tapsAtOnce(depth, static_cast<int>(builder.target().unroll));
  auto bound = [&](Func func) {
    func.bound_extent(lane, width).bound_extent(tile, 1);
    for (const Var &other : others)
      func.bound_extent(other, 1);
  };
  Func whole = values;
  bound(whole);
  whole.compute_at(consumer, loop)
      .bound_extent(row, height)
      .vectorize(lane, lanes)
      .unroll(lane)
      .unroll(row);
  for (auto [i, sums] : llvm::enumerate(byHeight)) {
    auto [rows, func] = sums;
    Halide::Stage update = whole.update(static_cast<int>(i));
    RVar row(update.get_schedule().rvars().front().var);
    std::vector<Halide::VarOrRVar> order{lane, row, tile};
    order.insert(order.end(), others.begin(), others.end());
    update.reorder(order).vectorize(lane, lanes).unroll(lane).unroll(row);
    bound(func);
    func.compute_at(whole, tile);
    // What is left is rare, and its code shall be small.
    scheduleOne(func, rows, lanes, i == 0 ? unroll : 1);
  }
}

} // namespace dycc::halide
