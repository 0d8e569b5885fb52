#ifndef DYCC_COMPILER_IMPORT_TYPES_H
#define DYCC_COMPILER_IMPORT_TYPES_H

#include "compiler/import/Proto.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include <string>

namespace dycc::import {

/// The element type for a TensorProto.DataType, or null.
mlir::Type getElementType(mlir::MLIRContext *context, int64_t dataType);
/// The reverse; 0 (UNDEFINED) for types that ONNX does not have.
int getDataType(mlir::Type elementType);
/// ONNX's name of a data type, e.g. "FLOAT"; its number where it has none.
std::string getDataTypeName(int64_t dataType);

/// The type for `type`; extents that are no numbers are dynamic. Null, with
/// the reason in `error`, where it is unsupported.
mlir::Type readType(mlir::MLIRContext *context, const proto::TypeProto &type,
                    std::string &error);

/// The declared extents of a tensor as `dyn.dims` holds them: a string for a
/// named one, an i64 for a number, unit for one that is not known. Null
/// without a declared shape.
mlir::ArrayAttr readDims(mlir::MLIRContext *context,
                         const proto::TypeProto &type);

/// The tensor of unknown rank with that element type.
mlir::Type unranked(mlir::Type elementType);

/// What `type` says of values, without ranks and extents: tensors become
/// unranked, also inside sequences and optionals.
mlir::Type withoutShape(mlir::Type type);

} // namespace dycc::import

#endif // DYCC_COMPILER_IMPORT_TYPES_H
