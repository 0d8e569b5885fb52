#include "codegen/target/TargetInfo.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/TargetParser/AArch64TargetParser.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/TargetParser/X86TargetParser.h"
#include <set>

using namespace llvm;

namespace dycc::codegen {
namespace {

using FeatureSet = std::set<std::string>;

template <typename... Args>
Error makeError(const char *format, Args &&...args) {
  return createStringError(formatv(format, std::forward<Args>(args)...).str());
}

/// Vector width, register count and tiles follow from the features.
void applyMachine(TargetInfo &target) {
  Triple::ArchType arch = Triple(target.triple).getArch();
  const Machine *machine = llvm::find_if(machines(), [&](const Machine &m) {
    return m.arch == arch && llvm::all_of(m.features, [&](StringRef feature) {
             return target.hasFeature(feature);
           });
  });
  target.machine = machine->name.str();
  target.vectorBytes = machine->vectorBytes;
  target.registers = machine->registers;
  target.tiles = machine->tiles;
  target.integerRows = machine->integerRows;
  target.unroll = machine->unroll;
  target.operationsPerNs = machine->operationsPerNs;
  target.bytesPerNs = machine->bytesPerNs;
}

/// Size of a data cache of this machine as Linux tells it, else `fallback`.
uint64_t hostCacheBytes(unsigned level, uint64_t fallback) {
  for (int index = 0; index < 6; ++index) {
    std::string base =
        formatv("/sys/devices/system/cpu/cpu0/cache/index{0}/", index);
    auto read = [&](StringRef file) -> std::string {
      auto buffer = MemoryBuffer::getFileAsStream(base + file.str());
      return buffer ? (*buffer)->getBuffer().trim().str() : std::string();
    };
    if (read("level") != std::to_string(level) || read("type") == "Instruction")
      continue;
    std::string text = read("size");
    StringRef size = text;
    uint64_t kib = 0;
    if (size.consume_back("K") && !size.getAsInteger(10, kib))
      return kib << 10;
  }
  return fallback;
}

Error addX86Features(StringRef cpu, FeatureSet &features) {
  StringRef name = cpu.empty() ? "x86-64" : cpu;
  if (X86::parseArchX86(name, /*Only64Bit=*/true) == X86::CK_None)
    return makeError("unknown x86-64 CPU '{0}'", cpu);
  SmallVector<StringRef> list;
  X86::getFeaturesForCPU(name, list);
  // LLVM leaves out what others imply: avx512f of x86-64-v4.
  StringMap<bool> implied;
  for (StringRef feature : list) {
    features.insert(feature.str());
    X86::updateImpliedFeatures(feature, /*Enabled=*/true, implied);
  }
  for (StringRef feature : implied.keys())
    features.insert(feature.str());
  return Error::success();
}

Error addAArch64Features(StringRef cpu, FeatureSet &features) {
  features.insert("neon");
  if (cpu.empty() || cpu == "generic")
    return Error::success();
  std::optional<AArch64::CpuInfo> info = AArch64::parseCpu(cpu);
  if (!info)
    return makeError("unknown AArch64 CPU '{0}'", cpu);
  std::vector<StringRef> list;
  AArch64::getExtensionFeatures(info->getImpliedExtensions(), list);
  for (StringRef feature : list)
    if (feature.consume_front("+"))
      features.insert(feature.str());
  return Error::success();
}

/// Applies "+a,-b,c" on top of `features`.
Error applyFeatures(StringRef text, const Triple &triple,
                    FeatureSet &features) {
  SmallVector<StringRef> parts;
  text.split(parts, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef part : parts) {
    bool enable = !part.consume_front("-");
    part.consume_front("+");
    if (part.empty())
      return makeError("expects +feature or -feature, got '{0}'", text);
    StringMap<bool> implied;
    implied[part] = enable;
    if (triple.isX86())
      X86::updateImpliedFeatures(part, enable, implied);
    for (const auto &entry : implied)
      if (entry.second)
        features.insert(entry.first().str());
      else
        features.erase(entry.first().str());
  }
  return Error::success();
}

/// Of Android there is a runtime for AArch64, as of the first version that has
/// this architecture.
Error checkAndroid(const Triple &triple, StringRef given) {
  if (!triple.isAndroid())
    return Error::success();
  if (!triple.isAArch64())
    return makeError("unsupported target '{0}': expects aarch64 for Android",
                     given);
  constexpr unsigned firstLevel = 21;
  unsigned level = triple.getEnvironmentVersion().getMajor();
  if (level != 0 && level < firstLevel)
    return makeError(
        "unsupported target '{0}': expects Android's API level {1} "
        "or later, got {2}",
        given, firstLevel, level);
  return Error::success();
}

} // namespace

bool TargetInfo::hasFeature(StringRef feature) const {
  return llvm::binary_search(features, feature);
}

std::string TargetInfo::title() const {
  return cpu.empty() || cpu == machine ? machine : machine + " " + cpu;
}

std::string TargetInfo::key() const {
  std::string text = formatv("{0} {1} {2} {3} {4} {5} {6} {7} {8}", triple, cpu,
                             llvm::join(features, ","), vectorBytes, registers,
                             l1Bytes, l2Bytes, unroll, integerRows);
  for (RegisterTile tile : tiles)
    text += formatv(" {0}x{1}", tile.rows, tile.vectors).str();
  return text;
}

std::vector<int64_t> TargetInfo::panelWidths(unsigned elementBytes) const {
  std::vector<int64_t> widths;
  for (RegisterTile tile : tiles)
    widths.push_back(tile.vectors * lanes(elementBytes));
  return widths;
}

std::vector<int64_t> TargetInfo::filterWidths(unsigned elementBytes) const {
  std::vector<int64_t> widths = panelWidths(elementBytes);
  llvm::sort(widths);
  return widths;
}

RegisterTile TargetInfo::tile(unsigned width, unsigned elementBytes) const {
  unsigned vectors = std::max(width / lanes(elementBytes), 1u);
  for (RegisterTile tile : tiles)
    if (tile.vectors == vectors)
      return tile;
  return {std::max(1u, (registers - 4) / vectors), vectors};
}

TargetInfo TargetInfo::host() {
  TargetInfo target;
  target.triple = Triple::normalize(sys::getDefaultTargetTriple());
  target.cpu = sys::getHostCPUName().str();
  for (const auto &feature : sys::getHostCPUFeatures())
    if (feature.second)
      target.features.push_back(feature.first().str());
  llvm::sort(target.features);
  target.l1Bytes = hostCacheBytes(1, target.l1Bytes);
  target.l2Bytes = hostCacheBytes(2, target.l2Bytes);
  applyMachine(target);
  return target;
}

Expected<TargetInfo> TargetInfo::get(StringRef triple, StringRef cpu,
                                     StringRef features) {
  if (cpu == "native" || (triple.empty() && cpu.empty() && features.empty()))
    return host();
  TargetInfo target;
  target.triple = Triple::normalize(
      triple.empty() ? sys::getDefaultTargetTriple() : triple.str());
  Triple parsed(target.triple);
  if (!parsed.isOSLinux())
    return makeError("unsupported target '{0}': expects Linux", triple);
  bool isX86 = parsed.getArch() == Triple::x86_64;
  if (!isX86 && parsed.getArch() != Triple::aarch64)
    return makeError("unsupported target '{0}': expects x86_64 or aarch64",
                     triple);
  if (Error failed = checkAndroid(parsed, triple))
    return std::move(failed);
  FeatureSet set;
  if (Error failed =
          isX86 ? addX86Features(cpu, set) : addAArch64Features(cpu, set))
    return std::move(failed);
  if (Error failed = applyFeatures(features, parsed, set))
    return std::move(failed);
  target.cpu = cpu.str();
  target.features.assign(set.begin(), set.end());
  applyMachine(target);
  return target;
}

} // namespace dycc::codegen
