#include "compiler/driver/TargetOptions.h"

#include "codegen/halide/opencl/OpenClBackend.h"
#include "codegen/halide/reference/ReferenceBackend.h"
#include "codegen/kernels/DispatchBackend.h"
#include "codegen/target/Dispatch.h"

using namespace llvm;

namespace dycc {

/// What says again which processors the model is for, or has no versions.
static Error checkDispatch(const CompileOptions &options) {
  for (auto [option, value] : {std::pair("--mcpu", &options.cpu),
                               std::pair("--mattr", &options.features)})
    if (!value->empty())
      return createStringError("--dispatch names the processors of the model, "
                               "expected no " +
                               Twine(option) + " beside it, got '" + *value +
                               "'");
  if (options.backend != "cpu")
    return createStringError("--dispatch: expected --backend cpu, got '" +
                             options.backend +
                             "', which makes one version of each kernel");
  return Error::success();
}

/// What has versions of its own, or measures on the processor.
static Error checkGpu(const CompileOptions &options) {
  if (!is_contained(options.gpu, "opencl"))
    return createStringError("--gpu: expected opencl, alone or with cpu for "
                             "machines without a device, got 'cpu'");
  for (auto [option, isThere] :
       {std::pair("--dispatch", !options.dispatch.empty()),
        std::pair("--tune", !options.tune.empty()),
        std::pair("--backend reference", options.backend != "cpu")})
    if (isThere)
      return createStringError("--gpu: expected no %s beside it", option);
  return Error::success();
}

/// The processor with the device, then, where it is asked for, without.
static std::vector<codegen::TargetInfo>
withDevice(const CompileOptions &options, codegen::TargetInfo processor) {
  std::vector<codegen::TargetInfo> machines{processor};
  machines.front().machine = machines.front().device = "opencl";
  if (is_contained(options.gpu, "cpu"))
    machines.push_back(std::move(processor));
  return machines;
}

Expected<std::vector<codegen::TargetInfo>>
chooseMachines(const CompileOptions &options) {
  if (!options.gpu.empty())
    if (Error wrong = checkGpu(options))
      return std::move(wrong);
  if (!options.dispatch.empty()) {
    if (Error wrong = checkDispatch(options))
      return std::move(wrong);
    return codegen::dispatchTargets(options.triple, options.dispatch);
  }
  Expected<codegen::TargetInfo> target =
      codegen::TargetInfo::get(options.triple, options.cpu, options.features);
  if (!target)
    return target.takeError();
  if (!options.gpu.empty())
    return withDevice(options, std::move(*target));
  return std::vector<codegen::TargetInfo>{std::move(*target)};
}

std::vector<std::string> machineNames() {
  std::vector<std::string> names;
  for (const codegen::Machine &machine : codegen::machines())
    names.push_back(machine.alias.str());
  return names;
}

std::unique_ptr<codegen::Backend>
makeBackend(StringRef name, ArrayRef<codegen::TargetInfo> machines) {
  if (name == "reference")
    return std::make_unique<halide::ReferenceBackend>(machines.front());
  if (machines.size() == 1 && machines.front().device.empty())
    return std::make_unique<halide::CpuBackend>(machines.front());
  auto backend = std::make_unique<codegen::DispatchBackend>();
  for (const codegen::TargetInfo &target : machines)
    if (target.device.empty())
      backend->add(target.machine,
                   std::make_unique<halide::CpuBackend>(target));
    else
      backend->add(target.machine,
                   std::make_unique<halide::OpenClBackend>(target));
  return backend;
}

} // namespace dycc
