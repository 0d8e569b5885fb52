#include "codegen/halide/Attributes.h"
#include "codegen/halide/cpu/RowWindows.h"
#include "codegen/halide/operators/IndexMap.h"

using Halide::Expr;
using Halide::likely;
using Halide::select;

namespace dycc::halide {
namespace {

/// What lies outside a tensor.
enum class Border { Constant, Edge, Reflect, Wrap };

Border borderOf(mlir::Operation *op) {
  llvm::StringRef mode = stringAttribute(op, "mode", "constant");
  if (mode == "constant")
    return Border::Constant;
  if (mode == "edge")
    return Border::Edge;
  if (mode == "reflect")
    return Border::Reflect;
  if (mode == "wrap")
    return Border::Wrap;
  throw KernelError("expects mode constant, edge, reflect or wrap, got '" +
                    mode.str() + "'");
}

/// The place that stands for `position`, which may lie outside.
Expr mirrored(Expr position, Expr extent, Border border) {
  if (border == Border::Constant || border == Border::Edge)
    return limited(position, extent);
  Expr last = Halide::max(extent - 1, 0);
  Expr period = border == Border::Wrap ? last + 1 : last * 2;
  Expr phase = position % Halide::max(period, 1);
  if (border == Border::Reflect)
    phase = select(phase > last, period - phase, phase);
  return select(likely(position >= 0 && position <= last), position, phase);
}

/// The padding before each axis; undefined where there is none.
std::vector<Expr> padsBefore(KernelBuilder &builder, mlir::Operation *op,
                             const Dims &from, const Dims &to) {
  int rank = static_cast<int>(from.size());
  std::optional<Dims> pads = builder.steering(op, 1);
  std::optional<Dims> axes = builder.steering(op, 3);
  size_t count = axes ? axes->size() : rank;
  if (!pads || pads->size() != 2 * count)
    throw KernelError("expects " + std::to_string(2 * count) + " pads, got " +
                      std::to_string(pads ? pads->size() : 0));
  std::vector<Expr> before(rank);
  for (int axis = 0; axis < rank; ++axis)
    for (size_t i = 0; i < count; ++i) {
      Expr isHere = axes ? isAxis(builder, (*axes)[i], axis, rank)
                         : Expr(axis == static_cast<int>(i));
      bool keeps = from[axis] == to[axis] && (*pads)[i].isConstant(0);
      if (keeps || Halide::Internal::is_const_zero(isHere))
        continue;
      Expr pad = builder.expr((*pads)[i]);
      if (!Halide::Internal::is_const_one(isHere))
        pad = select(isHere, pad, before[axis].defined() ? before[axis] : 0);
      before[axis] = pad;
    }
  return before;
}

/// A padding: which element of x, or what else, lies at an index of the result.
class PadBuilder {
public:
  PadBuilder(KernelBuilder &builder, mlir::Operation *op)
      : builder(builder), op(op), x(builder.operand(op, 0)),
        border(borderOf(op)), dims(builder.dims(op->getResult(0))),
        before(padsBefore(builder, op, x.dims, dims)),
        outside(Halide::Internal::make_zero(x.element.computed)) {
    if (KernelBuilder::hasOperand(op, 2)) {
      Tensor value = builder.operand(op, 2);
      outside = value(Index(value.rank(), 0));
    }
    std::vector<int> padded;
    for (int axis = 0; axis < x.rank(); ++axis)
      if (before[axis].defined())
        padded.push_back(axis);
    empty = isEmpty(builder, x, padded);
  }

  void define() {
    mlir::Attribute plan;
    if (x.rank() >= 2 && before.back().defined() && isRowMajor(op))
      plan = builder.plan(problem());
    if (auto rows = mlir::dyn_cast_or_null<dyn::WindowPlanAttr>(plan))
      return defineRows(rows);
    builder.define(op, [&](const Index &index) {
      Expr inside = Halide::Internal::const_true();
      Expr value = x(source(index, inside));
      return border == Border::Constant ? select(likely(inside), value, outside)
                                        : value;
    });
  }

private:
  /// Windows of one tap over the padded tensor.
  WindowProblem problem() const {
    std::vector<int64_t> ones(x.rank(), 1);
    return {x.element, ones, ones, ones, /*isRowMajor=*/true};
  }

  /// Where the element at `index` lies; `inside` learns what makes it lie
  /// there.
  Index source(const Index &index, Expr &inside) const {
    Index at = index;
    for (int axis = 0; axis < x.rank(); ++axis) {
      Expr extent = builder.expr(x.dims[axis]);
      // Of an empty tensor only the first place is read.
      Expr readable = empty.defined() ? select(empty, 1, extent) : extent;
      if (!before[axis].defined()) {
        if (empty.defined())
          at[axis] = Halide::min(likely(index[axis]), readable - 1);
        continue;
      }
      Expr position = index[axis] - before[axis];
      inside = inside && position >= 0 && position < extent;
      at[axis] = mirrored(position, readable, border);
    }
    return at;
  }

  void defineRows(dyn::WindowPlanAttr plan) {
    // Rows of a tile that hangs over the end lie beyond the result.
    Expr &beforeRows = before[x.rank() - 2];
    if (!beforeRows.defined())
      beforeRows = 0;
    RowWindows windows;
    windows.plan = plan;
    windows.padded = border == Border::Constant
                         ? padRows(builder, x, before, outside,
                                   [](const Expr &value) { return value; })
                         : mirroredRows();
    builder.define(op, [&](const Index &index) {
      return Expr(windows.padded.func(reversed(index)));
    });
    KernelBuilder &b = builder;
    builder.addRoot(op, [&b, windows](const Store &store) {
      scheduleRowWindows(b, windows, store);
    });
  }

  /// Of a border that is made of elements of x.
  PaddedRows mirroredRows() {
    int last = x.rank() - 1;
    Expr first = before[last], extent = builder.expr(x.dims[last]);
    Expr columns = empty.defined() ? select(empty, 0, extent) : extent;
    Expr behind = builder.expr(dims[last]) - first - columns;
    PaddedRows rows;
    rows.elementBytes = x.element.computed.bytes();
    rows.func = Halide::Func("padded");
    rows.func(reversed(axisVars(x.rank()))) =
        Halide::Internal::make_zero(x.element.computed);
    rows.columns = Halide::RDom(0, columns, "columns");
    Index at = rowOf(rows.columns.x);
    at[last] = rows.columns.x;
    set(rows, rows.columns.x + first, x(at));
    const std::pair<Expr, Expr> zones[] = {{0, first},
                                           {first + columns, behind}};
    for (const auto &[start, count] : zones) {
      Halide::RDom edge(start, Halide::max(count, 0), "edge");
      set(rows, edge.x, x(rowOf(edge.x)));
      rows.edges.push_back(edge);
    }
    return rows;
  }

  /// The source of place `column` of a row.
  Index rowOf(const Expr &column) const {
    Index index = axisVars(x.rank());
    index.back() = column;
    Expr inside = Halide::Internal::const_true();
    return source(index, inside);
  }

  void set(PaddedRows &rows, const Expr &column, const Expr &value) const {
    Index place = axisVars(x.rank());
    place.back() = column;
    rows.func(reversed(place)) = value;
  }

  KernelBuilder &builder;
  mlir::Operation *op;
  Tensor x;
  Border border;
  Dims dims;
  std::vector<Expr> before; ///< Undefined along axes without padding.
  Expr outside;
  Expr empty; ///< Undefined where x cannot be.
};

void definePad(KernelBuilder &builder, mlir::Operation *op) {
  PadBuilder(builder, op).define();
}

} // namespace

void addPads(Registry &registry) { registry["Pad"] = {definePad}; }

} // namespace dycc::halide
