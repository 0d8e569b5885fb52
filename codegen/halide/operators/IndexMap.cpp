#include "codegen/halide/operators/IndexMap.h"

#include "codegen/halide/Attributes.h"

using Halide::cast;
using Halide::Expr;
using Halide::likely;
using Halide::select;

namespace dycc::halide {

Expr indexFromData(Expr value, Expr extent) {
  Halide::Type type = value.type();
  Expr end = cast(type, extent), zero = Halide::Internal::make_zero(type);
  // Limited first: Halide finds no bounds of a sum that may overflow, as that
  // of the least 64-bit number.
  Expr fromEnd = type.bits() > 32 ? Halide::max(value, -end) : value;
  Expr positive =
      type.is_uint() ? value : select(value < zero, fromEnd + end, value);
  Expr last = Halide::max(end - Halide::Internal::make_one(type), zero);
  return cast<int32_t>(Halide::max(Halide::min(positive, last), zero));
}

Expr limited(Expr position, Expr extent) {
  return Halide::max(Halide::min(likely(position), extent - 1), 0);
}

Expr isEmpty(KernelBuilder &builder, const Tensor &x,
             llvm::ArrayRef<int> axes) {
  Expr result;
  for (int axis : axes) {
    std::optional<int64_t> extent = x.dims[axis].asConstant();
    if (extent && *extent > 0)
      continue;
    Expr here = builder.expr(x.dims[axis]) == 0;
    result = result.defined() ? result || here : here;
  }
  return result;
}

Index guardEmpty(KernelBuilder &builder, const Tensor &x, Index index,
                 llvm::ArrayRef<int> axes) {
  Expr empty = isEmpty(builder, x, axes);
  if (!empty.defined())
    return index;
  for (int axis = 0; axis < x.rank(); ++axis) {
    bool isOnly = axes.size() == 1 && axes.front() == axis;
    if (isOnly || x.dims[axis].isConstant(1))
      continue;
    Expr last = builder.expr(x.dims[axis]) - 1;
    index[axis] = Halide::min(likely(index[axis]), select(empty, 0, last));
  }
  return index;
}

namespace {

dyn::ExprAttr productOf(llvm::ArrayRef<dyn::ExprAttr> dims,
                        mlir::MLIRContext *context) {
  dyn::ExprAttr result = dyn::ExprAttr::constant(context, 1);
  for (dyn::ExprAttr dim : dims)
    result = dyn::ExprAttr::mul(result, dim);
  return result;
}

/// Row-major position of `index` in `dims`.
Expr flatten(KernelBuilder &builder, llvm::ArrayRef<dyn::ExprAttr> dims,
             llvm::ArrayRef<Expr> index) {
  Expr flat = 0;
  for (auto [dim, i] : llvm::zip(dims, index))
    flat = flat * builder.expr(dim) + i;
  return Halide::Internal::simplify(flat);
}

/// The index of the row-major position `flat`, put before `index`.
void unflatten(KernelBuilder &builder, llvm::ArrayRef<dyn::ExprAttr> dims,
               Expr flat, Index &index) {
  for (size_t axis = dims.size(); axis-- > 0;) {
    if (axis == 0) {
      index.insert(index.begin(), flat);
      break;
    }
    // At least 1: an empty tensor has no index to map.
    Expr extent = Halide::max(builder.expr(dims[axis]), 1);
    extent = Halide::Internal::simplify(extent);
    index.insert(index.begin(),
                 dims[axis].isConstant(1) ? Expr(0) : flat % extent);
    flat = Halide::Internal::simplify(flat / extent);
  }
}

} // namespace

Index reshapeIndex(KernelBuilder &builder, const Dims &from, const Dims &to,
                   const Index &index) {
  if (from.empty())
    return {};
  mlir::MLIRContext *context = from.front().getContext();
  // Blocks of axes that hold the same number of elements map to each other;
  // they are looked for from the last axis.
  Index result;
  size_t fromEnd = from.size(), toEnd = to.size();
  while (fromEnd > 0) {
    size_t f = fromEnd - 1, t = toEnd > 0 ? toEnd - 1 : 0;
    auto inFrom = [&] { return productOf({&from[f], fromEnd - f}, context); };
    auto inTo = [&] {
      return productOf(llvm::ArrayRef(to).slice(t, toEnd - t), context);
    };
    bool found = inFrom() == inTo();
    for (size_t a = fromEnd; !found && a-- > 0;)
      for (size_t b = toEnd; !found && b-- > 0;) {
        f = a, t = b;
        found = inFrom() == inTo();
      }
    if (!found)
      f = t = 0;
    Expr flat = flatten(builder, llvm::ArrayRef(to).slice(t, toEnd - t),
                        llvm::ArrayRef(index).slice(t, toEnd - t));
    unflatten(builder, llvm::ArrayRef(from).slice(f, fromEnd - f), flat,
              result);
    fromEnd = f, toEnd = t;
  }
  return result;
}

Expr isAxis(KernelBuilder &builder, dyn::ExprAttr axis, int number, int rank) {
  Expr value = builder.expr(axis);
  return Halide::Internal::simplify(value == number || value == number - rank);
}

std::optional<std::vector<int>> steeringAxes(KernelBuilder &builder,
                                             mlir::Operation *op,
                                             unsigned position, int rank) {
  std::optional<Dims> elements = builder.steering(op, position);
  if (!elements)
    return std::nullopt;
  std::vector<int> axes;
  for (dyn::ExprAttr e : *elements) {
    std::optional<int64_t> axis = e.asConstant();
    if (!axis || *axis < -rank || *axis >= rank)
      throw KernelError("expects axes to be constants within rank " +
                        std::to_string(rank) + ", got '" + e.str() + "'");
    axes.push_back(static_cast<int>(*axis < 0 ? *axis + rank : *axis));
  }
  return axes;
}

} // namespace dycc::halide
