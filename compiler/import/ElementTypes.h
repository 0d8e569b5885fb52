#ifndef DYCC_COMPILER_IMPORT_ELEMENTTYPES_H
#define DYCC_COMPILER_IMPORT_ELEMENTTYPES_H

#include "compiler/import/NodeForm.h"

namespace dycc::import {

/// Finds the types of the results (those that are `present`) of a node in its
/// newest form: tensors of unknown rank, except of constants. Checks that the
/// operands agree in their types; which types an operator takes is the
/// business of its verifier. Errors begin with what `emitError` gives.
mlir::LogicalResult
inferResultTypes(mlir::MLIRContext *context, const onnx::OperatorSchema &schema,
                 const NodeForm &form, llvm::ArrayRef<bool> present,
                 llvm::SmallVectorImpl<mlir::Type> &types,
                 llvm::function_ref<mlir::InFlightDiagnostic()> emitError);

} // namespace dycc::import

#endif // DYCC_COMPILER_IMPORT_ELEMENTTYPES_H
