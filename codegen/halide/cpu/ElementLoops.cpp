// Loops without a reduction: vectors along memory, or another form where the
// elements come from elsewhere in memory.
#include "codegen/halide/Attributes.h"
#include "codegen/halide/SourceAxis.h"
#include "codegen/halide/cpu/Loops.h"
#include "codegen/halide/lowering/Transposes.h"
#include "codegen/halide/roots/Window.h"
#include "dialects/onnx/OnnxFacts.h"

using Halide::Expr;
using Halide::Func;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {
namespace {

/// True where an operator before `value` joins tensors along `axis`.
bool isJoinedAlong(mlir::Value value, int axis, int rank) {
  mlir::Operation *op = value.getDefiningOp();
  if (!op)
    return false;
  if (op->getName().getStringRef() == "onnx.Concat")
    return axisAttribute(op, rank, 0) == axis;
  return onnx::has(op, onnx::Fact::Pointwise) &&
         llvm::any_of(op->getOperands(), [&](mlir::Value operand) {
           return isJoinedAlong(operand, axis, rank);
         });
}

/// Where the axis that is innermost in the result has one element, vectors run
/// along the source's: a tile would have one lane.
void specializeForOne(KernelBuilder &builder, const Store &store, int source) {
  std::vector<int> order = store.memoryOrder();
  int inner = order.front();
  if (store.dims[inner].isConstant())
    return;
  Halide::Stage stage =
      Func(store.func).specialize(builder.expr(store.dims[inner]) == 1);
  Var along = store.axis(source);
  std::vector<Halide::VarOrRVar> loops{along, store.axis(inner)};
  std::vector<OuterLoop> outer;
  for (int axis : order)
    if (axis != inner && axis != source)
      outer.push_back(outerLoop(builder, store, axis));
  for (const OuterLoop &loop : outer)
    loops.push_back(loop.var);
  stage.reorder(loops);
  parallelizeOuter(builder, stage, outer, builder.expr(store.dims[source]),
                   along);
  stage.vectorize(along, builder.lanes(store.elementBytes),
                  TailStrategy::GuardWithIf);
}

/// Tiles of one vector of the result by one cache line of the source (of f32):
/// each line is read and written while it is in the cache.
void scheduleTiles(KernelBuilder &builder, const Store &store, int source) {
  Func func = store.func;
  std::vector<int> order = store.memoryOrder();
  int inner = order.front();
  Var vectors("vectors"), lane("lane"), tiles("tiles"), line(tileLoop);
  func.split(store.axis(inner), vectors, lane,
             builder.lanes(store.elementBytes), TailStrategy::GuardWithIf);
  func.split(store.axis(source), tiles, line, tileLines,
             TailStrategy::GuardWithIf);
  Halide::Expr lines = builder.expr(store.dims[source]);
  std::vector<OuterLoop> outer{{tiles, (lines + tileLines - 1) / tileLines}};
  for (int axis : order)
    if (axis != inner && axis != source)
      outer.push_back(outerLoop(builder, store, axis));
  std::vector<Halide::VarOrRVar> loops{lane, line, vectors};
  for (const OuterLoop &loop : outer)
    loops.push_back(loop.var);
  func.reorder(loops).vectorize(lane);
  Expr work = moreWork(builder.expr(store.dims[inner]), tileLines);
  parallelizeOuter(builder, func, outer, work, vectors);
}

/// Every vector of a row has constant positions, so that each reads from one
/// of the joined tensors.
void scheduleUnrolled(KernelBuilder &builder, const Store &store, int extent) {
  Func func = store.func;
  int lanes = builder.lanes(store.elementBytes);
  std::vector<int> order = store.memoryOrder();
  std::vector<OuterLoop> outer;
  std::vector<Halide::VarOrRVar> loops{store.axis(order.front())};
  for (int axis : llvm::ArrayRef(order).drop_front()) {
    outer.push_back(outerLoop(builder, store, axis));
    loops.push_back(outer.back().var);
  }
  Var inner = store.axis(order.front());
  func.bound(inner, 0, extent).reorder(loops);
  parallelizeOuter(builder, func, outer, extent, inner);
  func.vectorize(inner, lanes, TailStrategy::GuardWithIf).unroll(inner);
}

LoopsProblem elementsProblem(KernelBuilder &builder, mlir::Value value,
                             const Store &store) {
  LoopsProblem problem{LoopsProblem::Kind::Elements, store.elementBytes, {}};
  if (!value || store.rank() < 2)
    return problem;
  int inner = store.memoryOrder().front();
  problem.innerExtent = store.dims[inner];
  problem.isJoined = isJoinedAlong(value, inner, store.rank());
  std::optional<int> source = sourceAxis(builder, value);
  if (source && *source != inner && !problem.innerExtent.isConstant(1))
    problem.sourceAxis = source;
  return problem;
}

} // namespace

void scheduleElements(KernelBuilder &builder, mlir::Value value,
                      const Store &store) {
  LoopsProblem problem = elementsProblem(builder, value, store);
  auto plan = builder.plan<dyn::LoopsPlanAttr>(problem);
  switch (plan.getForm()) {
  case dyn::LoopsForm::Unrolled:
    return scheduleUnrolled(
        builder, store,
        static_cast<int>(problem.innerExtent.asConstant().value()));
  case dyn::LoopsForm::Tiles:
    // Few images have rows of one pixel.
    if (mlir::Operation *op = value.getDefiningOp(); op && isRowMajor(op))
      specializeForOne(builder, store, static_cast<int>(plan.getAxis()));
    return scheduleTiles(builder, store, static_cast<int>(plan.getAxis()));
  default:
    return scheduleVectors(builder, store);
  }
}

} // namespace dycc::halide
