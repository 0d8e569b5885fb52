#ifndef DYCC_COMPILER_IMPORT_ELEMENTTYPES_H
#define DYCC_COMPILER_IMPORT_ELEMENTTYPES_H

#include "compiler/import/NodeForm.h"

namespace dycc::import {

/// Checks the operands' element types of a node in its newest form, and finds
/// the types of its results (those that are `present`): tensors of unknown
/// rank, except of constants. Errors begin with what `emitError` gives.
mlir::LogicalResult
inferResultTypes(mlir::MLIRContext *context,
                 const onnx::OperatorSchema &schema, const NodeForm &form,
                 llvm::ArrayRef<bool> present,
                 llvm::SmallVectorImpl<mlir::Type> &types,
                 llvm::function_ref<mlir::InFlightDiagnostic()> emitError);

} // namespace dycc::import

#endif // DYCC_COMPILER_IMPORT_ELEMENTTYPES_H
