#include "compiler/driver/ReportKernels.h"

#include "codegen/llvm/HostProgram.h"
#include "compiler/tune/PlanFile.h"
#include "dialects/onnx/OnnxOps.h"

#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using nlohmann::json;

namespace dycc {

static json describeOperators(dyn::KernelOp kernel) {
  json operators = json::array();
  for (Operation &op : kernel.getBody().front().without_terminator())
    if (!isa<onnx::ConstantOp, dyn::SymbolicOp>(op))
      operators.push_back(op.getName().stripDialect().str());
  return operators;
}

/// What each operation of the program that launches a kernel computes.
json describeGroups(ModuleOp module) {
  SymbolTable symbols(module);
  json groups = json::array();
  module.walk([&](dyn::LaunchOp launch) {
    groups.push_back(
        {{"kernel", launch.getKernel().str()},
         {"operators", describeOperators(launch.getKernelIn(symbols))},
         {"nodes", codegen::nodeName(launch.getLoc())}});
  });
  return groups;
}

static std::string textOf(Attribute attribute) {
  std::string text;
  llvm::raw_string_ostream(text) << attribute;
  return text;
}

static json describeVersions(dyn::KernelOp kernel) {
  json versions = json::array();
  for (unsigned i = 0; i < kernel.getNumVersions(); ++i) {
    json entry{{"function", kernel.getFunctionName(i)}};
    if (dyn::VersionAttr version = kernel.getVersion(i)) {
      entry["name"] = version.getName().str();
      if (version.getMachine())
        entry["machine"] = version.getMachine().str();
      entry["when"] =
          version.getWhen() ? version.getWhen().str() : std::string("always");
      entry["plan"] = textOf(version.getPlan());
      if (version.getCost())
        entry["nanoseconds"] = version.getCost().str();
    }
    versions.push_back(entry);
  }
  return versions;
}

json describeKernels(ModuleOp module) {
  llvm::StringMap<json> launches;
  module.walk([&](dyn::LaunchOp launch) {
    launches[launch.getKernel()].push_back(codegen::nodeName(launch.getLoc()));
  });
  json kernels = json::array();
  for (auto kernel : module.getOps<dyn::KernelOp>()) {
    json symbols = json::array();
    for (auto symbol : kernel.getSymbols().getAsRange<dyn::KernelSymbolAttr>())
      symbols.push_back({{"name", symbol.getSymbol().str()},
                         {"lower", symbol.getLower()},
                         {"upper", symbol.getUpper()},
                         {"multiple", symbol.getMultiple()}});
    kernels.push_back({{"name", kernel.getSymName().str()},
                       {"digest", tune::digestOf(kernel)},
                       {"operators", describeOperators(kernel)},
                       {"symbols", symbols},
                       {"versions", describeVersions(kernel)},
                       {"launches", launches[kernel.getSymName()]}});
  }
  return kernels;
}

void addCompiled(const llvm::StringMap<CompiledVersion> &compiled,
                 json &report) {
  llvm::StringMap<std::string> scratchOf;
  llvm::StringMap<uint64_t> codeOf; // By machine.
  for (json &kernel : report["kernels"])
    for (json &version : kernel["versions"]) {
      auto it = compiled.find(version["function"].get<std::string>());
      if (it == compiled.end())
        continue;
      version["scratch"] = it->second.scratch.str();
      version["code_bytes"] = it->second.codeBytes;
      if (it->second.seconds)
        version["seconds"] = *it->second.seconds;
      if (version.contains("machine"))
        codeOf[version["machine"].get<std::string>()] += it->second.codeBytes;
      // The last version is for all symbols.
      kernel["scratch"] = version["scratch"];
      scratchOf[kernel["name"].get<std::string>()] = version["scratch"];
    }
  for (json &group : report["groups"])
    if (auto it = scratchOf.find(group["kernel"].get<std::string>());
        it != scratchOf.end())
      group["scratch"] = it->second;
  if (report["model"].contains("machines"))
    for (json &machine : report["model"]["machines"])
      machine["code_bytes"] = codeOf[machine["name"].get<std::string>()];
}

void removeTimes(json &report) {
  for (json &kernel : report["kernels"])
    for (json &version : kernel["versions"])
      version.erase("seconds");
}

uint64_t countCodeBytes(StringRef object) {
  auto file = llvm::object::ObjectFile::createObjectFile(
      llvm::MemoryBufferRef(object, "kernel"));
  if (!file) {
    llvm::consumeError(file.takeError());
    return 0;
  }
  uint64_t bytes = 0;
  for (const llvm::object::SectionRef &section : (*file)->sections())
    if (section.isText())
      bytes += section.getSize();
  return bytes;
}

} // namespace dycc
