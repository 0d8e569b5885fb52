#include "codegen/halide/Operands.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using Halide::Expr;

namespace dycc::halide {
namespace {

/// Constants of more elements are operands of the kernel, not part of it.
constexpr int64_t maxConstantElements = 256;

/// Adds the symbols of `dims` to `names`.
void collect(ArrayRef<dyn::ExprAttr> dims, llvm::SetVector<StringRef> &names) {
  for (dyn::ExprAttr dim : dims)
    dim.forEachSymbol([&](StringRef name) { names.insert(name); });
}

/// Elements of an f16, bf16 or f64 constant are f32 here if that is exact.
std::optional<Dims> floatElements(DenseElementsAttr values) {
  Dims result;
  for (APFloat value : values.getValues<APFloat>()) {
    bool lossy = false;
    value.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven, &lossy);
    if (lossy)
      return std::nullopt;
    result.push_back(dyn::ExprAttr::constantF32(values.getContext(),
                                                value.convertToFloat()));
  }
  return result;
}

} // namespace

SmallVector<StringRef> kernelSymbols(dyn::GroupOp group) {
  llvm::SetVector<StringRef> names;
  auto add = [&](TypeRange types) {
    for (Type type : types)
      collect(dyn::getDims(type), names);
  };
  add(group.getBody().getArgumentTypes());
  for (Operation &op : group.getBody().front().without_terminator()) {
    if (auto symbolic = mlir::dyn_cast<dyn::SymbolicOp>(op))
      for (Attribute e : symbolic.getElements())
        collect(cast<dyn::ExprAttr>(e), names);
    add(op.getResultTypes());
  }
  SmallVector<StringRef> result(names.begin(), names.end());
  if (!group.getSymbols())
    return result;
  // A canonical body: s0, s1, ... in the order of `symbols`.
  llvm::sort(result, [](StringRef a, StringRef b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  if (result.size() != group.getSymbols()->size())
    throw KernelError("expects " + std::to_string(group.getSymbols()->size()) +
                      " symbols in the body, got " +
                      std::to_string(result.size()));
  return result;
}

Strides constrainStrides(KernelBuilder &builder, Halide::Parameter p,
                         const Dims &dims, dyn::LayoutAttr layout) {
  int rank = static_cast<int>(dims.size());
  std::vector<int> order; // Logical axes, innermost first.
  if (layout)
    order.push_back(1);
  for (int axis = rank - 1; axis >= 0; --axis)
    if (!layout || axis != 1)
      order.push_back(axis);
  Strides strides(dims.size());
  Expr stride = 1;
  for (int axis : order) {
    int dim = rank - 1 - axis;
    Expr extent = builder.expr(dims[axis]);
    p.set_min_constraint(dim, 0);
    p.set_extent_constraint(dim, extent);
    p.set_stride_constraint(dim, stride);
    strides[dim] = stride;
    if (layout && axis == 1) {
      int width = static_cast<int>(layout.getWidth());
      extent = (extent + (width - 1)) / width * width;
    }
    stride = Halide::Internal::simplify(stride * extent);
  }
  return strides;
}

PanelTensor makePanels(KernelBuilder &builder, const std::string &name,
                       ElementType element, const Dims &dims, int64_t width) {
  // A filter's blocked axis is its first, a matrix's its last.
  bool matrix = dims.size() == 2;
  Dims inner(dims.begin() + (matrix ? 0 : 1), dims.end() - (matrix ? 1 : 0));
  dyn::ExprAttr blocked = matrix ? dims.back() : dims.front();
  int r = static_cast<int>(width);
  // In memory: [O/r][taps...][I][r], so after the lane comes I, then the taps
  // from the last.
  Dims order;
  if (!inner.empty()) {
    order.push_back(inner.front());
    order.insert(order.end(), inner.rbegin(), inner.rend() - 1);
  }
  Halide::ImageParam memory(element.stored, static_cast<int>(order.size()) + 2,
                            name);
  Strides strides{1};
  Expr stride = r;
  memory.dim(0).set_bounds(0, r).set_stride(1);
  int dim = 1;
  for (dyn::ExprAttr extent : order) {
    memory.dim(dim++).set_bounds(0, builder.expr(extent)).set_stride(stride);
    strides.push_back(stride);
    stride = Halide::Internal::simplify(stride * builder.expr(extent));
  }
  memory.dim(dim)
      .set_bounds(0, (builder.expr(blocked) + (r - 1)) / r)
      .set_stride(stride);
  strides.push_back(stride);
  builder.setStrides(name, std::move(strides));
  return {memory, width, element, dims};
}

Tensor unpack(KernelBuilder &builder, const PanelTensor &panel) {
  int r = static_cast<int>(panel.width);
  return builder.make("unpacked", panel.element, panel.dims,
                      [&](const Index &index) {
                        bool matrix = index.size() == 2;
                        Expr lane = matrix ? index.back() : index.front();
                        std::vector<Expr> at{lane % r};
                        if (matrix) {
                          at.push_back(index.front());
                        } else {
                          at.push_back(index[1]);
                          at.insert(at.end(), index.rbegin(), index.rend() - 2);
                        }
                        at.push_back(lane / r);
                        return panel.element.load(panel.memory(at));
                      });
}

std::optional<Dims> constantElements(Operation *op) {
  if (!op)
    return std::nullopt;
  if (auto symbolic = mlir::dyn_cast<dyn::SymbolicOp>(op)) {
    Dims result;
    for (Attribute e : symbolic.getElements())
      result.push_back(cast<dyn::ExprAttr>(e));
    return result;
  }
  if (op->getName().getStringRef() != "onnx.Constant")
    return std::nullopt;
  auto values = op->getAttrOfType<DenseElementsAttr>("value");
  if (!values || values.getNumElements() > maxConstantElements)
    return std::nullopt;
  if (mlir::isa<FloatType>(values.getElementType()))
    return floatElements(values);
  auto integer = mlir::dyn_cast<IntegerType>(values.getElementType());
  if (!integer)
    return std::nullopt;
  Dims result;
  for (const APInt &value : values.getValues<APInt>())
    result.push_back(dyn::ExprAttr::constant(
        op->getContext(), integer.isUnsigned() || integer.getWidth() == 1
                              ? static_cast<int64_t>(value.getZExtValue())
                              : value.getSExtValue()));
  return result;
}

std::optional<Dims> constantElements(Value value) {
  return constantElements(value.getDefiningOp());
}

Tensor makeConstant(KernelBuilder &builder, Operation *op,
                    const Dims &elements) {
  Value result = op->getResult(0);
  ElementType type = KernelBuilder::element(result);
  Dims dims = builder.dims(result);
  auto element = [&](dyn::ExprAttr e) {
    // A constant beyond int32 is exact: toHalide would saturate it.
    if (std::optional<int64_t> value = e.asConstant())
      return Halide::Internal::make_const(type.computed, *value);
    return Halide::cast(type.computed, builder.expr(e));
  };
  return builder.make("constant", type, dims, [&](const Index &index) {
    Expr flat = 0;
    for (auto [axis, dim] : llvm::enumerate(dims))
      flat = flat * builder.expr(dim) + index[axis];
    flat = Halide::Internal::simplify(flat);
    Expr value = elements.empty() ? Halide::Internal::make_zero(type.computed)
                                  : element(elements.back());
    for (size_t i = elements.size(); i-- > 1;)
      if (elements[i - 1] != elements.back() || i < elements.size() - 1)
        value = Halide::select(flat == static_cast<int>(i - 1),
                               element(elements[i - 1]), value);
    return value;
  });
}

} // namespace dycc::halide
