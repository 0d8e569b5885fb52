#ifndef DYCC_CODEGEN_HALIDE_EMIT_H
#define DYCC_CODEGEN_HALIDE_EMIT_H

#include "codegen/halide/Planner.h"
#include "codegen/target/TargetInfo.h"

namespace dycc::halide {

/// Compiles `kernel`, whose loops run as `planner` says, as the function `name`
/// into the object file `path`. Returns the bytes of scratch that one thread
/// needs while it runs the kernel, over the kernel's symbols. Throws
/// KernelError or Halide's exceptions. Run it once per process: Halide numbers
/// its names, so that a second kernel would not come out the same everywhere.
dyn::ExprAttr emitKernel(dyn::KernelOp kernel, Planner &planner,
                         llvm::StringRef name,
                         const codegen::TargetInfo &target,
                         const std::string &path);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_EMIT_H
