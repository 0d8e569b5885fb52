#ifndef DYCC_CODEGEN_HALIDE_EMIT_H
#define DYCC_CODEGEN_HALIDE_EMIT_H

#include "codegen/halide/TargetInfo.h"
#include "dialects/dyn/DynOps.h"

namespace dycc::halide {

/// Compiles `kernel` as the function of its name into the object file `path`.
/// Returns the bytes of scratch that one thread needs while it runs the kernel,
/// over the symbols of the body. Throws KernelError or Halide's exceptions. Run
/// it once per process: Halide numbers its names, so that a second kernel would
/// not come out the same everywhere.
dyn::ExprAttr emitKernel(dyn::KernelOp kernel, const TargetInfo &target,
                         const std::string &path);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_EMIT_H
