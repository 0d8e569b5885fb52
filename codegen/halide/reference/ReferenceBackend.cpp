#include "codegen/halide/reference/ReferenceBackend.h"

#include "codegen/halide/Emit.h"
#include "codegen/halide/KernelCheck.h"

namespace dycc::halide {

std::optional<codegen::KernelRefusal>
ReferenceBackend::plan(dyn::KernelOp kernel) const {
  Planner planner(kernel.getContext());
  return whyNoKernel(kernel, planner);
}

dyn::ExprAttr ReferenceBackend::compile(dyn::KernelOp kernel, unsigned version,
                                        const std::string &path) const {
  Planner planner(kernel.getContext());
  return emitKernel(kernel, planner, kernel.getFunctionName(version), target,
                    path);
}

} // namespace dycc::halide
