#ifndef DYCC_CODEGEN_HALIDE_EMIT_H
#define DYCC_CODEGEN_HALIDE_EMIT_H

#include "codegen/target/TargetInfo.h"
#include "dialects/dyn/DynOps.h"

namespace dycc::halide {

/// Compiles the kernel of `group`, whose loops run as `plan` says, as function
/// `name` into the object file `path`. Returns the bytes of scratch that one
/// thread needs while it runs the kernel, over the symbols of the body. Throws
/// KernelError or Halide's exceptions. Run it once per process: Halide numbers
/// its names, so that a second kernel would not come out the same everywhere.
dyn::ExprAttr emitKernel(dyn::GroupOp group, dyn::KernelPlanAttr plan,
                         llvm::StringRef name,
                         const codegen::TargetInfo &target,
                         const std::string &path);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_EMIT_H
