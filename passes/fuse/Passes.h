#ifndef DYCC_PASSES_FUSE_PASSES_H
#define DYCC_PASSES_FUSE_PASSES_H

#include "dialects/dyn/DynOps.h"
#include "dialects/dyn/Winograd.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace dycc {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "passes/fuse/Passes.h.inc"
} // namespace dycc

#endif // DYCC_PASSES_FUSE_PASSES_H
