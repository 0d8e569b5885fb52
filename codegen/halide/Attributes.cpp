#include "codegen/halide/Attributes.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace dycc::halide {

int64_t intAttribute(Operation *op, StringRef name, int64_t absent) {
  auto attr = op->getAttrOfType<IntegerAttr>(name);
  return attr ? attr.getValue().getSExtValue() : absent;
}

double floatAttribute(Operation *op, StringRef name, double absent) {
  auto attr = op->getAttrOfType<FloatAttr>(name);
  return attr ? attr.getValueAsDouble() : absent;
}

StringRef stringAttribute(Operation *op, StringRef name, StringRef absent) {
  auto attr = op->getAttrOfType<StringAttr>(name);
  return attr ? attr.getValue() : absent;
}

std::vector<int64_t> intsAttribute(Operation *op, StringRef name,
                                   std::vector<int64_t> absent) {
  auto attr = op->getAttrOfType<DenseI64ArrayAttr>(name);
  if (!attr)
    return absent;
  return {attr.asArrayRef().begin(), attr.asArrayRef().end()};
}

int axisAttribute(Operation *op, int rank, int64_t absent, StringRef name) {
  int64_t axis = intAttribute(op, name, absent);
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

} // namespace dycc::halide
