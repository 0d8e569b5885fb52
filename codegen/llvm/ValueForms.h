// What inputs and outputs are for the caller, by what dycc-pack-sequences left
// on them.
#ifndef DYCC_CODEGEN_LLVM_VALUEFORMS_H
#define DYCC_CODEGEN_LLVM_VALUEFORMS_H

#include "dialects/dyn/DynOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "runtime/abi/Model.h"

namespace dycc::codegen {

/// The attributes of an input or an output.
mlir::DictionaryAttr attributesOf(mlir::func::FuncOp main, unsigned index,
                                  bool inputs);
/// What a value that holds tensors is made of; of a null type a tensor.
DyccValueForm formOf(mlir::Type type);
/// How many inputs or outputs it is.
unsigned countParts(DyccValueForm form);
/// Of the tensors that a sequence or an optional holds.
llvm::SmallVector<dyn::ExprAttr> heldDims(mlir::TensorType held);

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_LLVM_VALUEFORMS_H
