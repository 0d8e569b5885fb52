// Operators that write where a tensor of indices says: a copy, then updates in
// the order of the indices. Later ones win, whatever the number of threads.
#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/Handles.h"
#include "codegen/halide/Integer.h"
#include "codegen/halide/cpu/Loops.h"
#include "codegen/halide/lowering/Opaque.h"
#include "codegen/halide/operators/IndexMap.h"

using Halide::Expr;
using Halide::Func;
using Halide::RDom;
using Halide::Var;

namespace dycc::halide {
namespace {

/// The place of one axis that an index says. Halide is not to take it for a
/// bound, as it would where there is one update alone: the memory around it has
/// its size from the shape.
Expr placeFromData(Expr index, Expr extent) {
  return indexFromData(opaque(index), extent);
}

/// What an update makes of the element that is there.
Expr combined(llvm::StringRef reduction, Expr old, Expr update) {
  bool isFloat = old.type().is_float();
  if (reduction == "none")
    return update;
  if (old.type().is_bool() && reduction == "add")
    return old || update;
  if (old.type().is_bool() && reduction == "mul")
    return old && update;
  if (reduction == "add")
    return isFloat ? strict(old + update) : wrapAdd(old, update);
  if (reduction == "mul")
    return isFloat ? strict(old * update) : wrapMul(old, update);
  if (reduction == "max")
    return isFloat ? maxNaN(old, update) : Halide::max(old, update);
  if (reduction == "min")
    return isFloat ? minNaN(old, update) : Halide::min(old, update);
  throw KernelError("expects reduction none, add, mul, max or min, got '" +
                    reduction.str() + "'");
}

/// Writes `update` to element `at` of `memory`.
void assign(Func memory, const ElementType &type, const Index &at,
            llvm::StringRef reduction, Expr update) {
  std::vector<Expr> place = reversed(at);
  if (reduction == "none") {
    memory(place) = type.store(update);
    return;
  }
  Expr old = type.load(memory(place));
  memory(place) = type.store(combined(reduction, old, update));
}

/// The places of a tensor of `dims`, the last axis innermost.
RDom placesOf(KernelBuilder &builder, llvm::ArrayRef<dyn::ExprAttr> dims) {
  Halide::Region region;
  for (dyn::ExprAttr dim : llvm::reverse(dims))
    region.emplace_back(0, builder.expr(dim));
  if (region.empty())
    region.emplace_back(0, 1);
  return RDom(region, "places");
}

/// Runs an update place by place, in the order of memory: of two writes to one
/// element the later one has to win.
void runInOrder(Func memory) { memory.update().unscheduled(); }

/// The same with the outermost loop over `places` in parallel strips, where it
/// runs along an axis whose places write to different elements.
void runOuterParallel(KernelBuilder &builder, Func memory, const RDom &places,
                      llvm::ArrayRef<dyn::ExprAttr> dims) {
  Halide::RVar outer = places[places.dimensions() - 1];
  runInStrips(builder, memory.update().allow_race_conditions(), outer,
              builder.product(dims.drop_front()));
}

/// The form of the loops over updates.
dyn::LoopsForm formOf(KernelBuilder &builder, bool hasDistinctRows,
                      bool hasSlices) {
  LoopsProblem problem{LoopsProblem::Kind::Scatter, {}, {}};
  problem.hasDistinctRows = hasDistinctRows;
  problem.hasSlices = hasSlices;
  auto plan = builder.plan<dyn::LoopsPlanAttr>(problem);
  return plan ? plan.getForm() : dyn::LoopsForm::InOrder;
}

Index indexOf(const RDom &places, size_t rank) {
  Index index;
  for (size_t axis = rank; axis-- > 0;)
    index.push_back(places[static_cast<int>(axis)]);
  return index;
}

void defineCopy(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0);
  builder.define(op, [&](const Index &index) { return x(index); });
}

/// How an update and the element that it meets become one.
std::string reductionOf(mlir::Operation *op) {
  std::string reduction = stringAttribute(op, "reduction", "none").str();
  if (reduction != "none")
    expectNumbers(op->getResult(0));
  return reduction;
}

void defineScatterElements(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0), indices = builder.operand(op, 1);
  Tensor updates = builder.operand(op, 2);
  int axis = axisAttribute(op, x.rank(), 0);
  std::string reduction = reductionOf(op);
  defineCopy(builder, op);
  KernelBuilder &b = builder;
  builder.addUpdate(op, [=, &b](Func memory) {
    RDom places = placesOf(b, indices.dims);
    Index from = indexOf(places, indices.dims.size()), at = from;
    for (int other = 0; other < x.rank(); ++other)
      if (other == axis || x.dims[other] != indices.dims[other])
        places.where(other == axis ? b.expr(x.dims[other]) > 0
                                   : from[other] < b.expr(x.dims[other]));
    at[axis] = placeFromData(indices(from), b.expr(x.dims[axis]));
    assign(memory, x.element, at, reduction, updates(from));
    if (formOf(b, axis > 0, false) == dyn::LoopsForm::Strips)
      runOuterParallel(b, memory, places, indices.dims);
    else
      runInOrder(memory);
  });
}

void defineScatterND(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0), indices = builder.operand(op, 1);
  Tensor updates = builder.operand(op, 2);
  std::string reduction = reductionOf(op);
  // The last extent of the indices, which may be known at run time only.
  int tuple =
      static_cast<int>(indices.dims.size()) - 1 + x.rank() - updates.rank();
  defineCopy(builder, op);
  KernelBuilder &b = builder;
  builder.addUpdate(op, [=, &b](Func memory) {
    llvm::ArrayRef<dyn::ExprAttr> dims = indices.dims;
    RDom places = placesOf(b, dims.drop_back());
    Index from = indexOf(places, dims.size() - 1), place = from, at;
    place.emplace_back();
    for (int i = 0; i < tuple; ++i) {
      Expr extent = b.expr(x.dims[i]);
      places.where(extent > 0);
      // One tuple has no axes to name its place by, and Halide drops a domain
      // that nothing names, with its conditions.
      place.back() = dims.size() > 1 ? Expr(i) : places[0] + i;
      at.push_back(placeFromData(indices(place), extent));
    }
    std::vector<Halide::VarOrRVar> order; // Slices are copied along memory.
    for (int axis = x.rank() - 1; axis >= tuple; --axis)
      order.push_back(axisVar(axis, x.rank()));
    for (int axis = tuple; axis < x.rank(); ++axis) {
      at.push_back(axisVar(axis, x.rank()));
      from.push_back(at.back());
    }
    assign(memory, x.element, at, reduction, updates(from));
    if (formOf(b, false, !order.empty()) != dyn::LoopsForm::Slices)
      return runInOrder(memory);
    Var inner = order.front().var;
    for (int i = 0; i < places.dimensions(); ++i)
      if (dims.size() > 1 || tuple > 0)
        order.push_back(places[i]);
    memory.update().reorder(order).vectorize(
        inner, b.lanes(x.element.computed.bytes()),
        Halide::TailStrategy::GuardWithIf);
  });
}

/// Extent that MaxPool had along spatial axis `i`, where no one rounded.
Expr pooledExtent(KernelBuilder &builder, mlir::Operation *op,
                  dyn::ExprAttr dim, size_t i, size_t count) {
  std::vector<int64_t> kernel = intsAttribute(op, "kernel_shape", {});
  std::vector<int64_t> strides = intsAttribute(op, "strides", count, 1);
  std::vector<int64_t> pads = intsAttribute(op, "pads", 2 * count, 0);
  Expr last = (builder.expr(dim) - 1) * static_cast<int>(strides[i]);
  return last + static_cast<int>(kernel[i] - pads[i] - pads[i + count]);
}

/// Indices count over the extents that follow from the attributes, also where
/// the result is larger.
void defineMaxUnpool(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0), indices = builder.operand(op, 1);
  Dims to = builder.dims(op->getResult(0));
  builder.define(op, [&](const Index &) {
    return Halide::Internal::make_zero(x.element.computed);
  });
  KernelBuilder &b = builder;
  builder.addUpdate(op, [=, &b](Func memory) {
    RDom places = placesOf(b, x.dims);
    Index from = indexOf(places, x.dims.size()), at(to.size());
    Expr flat = indices(from);
    for (size_t axis = to.size(); axis-- > 0;) {
      Expr extent = b.expr(to[axis]);
      places.where(extent > 0);
      Expr counted = extent;
      if (axis >= 2)
        counted = pooledExtent(b, op, x.dims[axis], axis - 2, to.size() - 2);
      Expr divisor = Halide::cast<int64_t>(Halide::max(counted, 1));
      Expr here = axis == 0 ? flat : flat % divisor;
      at[axis] = placeFromData(here, extent);
      flat = flat / divisor;
    }
    assign(memory, x.element, at, "none", x(from));
    formOf(b, false, false);
    runInOrder(memory);
  });
}

} // namespace

void addScatters(Registry &registry) {
  registry["Scatter"] = {defineScatterElements};
  registry["ScatterElements"] = {defineScatterElements};
  registry["ScatterND"] = {defineScatterND};
  registry["MaxUnpool"] = {defineMaxUnpool};
}

} // namespace dycc::halide
