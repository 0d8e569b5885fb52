#include "codegen/halide/cpu/PaddedRows.h"

#include "codegen/halide/lowering/Opaque.h"

using Halide::Expr;
using Halide::Func;
using Halide::RDom;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {

PaddedRows padRows(KernelBuilder &builder, const Tensor &image,
                   const std::vector<Expr> &before, const Expr &outside,
                   llvm::function_ref<Expr(const Expr &)> element) {
  int last = image.rank() - 1;
  PaddedRows rows;
  rows.elementBytes = outside.type().bytes();
  rows.func = Func("padded");
  Index place = axisVars(image.rank()), source = place;
  rows.func(reversed(place)) = outside;
  rows.columns = RDom(0, builder.expr(image.dims[last]), "columns");
  Expr inside = Halide::Internal::const_true();
  for (int axis = 0; axis < last; ++axis) {
    if (!before[axis].defined())
      continue;
    Expr extent = builder.expr(image.dims[axis]);
    Expr row = place[axis] - before[axis];
    inside = inside && row >= 0 && row < extent;
    source[axis] = Halide::unsafe_promise_clamped(row, 0, extent - 1);
  }
  // Not looked into: the size of the copy shall not depend on the row.
  rows.columns.where(opaque(inside));
  source[last] = rows.columns.x;
  place[last] = rows.columns.x;
  if (before[last].defined())
    place[last] += before[last];
  rows.func(reversed(place)) = element(image(source));
  return rows;
}

void placePaddedRows(const PaddedRows &rows, const Func &consumer,
                     const Var &loop, int lanes) {
  Func padded = rows.func;
  padded.compute_at(consumer, loop)
      .hoist_storage(consumer, stripsOf(loop))
      .vectorize(padded.args().front(), lanes, TailStrategy::GuardWithIf)
      .never_partition_all();
  // What is left behind the last whole vector is masked, too. Each column is
  // written once, which Halide cannot prove of every row (of one without
  // elements, for instance).
  padded.update()
      .allow_race_conditions()
      .vectorize(rows.columns.x, lanes, TailStrategy::GuardWithIf)
      .never_partition(rows.columns.x);
  // A column has its place in the image once, not in each row.
  int number = 1;
  for (const Halide::RDom &edge : rows.edges)
    padded.update(number++).reorder(padded.args()[1], edge.x);
}

} // namespace dycc::halide
