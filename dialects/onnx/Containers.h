#ifndef DYCC_DIALECTS_ONNX_CONTAINERS_H
#define DYCC_DIALECTS_ONNX_CONTAINERS_H

#include "mlir/IR/BuiltinTypes.h"

namespace dycc::onnx {

/// The type of the tensors that a sequence or an optional holds; null of
/// another type.
mlir::TensorType heldTensor(mlir::Type type);
/// `type`, a sequence or an optional, of tensors of the type `tensor`.
mlir::Type withHeldTensor(mlir::Type type, mlir::TensorType tensor);

} // namespace dycc::onnx

#endif // DYCC_DIALECTS_ONNX_CONTAINERS_H
