#ifndef DYCC_DIALECTS_ONNX_ONNXTYPES_H
#define DYCC_DIALECTS_ONNX_ONNXTYPES_H

#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "llvm/ADT/BitmaskEnum.h"
#include <initializer_list>

#define GET_TYPEDEF_CLASSES
#include "dialects/onnx/OnnxTypes.h.inc"

namespace dycc::onnx {
LLVM_ENABLE_BITMASK_ENUMS_IN_NAMESPACE();

/// A set of element types of tensors, and of the types that are no tensor.
enum class ElementSet : uint32_t {
  None = 0,
  F16 = 1u << 0,
  BF16 = 1u << 1,
  F32 = 1u << 2,
  F64 = 1u << 3,
  I8 = 1u << 4,
  I16 = 1u << 5,
  I32 = 1u << 6,
  I64 = 1u << 7,
  UI8 = 1u << 8,
  UI16 = 1u << 9,
  UI32 = 1u << 10,
  UI64 = 1u << 11,
  Bool = 1u << 12,
  String = 1u << 13,
  Complex = 1u << 14,
  F8E4M3FN = 1u << 15,
  F8E4M3FNUZ = 1u << 16,
  F8E5M2 = 1u << 17,
  F8E5M2FNUZ = 1u << 18,
  F8E8M0FNU = 1u << 19,
  F4E2M1FN = 1u << 20,
  F6E2M3FN = 1u << 21,
  F6E3M2FN = 1u << 22,
  I4 = 1u << 23,
  UI4 = 1u << 24,
  I2 = 1u << 25,
  UI2 = 1u << 26,
  Seq = 1u << 27,
  Opt = 1u << 28,
  Float = F16 | BF16 | F32 | F64,
  SInt = I8 | I16 | I32 | I64,
  Int = SInt | UI8 | UI16 | UI32 | UI64,
  Real = Float | Int,
  Float8 = F8E4M3FN | F8E4M3FNUZ | F8E5M2 | F8E5M2FNUZ,
  Float6 = F6E2M3FN | F6E3M2FN,
  Packed = Float8 | F8E8M0FNU | F4E2M1FN | I4 | UI4 | I2 | UI2,
  Any = Real | Packed | Bool | String | Complex,
  /// What ONNX's oldest operators take: no bf16, nothing below a byte.
  Classic = F16 | F32 | F64 | Int | Bool | String | Complex,
  LLVM_MARK_AS_BITMASK_ENUM(Opt)
};

/// The set of just `elementType`; None where no ONNX tensor has such elements.
ElementSet elementSetOf(mlir::Type elementType);
/// Tells whether `type` is a tensor with elements of `set`, or a sequence or
/// optional where `set` has those.
bool isValueOf(mlir::Type type, ElementSet set);
/// Tells whether all tensors of all ranges have one element type.
bool haveOneElementType(std::initializer_list<mlir::ValueRange> ranges);
/// The values of all ranges, in order.
llvm::SmallVector<mlir::Value>
concatenate(std::initializer_list<mlir::ValueRange> ranges);

/// The result type of a Constant: printed only where it is not the value's.
mlir::ParseResult parseConstantType(mlir::OpAsmParser &parser,
                                    mlir::ElementsAttr value, mlir::Type &type);
void printConstantType(mlir::OpAsmPrinter &printer, mlir::Operation *op,
                       mlir::ElementsAttr value, mlir::Type type);

} // namespace dycc::onnx

#endif // DYCC_DIALECTS_ONNX_ONNXTYPES_H
