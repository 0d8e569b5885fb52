// Tensor types with a `#dyn.value` encoding, seen as dims, layout and bytes.
#include "dialects/dyn/Handles.h"
#include "dialects/dyn/Layout.h"

#include "mlir/IR/BuiltinOps.h"

using namespace mlir;

namespace dycc::dyn {

ValueAttr getValueAttr(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? dyn_cast_or_null<ValueAttr>(tensor.getEncoding())
                : ValueAttr();
}

ArrayRef<ExprAttr> getDims(Type type) {
  ValueAttr value = getValueAttr(type);
  assert(value && "the shape stage has given every tensor an encoding");
  return value.getDims();
}

LayoutAttr getLayout(Type type) {
  ValueAttr value = getValueAttr(type);
  return value ? value.getLayout() : LayoutAttr();
}

RankedTensorType getTensorType(ArrayRef<ExprAttr> dims, Type elementType,
                               LayoutAttr layout) {
  SmallVector<int64_t> shape;
  for (ExprAttr dim : dims)
    shape.push_back(dim.asConstant().value_or(ShapedType::kDynamic));
  auto value = ValueAttr::get(elementType.getContext(), dims, layout);
  return RankedTensorType::get(shape, elementType, value);
}

RankedTensorType withLayout(Type type, LayoutAttr layout) {
  return getTensorType(getDims(type), getElementTypeOrSelf(type), layout);
}

int64_t getElementBytes(Type elementType) {
  if (isHandle(elementType))
    return 8;
  if (auto complex = dyn_cast<ComplexType>(elementType))
    return 2 * getElementBytes(complex.getElementType());
  return llvm::divideCeil(elementType.getIntOrFloatBitWidth(), 8);
}

bool isComplete(Type type) {
  ValueAttr known = getValueAttr(type);
  return isa<NoneType>(type) ||
         (known && llvm::none_of(known.getDims(),
                                 [](ExprAttr dim) { return dim.isUnknown(); }));
}

static ExprAttr product(MLIRContext *context, ArrayRef<ExprAttr> factors) {
  ExprAttr result = ExprAttr::constant(context, 1);
  for (ExprAttr factor : factors)
    result = ExprAttr::mul(result, factor);
  return result;
}

ExprAttr getNumElements(Type type) {
  return product(type.getContext(), getDims(type));
}

int64_t choosePanelWidth(ArrayRef<int64_t> widths, ExprAttr columns) {
  std::optional<int64_t> count = columns.asConstant();
  if (!count)
    return widths.front();
  return *llvm::min_element(widths, [&](int64_t a, int64_t b) {
    return llvm::alignTo(*count, a) < llvm::alignTo(*count, b);
  });
}

ExprAttr getSizeInBytes(Type type) {
  Type element = getElementTypeOrSelf(type);
  ExprAttr elements = Layout(type).elements();
  if (sharesBytes(type)) // Whole groups: nothing is left.
    return ExprAttr::floorDiv(
        elements,
        ExprAttr::constant(type.getContext(), getElementsInByte(element)));
  return elements.times(getElementBytes(element));
}

SymbolFacts collectFacts(Operation *op) {
  SymbolFacts facts;
  auto module =
      isa<ModuleOp>(op) ? cast<ModuleOp>(op) : op->getParentOfType<ModuleOp>();
  for (auto symbol : module.getOps<SymbolOp>())
    facts[symbol.getSymName()] = {{symbol.lowerBound(), symbol.upperBound()},
                                  symbol.divisor(),
                                  symbol.getDefinitionAttr()};
  return facts;
}

} // namespace dycc::dyn
