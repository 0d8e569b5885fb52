#ifndef DYCC_CODEGEN_KERNELS_DISPATCHBACKEND_H
#define DYCC_CODEGEN_KERNELS_DISPATCHBACKEND_H

#include "codegen/target/Backend.h"

#include <memory>
#include <vector>

namespace dycc::codegen {

/// A back end for each of several machines: of every kernel the versions that
/// each of them chooses, the first machine's first.
class DispatchBackend final : public Backend {
public:
  /// Adds what kernels for `machine` are made by, less able than the last.
  void add(std::string machine, std::unique_ptr<Backend> backend) {
    parts.push_back({std::move(machine), std::move(backend)});
  }

  llvm::StringRef name() const override { return parts[0].backend->name(); }
  /// Whether one of the machines has: others multiply pairs one by one.
  bool multipliesPairs() const override;
  std::string key(dyn::VersionAttr version) const override;
  std::optional<KernelRefusal> plan(dyn::KernelOp kernel) const override;
  dyn::VersionAttr specialize(dyn::KernelOp kernel, dyn::VersionAttr like,
                              llvm::ArrayRef<int64_t> values) const override;
  std::string whyNot(dyn::KernelOp kernel,
                     dyn::VersionAttr version) const override;
  std::vector<dyn::KernelPlanAttr>
  neighbours(dyn::KernelOp kernel, dyn::VersionAttr version) const override;
  std::optional<LaunchWork> workOf(dyn::KernelOp kernel,
                                   dyn::VersionAttr version,
                                   unsigned threads) const override;
  dyn::ExprAttr compile(dyn::KernelOp kernel, unsigned version,
                        const std::string &path) const override;

private:
  struct Part {
    std::string machine;
    std::unique_ptr<Backend> backend;
  };
  const Backend &backendFor(dyn::VersionAttr version) const;

  std::vector<Part> parts;
};

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_KERNELS_DISPATCHBACKEND_H
