#include "codegen/halide/cpu/PaddedRows.h"

#include "codegen/halide/lowering/Opaque.h"

using Halide::Expr;
using Halide::Func;
using Halide::RDom;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {

RowZones::RowZones(const Expr &extent, const Expr &before, const Expr &end) {
  // The padding may be less than none, on both sides.
  Expr first = -before, start = Halide::max(first, 0);
  auto zone = [](const char *name, const Expr &from, const Expr &to) {
    Expr count = Halide::Internal::simplify(Halide::max(to - from, 0));
    return RDom(Halide::Internal::simplify(from), count, name);
  };
  columns = zone("columns", start, Halide::min(extent, end));
  for (const RDom &edge : {zone("edge", first, Halide::min(Expr(0), end)),
                           zone("edge", Halide::max(extent, first), end)})
    if (!Halide::Internal::is_const_zero(edge.x.extent()))
      edges.push_back(edge);
}

std::vector<RowPart> paddedParts(const RowSource &source, const Expr &outside) {
  // At most so many columns are written one after the other.
  constexpr int narrow = 4;
  RowZones zones(source.columns, source.before, source.end);
  RDom columns = zones.columns;
  // Not looked into: the size of the copy shall not depend on the row.
  if (source.inside.defined())
    columns.where(opaque(source.inside));
  Index place = axisVars(source.rank);
  place.back() = columns.x;
  std::vector<RowPart> parts{{columns, source.element(place)}};
  for (const RDom &edge : zones.edges) {
    bool isNarrow = Halide::Internal::can_prove(edge.x.extent() <= narrow);
    parts.push_back({edge, outside, !isNarrow});
  }
  if (source.inside.defined()) {
    RDom missing(-source.before, source.end + source.before, "missing");
    missing.where(opaque(!source.inside));
    parts.push_back({missing, outside});
  }
  return parts;
}

RowSource imageRows(KernelBuilder &builder, const Tensor &image,
                    const std::vector<Expr> &before,
                    const std::function<Expr(const Expr &)> &element) {
  int last = image.rank() - 1;
  Index place = axisVars(image.rank());
  Expr inside;
  std::vector<std::pair<int, Expr>> moved;
  for (int axis = 0; axis < last; ++axis) {
    if (!before[axis].defined())
      continue;
    Expr extent = builder.expr(image.dims[axis]);
    Expr row = place[axis] - before[axis];
    Expr isHere = row >= 0 && row < extent;
    inside = inside.defined() ? inside && isHere : isHere;
    // (A promise instead would keep a loop's last vector from being masked.)
    moved.emplace_back(axis, Halide::max(Halide::min(row, extent - 1), 0));
  }
  RowSource source{
      image.rank(), builder.expr(image.dims[last]), 0, {}, inside, {}};
  source.element = [=](const Index &index) {
    Index from = index;
    for (const auto &[axis, row] : moved)
      from[axis] = row;
    return element(image(from));
  };
  return source;
}

void writeParts(Func func, llvm::ArrayRef<RowPart> parts, int rank,
                const Expr &first,
                llvm::function_ref<Expr(const Expr &)> stored) {
  for (const RowPart &part : parts) {
    Index place = axisVars(rank);
    place.back() = Halide::Internal::simplify(part.places.x + first);
    func(reversed(place)) = stored(part.value);
  }
}

PaddedRows padRows(std::vector<RowPart> parts, int rank, Halide::Type type) {
  PaddedRows rows{Func("padded"), std::move(parts),
                  static_cast<unsigned>(type.bytes())};
  // What nothing is written to is read by lanes that nobody needs.
  rows.func(reversed(axisVars(rank))) = Halide::undef(type);
  writeParts(rows.func, rows.parts, rank, 0,
             [](const Expr &value) { return value; });
  return rows;
}

void placePaddedRows(const PaddedRows &rows, const Func &consumer,
                     const Var &loop, int lanes) {
  Func padded = rows.func;
  // Vectors of the image are stored in whole lines.
  padded.compute_at(consumer, loop)
      .hoist_storage(consumer, stripsOf(loop))
      .align_bounds(padded.args().front(), lanes)
      .never_partition_all();
  for (auto [number, part] : llvm::enumerate(rows.parts)) {
    Halide::Stage stage = padded.update(static_cast<int>(number));
    if (part.inVectors)
      // What is left behind the last whole vector is masked, too. Each column
      // is written once, which Halide cannot prove of every amount of padding.
      stage.allow_race_conditions()
          .vectorize(part.places.x, lanes, TailStrategy::GuardWithIf)
          .never_partition(part.places.x);
    else
      stage.reorder(padded.args()[1], Halide::RVar(part.places.x));
  }
}

void schedulePaddedResult(KernelBuilder &builder, llvm::ArrayRef<RowPart> parts,
                          const Store &store) {
  Func func = store.func;
  int last = store.rank() - 1,
      first = func.num_update_definitions() - static_cast<int>(parts.size());
  for (auto [number, part] : llvm::enumerate(parts)) {
    Halide::Stage stage = func.update(first + static_cast<int>(number));
    Halide::RVar places = part.places.x;
    Expr work = part.places.x.extent();
    std::vector<Halide::VarOrRVar> order{places};
    std::vector<OuterLoop> outer;
    for (int axis = last - 1; axis >= 0; --axis) {
      outer.push_back(outerLoop(builder, store, axis));
      order.push_back(outer.back().var);
    }
    if (!part.inVectors)
      std::swap(order[0], order[1]);
    stage.reorder(order);
    for (const OuterLoop &loop : outer) {
      if (part.inVectors || &loop != &outer.front())
        runInStrips(builder, stage, loop.var, work);
      work = moreWork(work, loop.extent);
    }
    if (part.inVectors)
      stage.allow_race_conditions().vectorize(
          places, builder.lanes(store.elementBytes), TailStrategy::GuardWithIf);
  }
}

} // namespace dycc::halide
