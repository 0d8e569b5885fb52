#include "codegen/halide/Operands.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;
using Halide::Expr;

namespace dycc::halide {
namespace {

/// Constants of more elements are operands of the kernel, not part of it.
constexpr int64_t maxConstantElements = 256;

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

SmallVector<Operation *> rootsOf(dyn::KernelOp kernel, onnx::Root root) {
  SmallVector<Operation *> found;
  for (Operation &op : kernel.getBody().front())
    if (onnx::rootOf(&op) == root)
      found.push_back(&op);
  return found;
}

SmallVector<StringRef> kernelSymbols(dyn::KernelOp kernel) {
  SmallVector<StringRef> names;
  for (auto symbol : kernel.getSymbols().getAsRange<dyn::KernelSymbolAttr>())
    names.push_back(symbol.getSymbol());
  return names;
}

BufferShape constrain(KernelBuilder &builder, Halide::Parameter p,
                      const dyn::Layout &layout, size_t inElement) {
  llvm::ArrayRef<dyn::MemoryDim> dims = layout.dims().drop_front(inElement);
  size_t count = dims.size();
  BufferShape shape{std::vector<Expr>(count), std::vector<Expr>(count)};
  Expr stride = 1;
  for (auto [position, dim] : llvm::enumerate(dims)) {
    size_t at = layout.isBlocked() ? position : count - 1 - dim.axis;
    int number = static_cast<int>(at);
    shape.extents[at] = builder.expr(dim.extent);
    shape.strides[at] = stride;
    p.set_min_constraint(number, 0);
    p.set_extent_constraint(number, shape.extents[at]);
    p.set_stride_constraint(number, stride);
    stride = Halide::Internal::simplify(stride * builder.expr(dim.stored));
  }
  return shape;
}

PanelTensor makePanels(KernelBuilder &builder, const std::string &name,
                       ElementType element, const Dims &dims,
                       dyn::LayoutAttr attribute) {
  dyn::Layout layout(attribute.getContext(), dims, attribute);
  size_t inElement = attribute.getGroup() > 0 ? 1 : 0;
  Halide::Type type = element.stored;
  if (inElement > 0) {
    int bits = static_cast<int>(attribute.getGroup()) * element.bits();
    type = element.bits() < 8 ? Halide::UInt(bits) : Halide::Int(bits);
  }
  Halide::ImageParam memory(
      type, static_cast<int>(layout.dims().size() - inElement), name);
  builder.setShape(name,
                   constrain(builder, memory.parameter(), layout, inElement));
  return {memory, attribute, element, dims};
}

/// Where the element at a logical index lies along one dim of memory.
static Expr place(const dyn::Layout &layout, const dyn::MemoryDim &dim,
                  const Index &index) {
  const Expr &whole = index[dim.axis];
  switch (dim.part) {
  case dyn::MemoryDim::Part::Whole:
    return whole;
  case dyn::MemoryDim::Part::Lane:
    return whole % static_cast<int>(layout.blockExtent(dim.axis));
  case dyn::MemoryDim::Part::Block:
    return whole / static_cast<int>(layout.blockExtent(dim.axis));
  case dyn::MemoryDim::Part::Transformed:
    break; // Has no elements of its own in memory.
  }
  llvm_unreachable("all parts are there");
}

Tensor unpack(KernelBuilder &builder, const PanelTensor &panel) {
  if (panel.layout.getWinograd() > 0)
    return {panel.element, panel.dims, {}};
  dyn::Layout layout(panel.layout.getContext(), panel.dims, panel.layout);
  return builder.make(
      "unpacked", panel.element, panel.dims, [&](const Index &index) {
        std::vector<Expr> at;
        for (const dyn::MemoryDim &dim : layout.dims())
          at.push_back(place(layout, dim, index));
        if (!panel.isGrouped())
          return panel.element.load(panel.memory(at));
        Expr place = at.front();
        at.erase(at.begin());
        return panel.element.load(
            Halide::cast(panel.element.stored,
                         panel.memory(at) >> (place * panel.element.bits())));
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

std::optional<double> constantNumber(Value value) {
  Operation *op = value ? value.getDefiningOp() : nullptr;
  auto elements =
      op ? op->getAttrOfType<DenseElementsAttr>("value") : DenseElementsAttr();
  if (!elements || elements.getNumElements() != 1)
    return std::nullopt;
  if (mlir::isa<FloatType>(elements.getElementType()))
    return (*elements.value_begin<APFloat>()).convertToDouble();
  auto integer = mlir::dyn_cast<IntegerType>(elements.getElementType());
  if (!integer || !integer.isSignless() || integer.getWidth() == 1)
    return std::nullopt;
  return static_cast<double>((*elements.value_begin<APInt>()).getSExtValue());
}

/// The few elements of a constant of floats.
static std::optional<DenseElementsAttr> fewFloats(Operation *op) {
  if (!op || op->getName().getStringRef() != "onnx.Constant")
    return std::nullopt;
  auto values = op->getAttrOfType<DenseElementsAttr>("value");
  if (!values || !mlir::isa<FloatType>(values.getElementType()) ||
      values.getNumElements() > maxConstantElements)
    return std::nullopt;
  return values;
}

bool isConstant(Operation *op) { return constantElements(op) || fewFloats(op); }

/// The elements of `op` as they are computed with: floats, in f64, are exact.
static std::vector<Expr> elementsOf(KernelBuilder &builder, Operation *op,
                                    Halide::Type type) {
  std::vector<Expr> result;
  if (auto floats = fewFloats(op)) {
    for (APFloat value : floats->getValues<APFloat>()) {
      bool isLossy = false;
      value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                    &isLossy);
      result.push_back(
          Halide::Internal::make_const(type, value.convertToDouble()));
    }
    return result;
  }
  const Dims symbolic = *constantElements(op);
  for (dyn::ExprAttr e : symbolic)
    // A constant beyond int32 is exact: toHalide would saturate it.
    if (std::optional<int64_t> value = e.asConstant())
      result.push_back(Halide::Internal::make_const(type, *value));
    else
      result.push_back(Halide::cast(type, builder.expr(e)));
  return result;
}

Tensor makeConstant(KernelBuilder &builder, Operation *op) {
  Value result = op->getResult(0);
  ElementType type = KernelBuilder::element(result);
  Dims dims = builder.dims(result);
  std::vector<Expr> elements = elementsOf(builder, op, type.computed);
  return builder.make("constant", type, dims, [&](const Index &index) {
    Expr flat = 0;
    for (auto [axis, dim] : llvm::enumerate(dims))
      flat = flat * builder.expr(dim) + index[axis];
    flat = Halide::Internal::simplify(flat);
    Expr value = elements.empty() ? Halide::Internal::make_zero(type.computed)
                                  : elements.back();
    for (size_t i = elements.size(); i-- > 1;)
      if (i < elements.size() - 1 ||
          !Halide::Internal::equal(elements[i - 1], elements.back()))
        value = Halide::select(flat == static_cast<int>(i - 1), elements[i - 1],
                               value);
    return value;
  });
}

} // namespace dycc::halide
