#include "codegen/halide/Attributes.h"

#include "codegen/halide/KernelError.h"
#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace dycc::halide {

/// Indices are computed in 32 bits: what no index can be would become another.
static int64_t limited(StringRef name, int64_t value) {
  if (value != static_cast<int32_t>(value))
    throw KernelError("expects " + name.str() + " within 32 bits, got " +
                      std::to_string(value));
  return value;
}

int64_t intAttribute(Operation *op, StringRef name, int64_t absent) {
  auto attr = op->getAttrOfType<IntegerAttr>(name);
  return attr ? limited(name, attr.getValue().getSExtValue()) : absent;
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
  std::vector<int64_t> values;
  for (int64_t value : attr.asArrayRef())
    values.push_back(limited(name, value));
  return values;
}

std::vector<int64_t> intsAttribute(Operation *op, StringRef name, size_t count,
                                   int64_t absent) {
  auto values = intsAttribute(op, name, std::vector<int64_t>(count, absent));
  if (values.size() != count)
    throw KernelError("expects " + std::to_string(count) + " " + name.str() +
                      ", got " + std::to_string(values.size()));
  return values;
}

int axisAttribute(Operation *op, int rank, int64_t absent, StringRef name) {
  int64_t axis = intAttribute(op, name, absent);
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

} // namespace dycc::halide
