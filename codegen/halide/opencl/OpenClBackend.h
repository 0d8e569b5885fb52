#ifndef DYCC_CODEGEN_HALIDE_OPENCL_OPENCLBACKEND_H
#define DYCC_CODEGEN_HALIDE_OPENCL_OPENCLBACKEND_H

#include "codegen/halide/cpu/CpuBackend.h"

namespace dycc::halide {

/// The back end for a processor with a device that OpenCL knows. A kernel that
/// the device cannot run, or that is too small to be sent there, is the
/// processor's.
class OpenClBackend final : public codegen::Backend {
public:
  /// `target` is the processor.
  explicit OpenClBackend(codegen::TargetInfo target)
      : target(target), processor(std::move(target)) {}

  llvm::StringRef name() const override { return "opencl"; }
  std::string key(dyn::VersionAttr version) const override;
  std::optional<codegen::KernelRefusal>
  plan(dyn::KernelOp kernel) const override;
  dyn::VersionAttr specialize(dyn::KernelOp kernel, dyn::VersionAttr like,
                              llvm::ArrayRef<int64_t> values) const override;
  std::string whyNot(dyn::KernelOp kernel,
                     dyn::VersionAttr version) const override;
  std::vector<dyn::KernelPlanAttr>
  neighbours(dyn::KernelOp kernel, dyn::VersionAttr version) const override;
  dyn::ExprAttr compile(dyn::KernelOp kernel, unsigned version,
                        const std::string &path) const override;

private:
  codegen::TargetInfo target;
  CpuBackend processor;
};

/// Why the device does not run a kernel; empty where it does.
std::string whyNotOnDevice(dyn::KernelOp kernel,
                           const codegen::TargetInfo &target);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_OPENCL_OPENCLBACKEND_H
