// Operators that cut tensors and put them together.
#include "codegen/halide/Attributes.h"
#include "codegen/halide/cpu/Loops.h"
#include "codegen/halide/operators/IndexMap.h"

using Halide::Expr;
using Halide::select;

namespace dycc::halide {
namespace {

/// Where a slice along an axis of `extent` starts, by ONNX's rules. The extent
/// of the result says where it ends.
Expr sliceStart(Expr start, Expr step, Expr extent) {
  Expr counted = select(start < 0, start + extent, start);
  Expr last = select(step < 0, extent - 1, extent);
  Expr place = Halide::max(Halide::min(counted, last), 0);
  return Halide::Internal::simplify(place);
}

/// A step so large that multiples of it are beyond int32 is limited: one that
/// is no less than the extent takes a single element.
Expr stepWithin(Expr step, Expr extent) {
  constexpr int64_t large = 1 << 16;
  std::optional<int64_t> value = Halide::Internal::as_const_int(step);
  if (!value || std::abs(*value) < large)
    return step;
  return *value < 0 ? Halide::max(step, -extent) : Halide::min(step, extent);
}

void defineSlice(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  std::optional<Dims> starts = builder.steering(op, 1);
  std::optional<Dims> axes = builder.steering(op, 3);
  std::optional<Dims> steps = builder.steering(op, 4);
  assert(starts && "the operator's verifier wants starts");
  builder.define(op, [&](const Index &index) {
    Index at = index;
    for (int axis = 0; axis < x.rank(); ++axis)
      for (size_t i = 0; i < starts->size(); ++i) {
        Expr isHere = axes ? isAxis(builder, (*axes)[i], axis, x.rank())
                           : Expr(axis == static_cast<int>(i));
        if (Halide::Internal::is_const_zero(isHere))
          continue;
        Expr step = steps ? builder.expr((*steps)[i]) : Expr(1);
        Expr extent = builder.expr(x.dims[axis]);
        Expr start = sliceStart(builder.expr((*starts)[i]), step, extent);
        Expr place = start + index[axis] * stepWithin(step, extent);
        // Halide 21 aborts where masked lanes lie before a constant place.
        if (Halide::Internal::is_negative_const(step) &&
            rowExtent(x.dims, axis))
          place = Halide::max(place, 0);
        at[axis] = Halide::Internal::is_const_one(isHere)
                       ? place
                       : select(isHere, place, at[axis]);
      }
    return x(at);
  });
}

/// Each result starts where the one before it ends.
void defineSplit(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  int axis = axisAttribute(op, x.rank(), 0);
  Expr start = 0;
  for (unsigned number = 0; number < op->getNumResults(); ++number) {
    builder.define(
        op,
        [&](const Index &index) {
          Index at = index;
          at[axis] = start + index[axis];
          return x(at);
        },
        number);
    start = start + builder.expr(builder.dims(op->getResult(number))[axis]);
    start = Halide::Internal::simplify(start);
  }
}

/// Copies each part in loops of its own into the kernel's result, which has
/// `memory` as its store. An element would ask of all parts otherwise.
void copyParts(KernelBuilder &builder, mlir::Operation *op,
               const std::vector<Tensor> &parts, int axis,
               const Store &memory) {
  Halide::Type type = parts.front().element.computed;
  builder.define(op, [&](const Index &) { return Halide::undef(type); });
  KernelBuilder &b = builder;
  builder.addUpdate(op, [=, &b](Halide::Func func) {
    Store store = memory;
    store.func = func;
    std::vector<int> order = store.memoryOrder();
    int lanes = b.lanes(store.elementBytes);
    Expr start = 0;
    for (const Tensor &part : parts) {
      Expr extent = b.expr(part.dims[axis]);
      Halide::RDom r(0, extent, "part");
      Index at, from;
      for (int i = 0; i < store.rank(); ++i) {
        from.push_back(i == axis ? Expr(r.x) : Expr(store.axis(i)));
        at.push_back(i == axis ? Expr(start + r.x) : from.back());
      }
      func(reversed(at)) = part.element.store(part(from));
      start = Halide::Internal::simplify(start + extent);
      std::vector<std::pair<Halide::VarOrRVar, Expr>> outer;
      for (int i : llvm::ArrayRef(order).drop_front()) {
        if (i == axis)
          outer.emplace_back(Halide::RVar(r.x), extent);
        else
          outer.emplace_back(store.axis(i), b.expr(store.dims[i]));
      }
      scheduleUpdate(b, func.update(func.num_update_definitions() - 1),
                     store.axis(order.front()), lanes, outer,
                     b.expr(store.dims[order.front()]));
    }
  });
}

void defineConcat(KernelBuilder &builder, mlir::Operation *op) {
  std::vector<Tensor> parts;
  for (mlir::Value value : op->getOperands())
    parts.push_back(builder.tensor(value));
  int axis = axisAttribute(op, parts.front().rank(), 0);
  auto isEmpty = [axis](const Tensor &part) {
    return part.dims[axis].isConstant(0);
  };
  if (!llvm::all_of(parts, isEmpty))
    llvm::erase_if(parts, isEmpty);
  std::optional<Store> memory = builder.resultOf(op);
  if (memory && !builder.isReference() && parts.size() > 1 &&
      memory->memoryOrder().front() != axis)
    return copyParts(builder, op, parts, axis, *memory);
  builder.define(op, [&](const Index &index) {
    // From the last part: each takes over below the end of the one before it.
    Expr start = builder.expr(builder.dims(op->getResult(0))[axis]), result;
    for (size_t i = parts.size(); i-- > 0;) {
      const Tensor &part = parts[i];
      Expr extent = builder.expr(part.dims[axis]), end = start;
      start = Halide::Internal::simplify(end - extent);
      Index at = index;
      at[axis] = limited(index[axis] - start, extent);
      Expr value = part(guardEmpty(builder, part, at, axis));
      result =
          result.defined() ? select(index[axis] < end, value, result) : value;
    }
    return result;
  });
}

void defineTile(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  Dims to = builder.dims(op->getResult(0));
  builder.define(op, [&](const Index &index) {
    Index at = index;
    for (int axis = 0; axis < x.rank(); ++axis) {
      Expr extent = Halide::max(builder.expr(x.dims[axis]), 1);
      if (x.dims[axis].isConstant(1))
        at[axis] = 0;
      else if (x.dims[axis] != to[axis])
        at[axis] = index[axis] % Halide::Internal::simplify(extent);
    }
    return x(at);
  });
}

void defineExpand(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  Dims to = builder.dims(op->getResult(0));
  builder.define(op, [&](const Index &index) {
    return x(builder.broadcast(x.dims, to, index));
  });
}

} // namespace

void addPieces(Registry &registry) {
  registry["Slice"] = {defineSlice};
  registry["Split"] = {defineSplit};
  registry["Concat"] = {defineConcat};
  registry["Tile"] = {defineTile};
  registry["Expand"] = {defineExpand};
}

} // namespace dycc::halide
