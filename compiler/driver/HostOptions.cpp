#include "compiler/driver/HostOptions.h"

#include "codegen/target/Features.h"
#include "compiler/driver/PeakFormula.h"
#include "compiler/driver/Version.h"

#include "llvm/ADT/StringExtras.h"

#include <nlohmann/json.hpp>

namespace dycc {

/// What code for Zen 4 alone may use (codegen/halide/HalideTarget.cpp): code
/// for shorter vectors shall not need a processor of one maker for it.
static bool isOfOneMaker(llvm::StringRef feature,
                         const codegen::TargetInfo &target) {
  return target.vectorBytes < 64 && (feature == "sse4a" || feature == "gfni");
}

/// Those that compiled code may use.
static std::vector<std::string>
usedFeatures(const codegen::TargetInfo &target) {
  std::vector<std::string> features;
  for (const std::string &feature : target.features)
    if (codegen::isUsedFeature(feature) && !isOfOneMaker(feature, target))
      features.push_back(feature);
  return features;
}

codegen::HostOptions hostOptionsOf(const Frontend &frontend,
                                   const CompileOptions &options,
                                   llvm::StringRef name) {
  codegen::HostOptions host;
  const codegen::TargetInfo &target = frontend.getTarget();
  host.name = name.str();
  host.triple = target.triple;
  host.cpu = target.cpu;
  for (const std::string &feature : usedFeatures(target))
    host.features += (host.features.empty() ? "+" : ",+") + feature;
  host.cpuFeatures = llvm::join(usedFeatures(target), ",");
  llvm::ArrayRef<codegen::TargetInfo> machines = frontend.getMachines();
  if (machines.size() > 1 || !machines.front().device.empty())
    for (const codegen::TargetInfo &machine : machines)
      host.machines.push_back({machine.machine,
                               llvm::join(usedFeatures(machine), ","),
                               machine.device});
  host.maxTrips = options.maxTrips;
  // Its code is not where the time goes: -O1 unless all is asked for.
  host.level = options.level < 2 ? options.level : options.level == 2 ? 1 : 3;
  return host;
}

void addMetadata(Frontend &frontend, codegen::HostOptions &host) {
  const codegen::TargetInfo &target = frontend.getTarget();
  PeakFormula peak(frontend.getModule(), host.scratch);
  nlohmann::json text{{"producer", producer()},
                      {"target", target.triple},
                      {"cpu", target.cpu},
                      {"peak", peak.str()}};
  for (auto &[name, definition] : peak.names())
    text["names"][name] = peak.texts.str(definition);
  for (const codegen::HostMachine &machine : host.machines)
    text["machines"].push_back(machine.name);
  host.metadata = text.dump();
}

} // namespace dycc
