#ifndef DYCC_CODEGEN_LLVM_SIZELIMITS_H
#define DYCC_CODEGEN_LLVM_SIZELIMITS_H

#include "dialects/dyn/Bounds.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace dycc::codegen {

/// A tensor of a launch that some extents within the declared ranges make too
/// large: Halide's extents and strides are 32 bits.
struct SizeLimit {
  dyn::LaunchOp launch;
  dyn::ExprAttr bytes; ///< Over input symbols.
  int64_t limit;       ///< The most bytes that a kernel can take.
};

/// Whatever reaches a kernel must be within these, else plan() fails: each pair
/// of size and limit once, in the order of the launches.
std::vector<SizeLimit> sizeLimits(mlir::func::FuncOp main,
                                  const dyn::ExecutionBounds &bounds);

/// Whether no shape depends on the data.
bool areShapesExact(mlir::func::FuncOp main);

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_LLVM_SIZELIMITS_H
