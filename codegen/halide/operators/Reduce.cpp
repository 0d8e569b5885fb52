#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/Integer.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/operators/IndexMap.h"
#include "codegen/halide/roots/Reductions.h"

#include <limits>

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

/// The axes operand; all axes where there is none (or it is empty). No result
/// where only execution knows them.
std::optional<std::vector<int>> reducedAxes(const std::optional<Dims> &operand,
                                            mlir::Operation *op, int rank) {
  std::vector<int> axes;
  if (operand)
    for (dyn::ExprAttr axis : *operand) {
      std::optional<int64_t> value = axis.asConstant();
      if (!value)
        return std::nullopt;
      if (*value < -rank || *value >= rank)
        throw KernelError("expects axes in the rank, got '" + axis.str() + "'");
      axes.push_back(static_cast<int>(*value < 0 ? *value + rank : *value));
    }
  if (axes.empty() && !intAttribute(op, "noop_with_empty_axes", 0))
    for (int axis = 0; axis < rank; ++axis)
      axes.push_back(axis);
  return axes;
}

/// For each axis whether the operand names it.
std::vector<Expr> axisFlags(KernelBuilder &builder, const Dims &axes,
                            int rank) {
  std::vector<Expr> flags(rank, Halide::Internal::const_false());
  for (int number = 0; number < rank; ++number)
    for (dyn::ExprAttr axis : axes)
      flags[number] = flags[number] || isAxis(builder, axis, number, rank);
  return flags;
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
    // Halide refuses a division by a constant zero.
    if (isFloat(total) && Halide::Internal::is_const_zero(count))
      return Halide::Internal::make_const(
          total.type(), std::numeric_limits<double>::quiet_NaN());
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

/// The reductions of `x` over `space`, in order.
template <Kind kind>
std::vector<Reduction> reduceElements(ReductionSpace &space, const Tensor &x) {
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
  return reductions;
}

/// The element of the result that belongs to an index of the space.
template <Kind kind>
Expr finishAt(const ReductionSpace &space,
              const std::vector<Reduction> &reductions, const Index &at) {
  Expr total = space.total(reductions.back(), at);
  if (kind == Kind::LogSumExp)
    return finishLogSumExp(space.total(reductions.front(), at), total);
  return finish(kind, total, space.count());
}

/// The index in a result that keeps its axes from one in a result that drops
/// those with a flag.
Index keptIndex(const std::vector<Expr> &flags, const Index &index) {
  Index result;
  Expr used = 0;
  for (const Expr &flag : flags) {
    Expr at = 0;
    for (size_t i = 0; i < index.size(); ++i)
      at = Halide::select(!flag && used == static_cast<int>(i), index[i], at);
    result.push_back(at);
    used = used + Halide::select(flag, 0, 1);
  }
  return result;
}

/// Over axes that only execution knows. With `keepdims` 0 the result is another
/// view of the totals.
template <Kind kind>
void defineFlagged(KernelBuilder &builder, mlir::Operation *op, const Tensor &x,
                   const Dims &axes) {
  std::vector<Expr> flags = axisFlags(builder, axes, x.rank());
  ReductionSpace space(builder, x.dims, flags, x.rank() - 1);
  std::vector<Reduction> reductions = reduceElements<kind>(space, x);
  ReductionStages stages = space.stages(reductions, /*keepsAxes=*/true,
                                        /*hasReducedAxes=*/false);
  auto schedule = [&builder, stages](const Store &store) {
    scheduleReduction(builder, stages, store);
  };
  auto element = [&](const Index &at) {
    return finishAt<kind>(space, reductions, at);
  };
  if (intAttribute(op, "keepdims", 1)) {
    builder.define(op, element);
    return builder.addRoot(op, schedule);
  }
  Dims kept;
  mlir::MLIRContext *context = op->getContext();
  auto one = dyn::ExprAttr::constant(context, 1);
  for (int number = 0; number < x.rank(); ++number) {
    auto isHere = dyn::ExprAttr::constant(context, 0);
    for (dyn::ExprAttr axis : axes)
      for (int64_t place : {number, number - x.rank()})
        isHere = dyn::ExprAttr::get(
            dyn::ExprKind::Or,
            {isHere, dyn::ExprAttr::get(
                         dyn::ExprKind::Eq,
                         {axis, dyn::ExprAttr::constant(context, place)})});
    kept.push_back(dyn::ExprAttr::ite(isHere, one, x.dims[number]));
  }
  Tensor totals = builder.make(
      "totals", KernelBuilder::element(op->getResult(0)), kept, element);
  builder.addInner(totals, schedule);
  builder.define(
      op, [&](const Index &index) { return totals(keptIndex(flags, index)); });
}

template <Kind kind>
void defineReduce(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  bool keepsAxes = intAttribute(op, "keepdims", 1);
  std::optional<Dims> operand = builder.steering(op, 1);
  std::optional<std::vector<int>> axes = reducedAxes(operand, op, x.rank());
  if (!axes)
    return defineFlagged<kind>(builder, op, x, *operand);
  ReductionSpace space(builder, op, *axes);
  std::vector<Reduction> reductions = reduceElements<kind>(space, x);
  builder.define(op, [&](const Index &index) {
    Index at = spaceIndex(space, index, x.rank(), keepsAxes);
    return finishAt<kind>(space, reductions, at);
  });
  ReductionStages stages =
      space.stages(reductions, keepsAxes, /*hasReducedAxes=*/false);
  addReduction(builder, op, stages);
}

/// A reduction over the spatial axes: `reducer` over `before` of the elements,
/// then `after(total, count of the elements)`.
template <typename Before, typename After>
void defineSpatial(KernelBuilder &builder, mlir::Operation *op, const Tensor &x,
                   const Reducer &reducer, Before before, After after) {
  std::vector<int> axes;
  for (int axis = 2; axis < x.rank(); ++axis)
    axes.push_back(axis);
  ReductionSpace space(builder, op, axes);
  Reduction total = space.reduce(
      "total", reducer, [&](const Index &index) { return before(x(index)); });
  builder.define(op, [&](const Index &index) {
    return after(space.total(total, index), space.count());
  });
  ReductionStages stages = space.stages({total}, true, false);
  addReduction(builder, op, stages);
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
  ReductionSpace space(builder, op, {axis});
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
  addReduction(builder, op, stages);
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
