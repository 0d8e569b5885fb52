#ifndef DYCC_CODEGEN_HALIDE_CPU_CPUBACKEND_H
#define DYCC_CODEGEN_HALIDE_CPU_CPUBACKEND_H

#include "codegen/target/Backend.h"
#include "codegen/target/TargetInfo.h"

namespace dycc::halide {

/// Processors, by Halide with plans.
class CpuBackend final : public codegen::Backend {
public:
  explicit CpuBackend(codegen::TargetInfo target) : target(std::move(target)) {}

  llvm::StringRef name() const override { return "cpu"; }
  bool multipliesPairs() const override;
  std::string key(dyn::VersionAttr) const override { return target.key(); }
  std::optional<codegen::KernelRefusal>
  plan(dyn::KernelOp kernel) const override;
  dyn::VersionAttr specialize(dyn::KernelOp kernel, dyn::VersionAttr like,
                              llvm::ArrayRef<int64_t> values) const override;
  std::string whyNot(dyn::KernelOp kernel,
                     dyn::VersionAttr version) const override;
  std::vector<dyn::KernelPlanAttr>
  neighbours(dyn::KernelOp kernel, dyn::VersionAttr version) const override;
  std::optional<codegen::LaunchWork> workOf(dyn::KernelOp kernel,
                                            dyn::VersionAttr version,
                                            unsigned threads) const override;
  dyn::ExprAttr compile(dyn::KernelOp kernel, unsigned version,
                        const std::string &path) const override;

private:
  /// Why the machine has no vectors as long as those of a plan.
  std::string whyTooLong(dyn::KernelPlanAttr plan) const;

  codegen::TargetInfo target;
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_CPUBACKEND_H
