#include "dialects/onnx/OnnxTypes.h"
#include "dialects/onnx/Containers.h"
#include "dialects/onnx/OnnxDialect.h"

using namespace mlir;
using namespace dycc::onnx;

#define GET_TYPEDEF_CLASSES
#include "dialects/onnx/OnnxTypes.cpp.inc"

void OnnxDialect::addTypes() {
  Dialect::addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/onnx/OnnxTypes.cpp.inc"
      >();
}

LogicalResult SeqType::verify(function_ref<InFlightDiagnostic()> emitError,
                              Type elementType) {
  if (!isa<TensorType>(elementType)) // (C1), tested by seq_c1
    return emitError() << "expects a tensor as element of a sequence, got "
                       << elementType;
  return success();
}

LogicalResult OptType::verify(function_ref<InFlightDiagnostic()> emitError,
                              Type elementType) {
  if (!isa<TensorType, SeqType>(elementType)) // (C1), tested by opt_c1
    return emitError() << "expects a tensor or a sequence as element of an "
                          "optional, got "
                       << elementType;
  return success();
}

TensorType dycc::onnx::heldTensor(Type type) {
  if (auto optional = dyn_cast<OptType>(type)) {
    if (auto tensor = dyn_cast<TensorType>(optional.getElementType()))
      return tensor;
    type = optional.getElementType();
  }
  auto sequence = dyn_cast<SeqType>(type);
  return sequence ? cast<TensorType>(sequence.getElementType()) : TensorType();
}

Type dycc::onnx::withHeldTensor(Type type, TensorType tensor) {
  if (isa<SeqType>(type))
    return SeqType::get(type.getContext(), tensor);
  Type held = cast<OptType>(type).getElementType();
  return OptType::get(type.getContext(), isa<SeqType>(held)
                                             ? withHeldTensor(held, tensor)
                                             : Type(tensor));
}

/// Signed integers of ONNX are signless here, and its bool is i1.
static ElementSet setOfInteger(IntegerType type) {
  if (type.isSigned() || (type.isUnsigned() && type.getWidth() == 1))
    return ElementSet::None;
  bool isUnsigned = type.isUnsigned();
  switch (type.getWidth()) {
  case 1:
    return ElementSet::Bool;
  case 2:
    return isUnsigned ? ElementSet::UI2 : ElementSet::I2;
  case 4:
    return isUnsigned ? ElementSet::UI4 : ElementSet::I4;
  case 8:
    return isUnsigned ? ElementSet::UI8 : ElementSet::I8;
  case 16:
    return isUnsigned ? ElementSet::UI16 : ElementSet::I16;
  case 32:
    return isUnsigned ? ElementSet::UI32 : ElementSet::I32;
  case 64:
    return isUnsigned ? ElementSet::UI64 : ElementSet::I64;
  default:
    return ElementSet::None;
  }
}

ElementSet dycc::onnx::elementSetOf(Type elementType) {
  return TypeSwitch<Type, ElementSet>(elementType)
      .Case(setOfInteger)
      .Case([](Float16Type) { return ElementSet::F16; })
      .Case([](BFloat16Type) { return ElementSet::BF16; })
      .Case([](Float32Type) { return ElementSet::F32; })
      .Case([](Float64Type) { return ElementSet::F64; })
      .Case([](StringType) { return ElementSet::String; })
      .Case([](ComplexType type) {
        Type part = type.getElementType();
        return part.isF32() || part.isF64() ? ElementSet::Complex
                                            : ElementSet::None;
      })
      .Case([](Float8E4M3FNType) { return ElementSet::F8E4M3FN; })
      .Case([](Float8E4M3FNUZType) { return ElementSet::F8E4M3FNUZ; })
      .Case([](Float8E5M2Type) { return ElementSet::F8E5M2; })
      .Case([](Float8E5M2FNUZType) { return ElementSet::F8E5M2FNUZ; })
      .Case([](Float8E8M0FNUType) { return ElementSet::F8E8M0FNU; })
      .Case([](Float4E2M1FNType) { return ElementSet::F4E2M1FN; })
      .Case([](Float6E2M3FNType) { return ElementSet::F6E2M3FN; })
      .Case([](Float6E3M2FNType) { return ElementSet::F6E3M2FN; })
      .Default(ElementSet::None);
}

bool dycc::onnx::isValueOf(Type type, ElementSet set) {
  if (auto tensor = dyn_cast<TensorType>(type))
    return (elementSetOf(tensor.getElementType()) & set) != ElementSet::None;
  if (isa<SeqType>(type))
    return (set & ElementSet::Seq) != ElementSet::None;
  return isa<OptType>(type) && (set & ElementSet::Opt) != ElementSet::None;
}

bool dycc::onnx::haveOneElementType(std::initializer_list<ValueRange> ranges) {
  Type first;
  for (ValueRange range : ranges)
    for (Value value : range) {
      Type type = getElementTypeOrSelf(value.getType());
      first = first ? first : type;
      if (type != first)
        return false;
    }
  return true;
}

SmallVector<Value>
dycc::onnx::concatenate(std::initializer_list<ValueRange> ranges) {
  SmallVector<Value> values;
  for (ValueRange range : ranges)
    llvm::append_range(values, range);
  return values;
}
