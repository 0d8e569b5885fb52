#include "codegen/halide/Attributes.h"
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

void definePad(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  Border border = borderOf(op);
  std::vector<Expr> before =
      padsBefore(builder, op, x.dims, builder.dims(op->getResult(0)));
  Expr outside = Halide::Internal::make_zero(x.element.computed);
  if (KernelBuilder::hasOperand(op, 2)) {
    Tensor value = builder.operand(op, 2);
    outside = value(Index(value.rank(), 0));
  }
  std::vector<int> padded;
  for (int axis = 0; axis < x.rank(); ++axis)
    if (before[axis].defined())
      padded.push_back(axis);
  Expr empty = isEmpty(builder, x, padded);
  builder.define(op, [&](const Index &index) {
    Index at = index;
    Expr inside = Halide::Internal::const_true();
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
    Expr value = x(at);
    return border == Border::Constant ? select(likely(inside), value, outside)
                                      : value;
  });
}

} // namespace

void addPads(Registry &registry) { registry["Pad"] = {definePad}; }

} // namespace dycc::halide
