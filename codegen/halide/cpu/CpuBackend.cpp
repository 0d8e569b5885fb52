#include "codegen/halide/cpu/CpuBackend.h"

#include "codegen/halide/Emit.h"
#include "codegen/halide/KernelCheck.h"
#include "codegen/halide/KernelError.h"
#include "codegen/halide/cpu/Choose.h"
#include "codegen/halide/cpu/ChooseVersions.h"

namespace dycc::halide {

static Planner chooser(const codegen::TargetInfo &target,
                       mlir::MLIRContext *context) {
  return {context, target.vectorBytes, taskOperations,
          [&target, context](const Problem &problem) {
            return choose(problem, target, context);
          }};
}

std::optional<codegen::KernelRefusal>
CpuBackend::plan(dyn::KernelOp kernel) const {
  Planner planner = chooser(target, kernel.getContext());
  auto refusal = whyNoKernel(kernel, planner);
  if (!refusal)
    kernel.setVersionsAttr(chooseVersions(kernel, planner.plan()));
  return refusal;
}

dyn::ExprAttr CpuBackend::compile(dyn::KernelOp kernel, unsigned version,
                                  const std::string &path) const {
  std::string name = kernel.getFunctionName(version);
  if (!kernel.getVersions()) {
    if (auto refusal = plan(kernel))
      throw KernelError(refusal->reason);
    version = kernel.getNumVersions() - 1; // The one for all symbols.
  }
  dyn::KernelPlanAttr plan = kernel.getVersion(version).getPlan();
  if (plan.getVector() > target.vectorBytes)
    throw codegen::PlanError("plan: expects vectors of at most " +
                             std::to_string(target.vectorBytes) +
                             " bytes, as machine " + target.machine +
                             " has, got " + std::to_string(plan.getVector()));
  Planner planner(plan);
  return emitKernel(kernel, planner, name, target, path);
}

} // namespace dycc::halide
