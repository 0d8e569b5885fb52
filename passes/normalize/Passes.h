#ifndef DYCC_PASSES_NORMALIZE_PASSES_H
#define DYCC_PASSES_NORMALIZE_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace dycc {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/normalize/Passes.h.inc"
} // namespace dycc

#endif // DYCC_PASSES_NORMALIZE_PASSES_H
