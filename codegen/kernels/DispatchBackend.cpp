#include "codegen/kernels/DispatchBackend.h"

using namespace mlir;

namespace dycc::codegen {

const Backend &DispatchBackend::backendFor(dyn::VersionAttr version) const {
  auto part = llvm::find_if(parts, [&](const Part &part) {
    return part.machine == version.getMachine().getValue();
  });
  assert(part != parts.end() && "plan() has made the versions");
  return *part->backend;
}

bool DispatchBackend::multipliesPairs() const {
  return llvm::any_of(
      parts, [](const Part &part) { return part.backend->multipliesPairs(); });
}

std::string DispatchBackend::key(dyn::VersionAttr version) const {
  return backendFor(version).key(version);
}

std::optional<KernelRefusal> DispatchBackend::plan(dyn::KernelOp kernel) const {
  MLIRContext *context = kernel.getContext();
  SmallVector<Attribute> versions;
  for (const Part &part : parts) {
    if (auto refusal = part.backend->plan(kernel))
      return refusal;
    auto machine = StringAttr::get(context, part.machine);
    for (auto version : kernel.getVersions()->getAsRange<dyn::VersionAttr>())
      versions.push_back(version.withMachine(machine));
  }
  kernel.setVersionsAttr(ArrayAttr::get(context, versions));
  return {};
}

dyn::VersionAttr DispatchBackend::specialize(dyn::KernelOp kernel,
                                             dyn::VersionAttr like,
                                             ArrayRef<int64_t> values) const {
  return backendFor(like).specialize(kernel, like, values);
}

std::string DispatchBackend::whyNot(dyn::KernelOp kernel,
                                    dyn::VersionAttr version) const {
  return backendFor(version).whyNot(kernel, version);
}

std::vector<dyn::KernelPlanAttr>
DispatchBackend::neighbours(dyn::KernelOp kernel,
                            dyn::VersionAttr version) const {
  return backendFor(version).neighbours(kernel, version);
}

std::optional<LaunchWork> DispatchBackend::workOf(dyn::KernelOp kernel,
                                                  dyn::VersionAttr version,
                                                  unsigned threads) const {
  return backendFor(version).workOf(kernel, version, threads);
}

dyn::ExprAttr DispatchBackend::compile(dyn::KernelOp kernel, unsigned version,
                                       const std::string &path) const {
  return backendFor(kernel.getVersion(version)).compile(kernel, version, path);
}

} // namespace dycc::codegen
