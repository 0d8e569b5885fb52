#ifndef DYCC_PASSES_SHAPE_PASSES_H
#define DYCC_PASSES_SHAPE_PASSES_H

#include "dialects/dyn/DynOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace dycc {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/shape/Passes.h.inc"
namespace shape {
/// Attaches the shape rules of all operators when the onnx dialect is loaded.
/// Without them `dycc-propagate-shapes` refuses every operator.
void registerShapeTransfers(mlir::DialectRegistry &registry);
} // namespace shape
} // namespace dycc

#endif // DYCC_PASSES_SHAPE_PASSES_H
