#ifndef DYCC_COMPILER_IMPORT_TENSORREADER_H
#define DYCC_COMPILER_IMPORT_TENSORREADER_H

#include "compiler/import/ModelFile.h"
#include "mlir/IR/BuiltinAttributeInterfaces.h"

namespace dycc::import {

/// Reads `tensor` in whichever form it is stored: raw, typed, strings, bulk
/// data of the model's file or external data. Long ones are not copied.
llvm::Expected<mlir::ElementsAttr> readTensor(mlir::MLIRContext *context,
                                              ModelFile &file,
                                              const proto::TensorProto &tensor);

/// Reads a sparse tensor as a dense one.
llvm::Expected<mlir::ElementsAttr>
readSparseTensor(mlir::MLIRContext *context, ModelFile &file,
                 const proto::SparseTensorProto &tensor);

} // namespace dycc::import

#endif // DYCC_COMPILER_IMPORT_TENSORREADER_H
