// Operators that read where a tensor of indices says.
#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/operators/IndexMap.h"

using Halide::Expr;
using Halide::select;

namespace dycc::halide {
namespace {

void defineGather(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0), indices = builder.operand(op, 1);
  int axis = axisAttribute(op, x.rank(), 0);
  Expr extent = builder.expr(x.dims[axis]);
  builder.define(op, [&](const Index &index) {
    auto first = index.begin() + axis, last = first + indices.rank();
    Index at(index.begin(), first);
    at.push_back(indexFromData(indices({first, last}), extent));
    at.insert(at.end(), last, index.end());
    return x(guardEmpty(builder, x, at, axis));
  });
}

void defineGatherElements(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0), indices = builder.operand(op, 1);
  int axis = axisAttribute(op, x.rank(), 0);
  builder.define(op, [&](const Index &index) {
    Index at = index;
    for (int other = 0; other < x.rank(); ++other)
      if (x.dims[other] != indices.dims[other])
        at[other] = limited(index[other], builder.expr(x.dims[other]));
    at[axis] = indexFromData(indices(index), builder.expr(x.dims[axis]));
    return x(guardEmpty(builder, x, at, axis));
  });
}

void defineGatherND(KernelBuilder &builder, mlir::Operation *op) {
  Tensor x = builder.operand(op, 0), indices = builder.operand(op, 1);
  int batch = static_cast<int>(intAttribute(op, "batch_dims", 0));
  std::optional<int64_t> tuple = indices.dims.back().asConstant();
  if (!tuple)
    throw KernelError("expects a constant length of index tuples, got '" +
                      indices.dims.back().str() + "'");
  std::vector<int> axes;
  for (int i = 0; i < *tuple; ++i)
    axes.push_back(batch + i);
  builder.define(op, [&](const Index &index) {
    auto end = index.begin() + (indices.rank() - 1);
    Index at(index.begin(), index.begin() + batch), place(index.begin(), end);
    place.emplace_back();
    for (int i = 0; i < *tuple; ++i) {
      place.back() = i;
      at.push_back(
          indexFromData(indices(place), builder.expr(x.dims[batch + i])));
    }
    at.insert(at.end(), end, index.end());
    return x(guardEmpty(builder, x, at, axes));
  });
}

/// Indices may be floats, which must be whole, and may be negative.
void defineOneHot(KernelBuilder &builder, mlir::Operation *op) {
  Tensor indices = builder.operand(op, 0), values = builder.operand(op, 2);
  Dims to = builder.dims(op->getResult(0));
  int axis = axisAttribute(op, static_cast<int>(to.size()), -1);
  Expr depth = Halide::cast<int64_t>(builder.expr(to[axis]));
  builder.define(op, [&](const Index &index) {
    Index at = index;
    at.erase(at.begin() + axis);
    Expr hot = indices(at);
    hot = hot.type().is_float() ? toInteger(hot, Halide::Int(64))
                                : Halide::cast<int64_t>(hot);
    hot = select(hot < Expr(int64_t(0)), hot + depth, hot);
    return select(hot == Halide::cast<int64_t>(index[axis]), values({1}),
                  values({0}));
  });
}

} // namespace

void addGathers(Registry &registry) {
  registry["Gather"] = {defineGather};
  registry["GatherElements"] = {defineGatherElements};
  registry["GatherND"] = {defineGatherND};
  registry["OneHot"] = {defineOneHot};
}

} // namespace dycc::halide
