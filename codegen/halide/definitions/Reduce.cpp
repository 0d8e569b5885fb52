#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/Integer.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/definitions/Reductions.h"

using Halide::Expr;

namespace dycc::halide {
namespace {

enum class Kind {
  Sum,
  Mean,
  Max,
  Min,
  Prod,
  L1,
  L2,
  LogSum,
  LogSumExp,
  SumSquare
};

/// The axes operand; all axes where there is none (or it is empty).
std::vector<int> reducedAxes(KernelBuilder &builder, mlir::Operation *op,
                             int rank) {
  std::optional<Dims> operand = builder.steering(op, 1);
  std::vector<int> axes;
  if (operand)
    for (dyn::ExprAttr axis : *operand) {
      int64_t value = axis.asConstant().value_or(INT64_MIN);
      if (value < -rank || value >= rank)
        throw KernelError("expects constant axes in the rank, got '" +
                          axis.str() + "'");
      axes.push_back(static_cast<int>(value < 0 ? value + rank : value));
    }
  if (axes.empty() && !intAttribute(op, "noop_with_empty_axes", 0))
    for (int axis = 0; axis < rank; ++axis)
      axes.push_back(axis);
  return axes;
}

bool isFloat(Expr x) { return x.type().is_float(); }

Expr absolute(Expr x) { return isFloat(x) ? Halide::abs(x) : wrapAbs(x); }
Expr square(Expr x) { return isFloat(x) ? strict(x * x) : wrapMul(x, x); }

/// What is summed.
Expr mapElement(Kind kind, Expr x) {
  switch (kind) {
  case Kind::L1:
    return absolute(x);
  case Kind::L2:
  case Kind::SumSquare:
    return square(x);
  default:
    return x;
  }
}

/// In double for integers: ONNX gives the result the input's type.
template <typename Function>
Expr inFloat(Expr x, Function function) {
  if (isFloat(x))
    return function(x);
  return toInteger(function(Halide::cast<double>(x)), x.type());
}

Expr finish(Kind kind, Expr total, Expr count) {
  switch (kind) {
  case Kind::Mean:
    return isFloat(total) ? strict(total / Halide::cast(total.type(), count))
                          : truncDiv(total, Halide::cast(total.type(), count));
  case Kind::L2:
    return inFloat(total, [](Expr x) { return Halide::sqrt(x); });
  case Kind::LogSum:
    return inFloat(total, [](Expr x) { return math::log(x); });
  default:
    return total;
  }
}

Reducer reducerOf(Kind kind, Halide::Type type) {
  switch (kind) {
  case Kind::Max:
    return Reducer::max(type);
  case Kind::Min:
    return Reducer::min(type);
  case Kind::Prod:
    return Reducer::product(type);
  default:
    return Reducer::sum(type);
  }
}

/// An index of the space from one of the result.
Index spaceIndex(const ReductionSpace &space, const Index &index, int rank,
                 bool keepsAxes) {
  Index result;
  size_t next = 0;
  for (int axis = 0; axis < rank; ++axis) {
    bool present = keepsAxes || !space.isReduced(axis);
    result.push_back(present ? index[next++] : Expr(0));
  }
  return result;
}

/// log sum exp, shifted by the maximum: exp would overflow. A maximum that is
/// not finite cannot shift.
void reduceLogSumExp(ReductionSpace &space, const Tensor &x,
                     std::vector<Reduction> &reductions) {
  reductions.push_back(
      space.reduce("peak", Reducer::max(x.element.computed),
                   [&](const Index &index) { return x(index); }));
  Reduction peak = reductions.back();
  reductions.push_back(space.reduce(
      "sum", Reducer::sum(x.element.computed), [&](const Index &index) {
        Expr shift = space.total(peak, index);
        Expr zero = Halide::Internal::make_zero(shift.type());
        Expr safe = Halide::select(isInf(shift, true, true), zero, shift);
        return math::exp(strict(x(index) - safe));
      }));
}

Expr finishLogSumExp(Expr peak, Expr sum) {
  Expr zero = Halide::Internal::make_zero(peak.type());
  Expr shift = Halide::select(isInf(peak, true, true), zero, peak);
  return strict(math::log(sum) + shift);
}

template <Kind kind>
void defineReduce(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  bool keepsAxes = intAttribute(op, "keepdims", 1);
  ReductionSpace space(
      builder, x.dims, reducedAxes(builder, op, x.rank()),
      innermostAxis(builder, KernelBuilder::operandValue(op, 0), x.rank()));
  std::vector<Reduction> reductions;
  if (kind == Kind::LogSumExp) {
    if (!x.element.isFloat())
      throw KernelError("expects floats");
    reduceLogSumExp(space, x, reductions);
  } else {
    reductions.push_back(space.reduce(
        "total", reducerOf(kind, x.element.computed),
        [&](const Index &index) { return mapElement(kind, x(index)); }));
  }
  builder.define(op, [&](const Index &index) {
    Index at = spaceIndex(space, index, x.rank(), keepsAxes);
    Expr total = space.total(reductions.back(), at);
    if (kind == Kind::LogSumExp)
      return finishLogSumExp(space.total(reductions.front(), at), total);
    return finish(kind, total, space.count());
  });
  ReductionStages stages =
      space.stages(reductions, keepsAxes, /*hasReducedAxes=*/false);
  builder.addRoot(op, [&builder, stages](const Store &store) {
    scheduleReduction(builder, stages, store);
  });
}

/// A reduction over the spatial axes: `reducer` over `before` of the elements,
/// then `after(total, count of the elements)`.
template <typename Before, typename After>
void defineSpatial(KernelBuilder &builder, mlir::Operation *op, const Tensor &x,
                   Reducer reducer, Before before, After after) {
  std::vector<int> axes;
  for (int axis = 2; axis < x.rank(); ++axis)
    axes.push_back(axis);
  ReductionSpace space(
      builder, x.dims, axes,
      innermostAxis(builder, KernelBuilder::operandValue(op, 0), x.rank()));
  Reduction total = space.reduce(
      "total", reducer, [&](const Index &index) { return before(x(index)); });
  builder.define(op, [&](const Index &index) {
    return after(space.total(total, index), space.count());
  });
  ReductionStages stages = space.stages({total}, true, false);
  builder.addRoot(op, [&builder, stages](const Store &store) {
    scheduleReduction(builder, stages, store);
  });
}

/// Mean or maximum over the spatial axes.
template <Kind kind>
void defineGlobalPool(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  defineSpatial(
      builder, op, x, reducerOf(kind, x.element.computed),
      [](Expr element) { return element; },
      [](Expr total, Expr count) { return finish(kind, total, count); });
}

/// The root of the sum of the powers over the spatial axes.
void defineGlobalLpPool(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  int64_t p = intAttribute(op, "p", 2);
  defineSpatial(
      builder, op, x, Reducer::sum(x.element.computed),
      [p](Expr element) { return normPower(element, p); },
      [p](Expr total, Expr) { return normRoot(total, p); });
}

/// Whether an element is the best one along its axis. A NaN is the best of
/// all, the maximum and minimum hold it then.
Expr isBest(Expr x, Expr best) {
  return isFloat(x) ? isEqual(x, best) || isNaN(x) : x == best;
}

/// The first, or last, position of the best element along an axis.
template <Kind kind>
void defineArg(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  bool keepsAxes = intAttribute(op, "keepdims", 1);
  bool isLast = intAttribute(op, "select_last_index", 0);
  int axis = axisAttribute(op, x.rank(), 0);
  ReductionSpace space(
      builder, x.dims, {axis},
      innermostAxis(builder, KernelBuilder::operandValue(op, 0), x.rank()));
  Reduction best = space.reduce("best", reducerOf(kind, x.element.computed),
                                [&](const Index &index) { return x(index); });
  Halide::Type type = Halide::Int(32);
  Reducer nearer = isLast ? Reducer::max(type) : Reducer::min(type);
  if (isLast) // Below all positions; the simplifier negates the least integer.
    nearer.initial = -1;
  Reduction position =
      space.reduce("position", nearer, [&](const Index &index) {
        return Halide::select(isBest(x(index), space.total(best, index)),
                              index[axis], nearer.initial);
      });
  builder.define(op, [&](const Index &index) {
    return space.total(position, spaceIndex(space, index, x.rank(), keepsAxes));
  });
  ReductionStages stages = space.stages({best, position}, keepsAxes,
                                        /*hasReducedAxes=*/false);
  builder.addRoot(op, [&builder, stages](const Store &store) {
    scheduleReduction(builder, stages, store);
  });
}

} // namespace

void addReductions(Registry &registry) {
  registry["ReduceSum"] = {defineReduce<Kind::Sum>};
  registry["ReduceMean"] = {defineReduce<Kind::Mean>};
  registry["ReduceMax"] = {defineReduce<Kind::Max>};
  registry["ReduceMin"] = {defineReduce<Kind::Min>};
  registry["ReduceProd"] = {defineReduce<Kind::Prod>};
  registry["ReduceL1"] = {defineReduce<Kind::L1>};
  registry["ReduceL2"] = {defineReduce<Kind::L2>};
  registry["ReduceLogSum"] = {defineReduce<Kind::LogSum>};
  registry["ReduceLogSumExp"] = {defineReduce<Kind::LogSumExp>};
  registry["ReduceSumSquare"] = {defineReduce<Kind::SumSquare>};
  registry["GlobalAveragePool"] = {defineGlobalPool<Kind::Mean>};
  registry["GlobalMaxPool"] = {defineGlobalPool<Kind::Max>};
  registry["GlobalLpPool"] = {defineGlobalLpPool};
  registry["ArgMax"] = {defineArg<Kind::Max>};
  registry["ArgMin"] = {defineArg<Kind::Min>};
}

} // namespace dycc::halide
