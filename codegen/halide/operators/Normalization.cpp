// Softmax and the normalisations by mean and variance: reductions whose result
// has all axes again.
#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/roots/Reductions.h"

using Halide::Expr;

namespace dycc::halide {
namespace {

template <bool logarithm>
void defineSoftmax(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  ReductionSpace space(builder, op, {axisAttribute(op, x.rank(), -1)});
  // A NaN that is no peak makes a NaN of its power, and so of the sum.
  Reduction peak =
      space.reduce("peak", Reducer::maxOfNumbers(x.element.computed),
                   [&](const Index &index) { return x(index); });
  Tensor powers =
      builder.make("powers", x.element, x.dims, [&](const Index &index) {
        // A sum, not a difference: it takes `x` from memory in one instruction.
        return math::expOfNegative(
            strict(x(index) + strict(-space.total(peak, index))));
      });
  Reduction sum =
      space.reduce("sum", Reducer::sum(x.element.computed),
                   [&](const Index &index) { return powers(index); });
  builder.define(op, [&](const Index &index) {
    Expr total = space.total(sum, index);
    if (logarithm)
      return strict((x(index) - space.total(peak, index)) - math::log(total));
    Expr one = Halide::Internal::make_one(total.type());
    return strict(powers(index) * (one / total));
  });
  ReductionStages stages = space.stages({peak, sum}, true, true);
  stages.work = moreWork(stages.work, 4);
  // Each power is read twice: by the sum and by the result.
  if (space.overLanes() && !logarithm)
    stages.rows.push_back(powers.func);
  addReduction(builder, op, stages);
}

/// 1 where the softmax is largest (the first such), else 0.
void defineHardmax(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  int axis = axisAttribute(op, x.rank(), -1);
  ReductionSpace space(builder, op, {axis});
  Reduction peak = space.reduce("peak", Reducer::max(x.element.computed),
                                [&](const Index &index) { return x(index); });
  Reduction first = space.reduce(
      "first", Reducer::min(Halide::Int(32)), [&](const Index &index) {
        return Halide::select(isEqual(x(index), space.total(peak, index)),
                              index[axis], Halide::Int(32).max());
      });
  builder.define(op, [&](const Index &index) {
    return Halide::select(index[axis] == space.total(first, index), 1, 0);
  });
  addReduction(builder, op, space.stages({peak, first}, true, true));
}

/// What a normalisation subtracts, and how its scale and bias are indexed.
struct Normalization {
  std::vector<int> axes;
  bool centered;
  std::function<Index(const Tensor &, const Index &)> parameterIndex;
};

void defineNormalization(KernelBuilder &builder, mlir::Operation *op,
                         const Normalization &norm) {
  if (op->getNumResults() != 1)
    throw KernelError("expects no second result");
  Tensor x = builder.operand(op, 0);
  Halide::Type type = x.element.computed;
  ReductionSpace space(builder, op, norm.axes);
  Expr count = Halide::cast(type, space.count());
  std::vector<Reduction> reductions;
  if (norm.centered)
    reductions.push_back(
        space.reduce("sum", Reducer::sum(type),
                     [&](const Index &index) { return x(index); }));
  auto centered = [&](const Index &index) {
    if (!norm.centered)
      return x(index);
    return strict(x(index) - space.total(reductions.front(), index) / count);
  };
  reductions.push_back(
      space.reduce("squares", Reducer::sum(type), [&](const Index &index) {
        Expr d = centered(index);
        return strict(d * d);
      }));
  Expr epsilon =
      Halide::Internal::make_const(type, floatAttribute(op, "epsilon", 1e-5));
  builder.define(op, [&](const Index &index) {
    Expr variance = space.total(reductions.back(), index) / count;
    // One quotient for all elements of a reduction; a scale that they share
    // goes into it.
    Expr factor = strict(Halide::Internal::make_one(type) /
                         Halide::sqrt(strict(variance + epsilon)));
    auto parameter = [&](unsigned operand) {
      Tensor values = builder.operand(op, operand);
      return values(norm.parameterIndex(values, index));
    };
    if (KernelBuilder::hasOperand(op, 1))
      factor = strict(factor * parameter(1));
    Expr value = strict(centered(index) * factor);
    return KernelBuilder::hasOperand(op, 2) ? strict(value + parameter(2))
                                            : value;
  });
  addReduction(builder, op, space.stages(reductions, true, true));
}

std::vector<int> axesFrom(int first, int rank) {
  std::vector<int> axes;
  for (int axis = first; axis < rank; ++axis)
    axes.push_back(axis);
  return axes;
}

template <bool centered>
void defineLayerNormalization(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  int axis = axisAttribute(op, x.rank(), -1);
  defineNormalization(builder, op,
                      {axesFrom(axis, x.rank()), centered,
                       [&](const Tensor &p, const Index &index) {
                         return builder.broadcast(p.dims, x.dims, index);
                       }});
}

void defineInstanceNormalization(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  defineNormalization(
      builder, op,
      {axesFrom(2, x.rank()), true,
       [](const Tensor &, const Index &index) { return Index{index[1]}; }});
}

} // namespace

void addNormalizations(Registry &registry) {
  registry["Softmax"] = {defineSoftmax<false>};
  registry["LogSoftmax"] = {defineSoftmax<true>};
  registry["Hardmax"] = {defineHardmax};
  registry["LayerNormalization"] = {defineLayerNormalization<true>};
  registry["RMSNormalization"] = {defineLayerNormalization<false>};
  registry["InstanceNormalization"] = {defineInstanceNormalization};
}

} // namespace dycc::halide
