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

/// `outside`, which is computed only where it is needed: not in vectors.
Expr lazily(const Expr &isInside, const Expr &inside, const Expr &outside) {
  using Halide::Internal::Call;
  return Call::make(inside.type(), Call::if_then_else,
                    {isInside, inside, outside}, Call::PureIntrinsic);
}

/// The place that stands for `position`, which may lie outside. Of a row, that
/// is no quotient where it does not.
Expr mirrored(Expr position, Expr extent, Border border, bool isRow) {
  if (border == Border::Constant || border == Border::Edge)
    return limited(position, extent);
  Expr last = Halide::max(extent - 1, 0);
  Expr period = border == Border::Wrap ? last + 1 : last * 2;
  Expr phase = position % Halide::max(period, 1);
  if (border == Border::Reflect)
    phase = select(phase > last, period - phase, phase);
  Expr isInside = position >= 0 && position <= last;
  return isRow ? lazily(isInside, Halide::max(Halide::min(position, last), 0),
                        phase)
               : select(likely(isInside), position, phase);
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
    hasRows = x.rank() >= 2 && before.back().defined() && isRowMajor(op) &&
              !builder.isReference();
    if (hasRows) {
      if (std::optional<Store> memory = builder.resultOf(op))
        return defineResult(*memory);
      plan = builder.plan(problem());
    }
    isLazy = isSameInVectors();
    if (auto rows = mlir::dyn_cast_or_null<dyn::WindowPlanAttr>(plan))
      return defineRows(rows);
    builder.define(op, [&](const Index &index) {
      Expr inside = Halide::Internal::const_true();
      Expr value = x(source(index, inside));
      if (border != Border::Constant)
        return value;
      return isLazy ? lazily(likely(inside), value, outside)
                    : select(likely(inside), value, outside);
    });
  }

private:
  /// Windows of one tap over the padded tensor.
  WindowProblem problem() const {
    std::vector<int64_t> ones(x.rank(), 1);
    return {x.element, ones, ones, ones, /*isRowMajor=*/true};
  }

  /// Whether all lanes of a vector lie inside or outside: of the kernel's
  /// result vectors run along an axis without padding. Then nothing is read
  /// outside, of no empty tensor either.
  bool isSameInVectors() {
    std::optional<Store> memory = builder.resultOf(op);
    return memory && memory->rank() > 0 && border == Border::Constant &&
           !builder.isReference() &&
           !before[memory->memoryOrder().front()].defined();
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
        if (empty.defined() && !isLazy)
          at[axis] = Halide::min(likely(index[axis]), readable - 1);
        continue;
      }
      Expr position = index[axis] - before[axis];
      inside = inside && position >= 0 && position < extent;
      at[axis] =
          mirrored(position, readable, border, hasRows && axis < x.rank() - 1);
    }
    return at;
  }

  std::vector<RowPart> parts() {
    return border == Border::Constant ? constantParts() : mirroredParts();
  }

  /// Into a copy, strip by strip, from which the loops of the result read.
  void defineRows(dyn::WindowPlanAttr plan) {
    // Rows of a tile that hangs over the end lie beyond the result.
    Expr &beforeRows = before[x.rank() - 2];
    if (!beforeRows.defined())
      beforeRows = 0;
    RowWindows windows;
    windows.plan = plan;
    windows.padded = padRows(parts(), x.rank(), x.element.computed);
    Expr first = before.back();
    builder.define(op, [&](const Index &index) {
      Index place = index;
      place.back() = index.back() - first;
      return Expr(windows.padded.func(reversed(place)));
    });
    KernelBuilder &b = builder;
    builder.addRoot(op, [&b, windows](const Store &store) {
      scheduleRowWindows(b, windows, store);
    });
  }

  /// Where the kernel's result lies, which is this padding and has `memory`.
  void defineResult(const Store &memory) {
    Halide::Type type = x.element.computed;
    builder.define(op, [&](const Index &) { return Halide::undef(type); });
    KernelBuilder &b = builder;
    builder.addUpdate(op, [=, &b, parts = parts(), element = x.element,
                           first = before.back()](Halide::Func func) {
      writeParts(func, parts, memory.rank(), first,
                 [&](const Expr &value) { return element.store(value); });
      Store store = memory;
      store.func = func;
      schedulePaddedResult(b, parts, store);
    });
  }

  std::vector<RowPart> constantParts() const {
    RowSource source =
        imageRows(builder, x, before, [](const Expr &value) { return value; });
    source.before = before.back();
    source.end = builder.expr(dims.back()) - before.back();
    return paddedParts(source, outside);
  }

  /// Of a border that is made of elements of x.
  std::vector<RowPart> mirroredParts() const {
    int last = x.rank() - 1;
    Expr first = before[last], extent = builder.expr(x.dims[last]);
    Expr columns = empty.defined() ? select(empty, 0, extent) : extent;
    RowZones zones(columns, first, builder.expr(dims[last]) - first);
    Index at = rowOf(zones.columns.x + first);
    at[last] = zones.columns.x;
    std::vector<RowPart> parts{{zones.columns, x(at)}};
    // A column has its place in the image once, not in each row.
    for (const Halide::RDom &edge : zones.edges)
      parts.push_back({edge, x(rowOf(edge.x + first)), /*inVectors=*/false});
    return parts;
  }

  /// The source of place `column` of a row of the result.
  Index rowOf(const Expr &column) const {
    Index index = axisVars(x.rank());
    index.back() = column;
    Expr inside = Halide::Internal::const_true();
    return source(index, inside);
  }

  KernelBuilder &builder;
  mlir::Operation *op;
  Tensor x;
  Border border;
  Dims dims;
  std::vector<Expr> before; ///< Undefined along axes without padding.
  Expr outside;
  Expr empty;           ///< Undefined where x cannot be.
  bool hasRows = false; ///< Loops over rows have no vectors across them.
  bool isLazy = false;  ///< What lies outside is decided for each vector.
};

void definePad(KernelBuilder &builder, mlir::Operation *op) {
  PadBuilder(builder, op).define();
}

} // namespace

void addPads(Registry &registry) { registry["Pad"] = {definePad}; }

} // namespace dycc::halide
