#include "codegen/halide/roots/Reductions.h"

#include "codegen/halide/Float.h"
#include "codegen/halide/Integer.h"
#include "codegen/halide/opencl/GroupLoops.h"
#include "dialects/dyn/Layout.h"
#include "llvm/ADT/STLExtras.h"

#include <limits>

using namespace Halide::Internal;
using Halide::Expr;
using Halide::RDom;
using Halide::select;
using Halide::Var;

namespace dycc::halide {

Reducer Reducer::sum(Halide::Type type) {
  return {make_zero(type), [](Expr a, Expr b) {
            return a.type().is_float() ? strict(a + b) : wrapAdd(a, b);
          }};
}

Reducer Reducer::product(Halide::Type type) {
  return {make_one(type), [](Expr a, Expr b) {
            return a.type().is_float() ? strict(a * b) : wrapMul(a, b);
          }};
}

Reducer Reducer::max(Halide::Type type) {
  if (type.is_bool())
    return {const_false(), [](Expr a, Expr b) { return a || b; }};
  if (!type.is_float())
    return {type.min(), [](Expr a, Expr b) { return Halide::max(a, b); }};
  return {make_const(type, -std::numeric_limits<double>::infinity()), maxNaN};
}

Reducer Reducer::maxOfNumbers(Halide::Type type) {
  return {max(type).initial, halide::maxOfNumbers};
}

Reducer Reducer::min(Halide::Type type) {
  if (type.is_bool())
    return {const_true(), [](Expr a, Expr b) { return a && b; }};
  if (!type.is_float())
    return {type.max(), [](Expr a, Expr b) { return Halide::min(a, b); }};
  return {make_const(type, std::numeric_limits<double>::infinity()), minNaN};
}

/// The order of the axes of `value` in memory, the innermost first.
static llvm::SmallVector<unsigned> memoryOrder(KernelBuilder &builder,
                                               mlir::Value value, int rank) {
  return dyn::Layout::axisOrder(rank, builder.isChannelsLast(value));
}

ReductionSpace::ReductionSpace(KernelBuilder &builder, mlir::Operation *op,
                               const std::vector<int> &axes)
    : builder(builder), dims(builder.operand(op, 0).dims),
      reduced(dims.size(), false), vectorAxis(0) {
  for (int axis : axes)
    reduced.at(static_cast<size_t>(axis)) = true;
  LoopsProblem problem{LoopsProblem::Kind::Reduction, {}, {}};
  if (!dims.empty()) {
    auto order = memoryOrder(builder, KernelBuilder::operandValue(op, 0),
                             static_cast<int>(dims.size()));
    vectorAxis = static_cast<int>(order.front());
    if (builder.groupThreads())
      group = builder.chooseGroup(dims, order, reduced);
    problem.isAlongMemory = reduced[order.front()];
    problem.innerExtent = dims[order.front()];
    bool isChained = builder.chain() && builder.chain()->contains(op);
    if (problem.isAlongMemory && axes.size() == 1 && dims.size() > 1 &&
        !dims[order[1]].isConstant(1) && !isChained)
      problem.rowAxis = static_cast<int>(order[1]);
  }
  plan = builder.plan<dyn::LoopsPlanAttr>(problem);
  if (plan && plan.getAxis() >= 0)
    vectorAxis = static_cast<int>(plan.getAxis());
}

ReductionSpace::ReductionSpace(KernelBuilder &builder, Dims dims,
                               std::vector<Expr> flags, int vectorAxis)
    : builder(builder), dims(std::move(dims)),
      reduced(this->dims.size(), false), flags(std::move(flags)),
      vectorAxis(vectorAxis), plan(columnsPlan(builder)) {}

dyn::LoopsPlanAttr columnsPlan(KernelBuilder &builder) {
  return builder.plan<dyn::LoopsPlanAttr>(
      LoopsProblem{LoopsProblem::Kind::Reduction, {}, {}});
}

Expr ReductionSpace::reducedExtent(size_t axis) const {
  Expr extent = builder.expr(dims[axis]);
  return flags.empty() ? extent : select(flags[axis], extent, 1);
}

std::vector<Var> ReductionSpace::keptVars() const {
  std::vector<Var> vars;
  for (size_t axis = dims.size(); axis-- > 0;)
    if (!reduced[axis])
      vars.emplace_back("kept" + std::to_string(axis));
  return vars;
}

Index ReductionSpace::index(llvm::ArrayRef<Expr> reducedAt) const {
  Index result;
  size_t next = 0;
  for (size_t axis = 0; axis < dims.size(); ++axis) {
    Expr kept = Var("kept" + std::to_string(axis));
    if (runsOver(axis))
      result.push_back(flags.empty()
                           ? reducedAt[next]
                           : select(flags[axis], reducedAt[next], kept));
    else if (group.totals > 1 && group.totalAxis == static_cast<int>(axis))
      // The last group may have totals that nobody needs.
      result.push_back(Halide::min(kept, builder.expr(dims[axis]) - 1));
    else
      result.push_back(kept);
    next += runsOver(axis);
  }
  return result;
}

Expr ReductionSpace::count() const {
  Expr result = 1;
  for (size_t axis = 0; axis < dims.size(); ++axis)
    if (runsOver(axis))
      result = result * reducedExtent(axis);
  return simplify(result);
}

Reduction
ReductionSpace::reduce(const char *name, const Reducer &reducer,
                       llvm::function_ref<Expr(const Index &)> element) {
  Reduction result;
  result.overLanes = overLanes();
  result.total = Halide::Func(name);
  std::vector<Var> kept = keptVars();
  std::vector<Expr> at(kept.begin(), kept.end());
  if (group.lanes) {
    result.width = group.lanes;
    updateLanes(result, group.laneAxis, reducer, element);
    combineThreads(result, reducer);
    return result;
  }
  if (result.overLanes) {
    int lanes = builder.lanes(std::max(reducer.initial.type().bytes(), 1));
    result.width = static_cast<int>(plan.getVectors()) * lanes;
    updateLanes(result, vectorAxis, reducer, element);
    result.total(kept) = combineLanes(result.parts, result.width, reducer, at);
    return result;
  }
  result.total(kept) = reducer.initial;
  Halide::Region region;
  for (size_t axis = dims.size(); axis-- > 0;)
    if (runsOver(axis))
      region.emplace_back(0, reducedExtent(axis));
  std::vector<Expr> reducedAt;
  if (!region.empty()) {
    RDom r(region, "r");
    for (int i = r.dimensions() - 1; i >= 0; --i)
      reducedAt.push_back(r[i]);
  }
  result.total(kept) =
      reducer.combine(result.total(at), element(index(reducedAt)));
  return result;
}

/// A tree: its first levels are vectors, and no operation waits for all others.
Expr ReductionSpace::combineLanes(const Halide::Func &lanes, int count,
                                  const Reducer &reducer,
                                  const std::vector<Expr> &kept,
                                  const Expr &first, int step) {
  std::vector<Expr> values;
  for (int i = 0; i < count; ++i) {
    std::vector<Expr> at{simplify(first + i * step)};
    llvm::append_range(at, kept);
    values.push_back(lanes(at));
  }
  while (values.size() > 1) {
    size_t half = values.size() / 2;
    for (size_t i = 0; i < half; ++i)
      values[i] = reducer.combine(values[i], values[i + half]);
    values.resize(half);
  }
  return values.front();
}

/// Each thread of the second step has parts that lie `sums` apart, so that
/// neighbours read neighbours.
void ReductionSpace::combineThreads(Reduction &result,
                                    const Reducer &reducer) const {
  std::vector<Var> kept = keptVars();
  std::vector<Expr> at(kept.begin(), kept.end());
  Halide::Func lanes = result.parts;
  int count = group.lanes, sums = group.lanes / group.perThread();
  if (sums > 1) {
    result.sums = Halide::Func(result.total.name() + "_sums");
    std::vector<Var> arguments = kept;
    arguments.insert(arguments.begin(), result.lane);
    result.sums(arguments) =
        combineLanes(lanes, group.perThread(), reducer, at, result.lane, sums);
    lanes = result.sums;
    count = sums;
  }
  result.total(kept) = combineLanes(lanes, count, reducer, at);
}

void ReductionSpace::updateLanes(
    Reduction &result, int axisOfLanes, const Reducer &reducer,
    llvm::function_ref<Expr(const Index &)> element) {
  result.parts = Halide::Func(result.total.name() + "_parts");
  std::vector<Var> kept = keptVars();
  kept.insert(kept.begin(), result.lane);
  std::vector<Expr> at(kept.begin(), kept.end());
  result.parts(kept) = reducer.initial;
  Expr extent = builder.expr(dims[static_cast<size_t>(axisOfLanes)]);
  Expr whole = extent / result.width;
  for (bool tail : {false, true}) {
    Halide::Region region{{0, tail ? Expr(1) : whole}};
    for (size_t axis = dims.size(); axis-- > 0;)
      if (reduced[axis] && static_cast<int>(axis) != axisOfLanes)
        region.emplace_back(0, builder.expr(dims[axis]));
    RDom r(region, tail ? "tail" : "r");
    Expr position =
        (tail ? whole + r.x : Expr(r.x)) * result.width + result.lane;
    if (tail)
      r.where(position < extent);
    std::vector<Expr> reducedAt;
    int next = r.dimensions() - 1;
    for (size_t axis = 0; axis < dims.size(); ++axis)
      if (reduced[axis])
        reducedAt.push_back(
            static_cast<int>(axis) == axisOfLanes ? position : Expr(r[next--]));
    result.parts(kept) =
        reducer.combine(result.parts(at), element(index(reducedAt)));
  }
}

Expr ReductionSpace::total(const Reduction &reduction,
                           const Index &index) const {
  std::vector<Expr> at;
  for (size_t axis = dims.size(); axis-- > 0;)
    if (!reduced[axis])
      at.push_back(flags.empty() ? index[axis]
                                 : select(flags[axis], 0, index[axis]));
  return reduction.total(at);
}

ReductionStages ReductionSpace::stages(std::vector<Reduction> reductions,
                                       bool keepsAxes,
                                       bool hasReducedAxes) const {
  ReductionStages result{std::move(reductions), {},  {}, 0, 0,
                         moreWork(count(), 4),  plan};
  int rank = static_cast<int>(dims.size()), keptBefore = 0, keptAfter = 0;
  for (int axis = 0; axis < rank; ++axis) {
    if (hasReducedAxes && reduced[axis])
      result.rowAxes.push_back(axis);
    if (!reduced[axis])
      ++(axis < vectorAxis ? keptBefore : keptAfter);
  }
  result.vectorAxis = keepsAxes ? vectorAxis : keptBefore;
  // The arguments of a total are the kept axes, last first.
  result.vectorArgument = std::max(keptAfter - 1, 0);
  if (group.lanes)
    describeGroup(result, keepsAxes, hasReducedAxes);
  return result;
}

void ReductionSpace::describeGroup(ReductionStages &stages, bool keepsAxes,
                                   bool hasReducedAxes) const {
  stages.group = group;
  if (hasReducedAxes)
    stages.groupLaneAxis = group.laneAxis;
  if (group.totalAxis < 0)
    return;
  int keptBefore = 0, keptAfter = 0;
  for (int axis = 0; axis < static_cast<int>(dims.size()); ++axis)
    if (!reduced[static_cast<size_t>(axis)] && axis != group.totalAxis)
      ++(axis < group.totalAxis ? keptBefore : keptAfter);
  stages.groupTotalAxis = keepsAxes ? group.totalAxis : keptBefore;
  stages.groupTotalArgument = keptAfter;
}

void addReduction(KernelBuilder &builder, mlir::Operation *op,
                  const ReductionStages &stages) {
  if (stages.group.lanes) {
    std::vector<std::string> parts;
    for (const Reduction &reduction : stages.reductions)
      parts.push_back(reduction.parts.name());
    return builder.addShared(
        op, std::move(parts),
        [stages](const Store &store) { scheduleGroups(store, stages); });
  }
  builder.addRoot(
      op,
      [&builder, stages](const Store &store) {
        scheduleReduction(builder, stages, store);
      },
      /*number=*/0,
      [&builder, stages](const Halide::LoopLevel &row,
                         const Halide::LoopLevel &task) {
        placeReduction(builder, stages, row, task);
      });
}

Expr normPower(Expr x, int64_t p) {
  if (p == 1)
    return Halide::abs(x);
  if (p == 2)
    return strict(x * x);
  return math::pow(Halide::abs(x), make_const(x.type(), p));
}

Expr normRoot(Expr sum, int64_t p) {
  if (p == 1)
    return sum;
  if (p == 2)
    return Halide::sqrt(sum);
  return math::pow(sum, make_const(sum.type(), 1.0 / static_cast<double>(p)));
}

int innermostAxis(KernelBuilder &builder, mlir::Value value, int rank) {
  return static_cast<int>(memoryOrder(builder, value, rank).front());
}

} // namespace dycc::halide
