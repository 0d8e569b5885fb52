#ifndef DYCC_PASSES_SHAPE_SYMBOLICVALUE_H
#define DYCC_PASSES_SHAPE_SYMBOLICVALUE_H

#include "dialects/dyn/DynOps.h"
#include "dialects/onnx/OnnxControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"

namespace dycc::shape {

/// The elements of a small tensor that is known at compile time: a constant of
/// integers, booleans or f32, or a `dyn.symbolic`, in row-major order. Nothing
/// for any other value, and for more than 1024 elements.
std::optional<llvm::SmallVector<dyn::ExprAttr>>
symbolicElements(mlir::Value value);

/// The same where all elements are integer constants.
std::optional<llvm::SmallVector<int64_t>> constantElements(mlir::Value value);

/// Whether an extent that running `op` defines is used elsewhere, be it by an
/// expression alone: then `op` runs, even if nobody reads its results.
bool definesUsedSymbol(mlir::Operation *op);

/// Erases what nobody needs, in inner regions too.
void eraseDeadOps(mlir::Region &region);

/// Maps each symbol to the first op that knows it, be it by an argument of one
/// of its regions; derived symbols are known from the start, by none.
using Definers = llvm::StringMap<mlir::Operation *>;
Definers findDefiners(mlir::func::FuncOp function);

/// Puts the operations of an If's branch in place of the If.
void inlineBranch(onnx::IfOp op, mlir::Region &branch);

} // namespace dycc::shape

#endif // DYCC_PASSES_SHAPE_SYMBOLICVALUE_H
