#ifndef DYCC_PASSES_PLAN_STOREDCONSTANT_H
#define DYCC_PASSES_PLAN_STOREDCONSTANT_H

#include "dialects/dyn/DynOps.h"
#include "dialects/onnx/OnnxOps.h"

namespace dycc::plan {

/// The constant that code reads at run time as the result of `op`: itself, or
/// what it is in another layout; null where `op` gives no such value.
inline onnx::ConstantOp storedConstant(mlir::Operation *op) {
  auto convert = llvm::dyn_cast<dyn::ConvertLayoutOp>(op);
  auto constant = convert ? convert.getInput().getDefiningOp<onnx::ConstantOp>()
                          : llvm::dyn_cast<onnx::ConstantOp>(op);
  bool isRead = llvm::any_of(op->getUsers(), [](mlir::Operation *user) {
    return !llvm::isa<dyn::ConvertLayoutOp>(user);
  });
  return isRead ? constant : onnx::ConstantOp();
}

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_STOREDCONSTANT_H
