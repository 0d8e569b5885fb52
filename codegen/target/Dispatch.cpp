#include "codegen/target/Dispatch.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;

namespace dycc::codegen {
namespace {

template <typename... Args>
Error makeError(const char *format, Args &&...args) {
  std::string text = formatv(format, std::forward<Args>(args)...);
  return createStringError("--dispatch: " + text);
}

/// "x86-64-v4 (v4), x86-64-v3 (v3)".
std::string machineNames(Triple::ArchType arch) {
  SmallVector<std::string> names;
  for (const Machine &machine : machines())
    if (machine.arch == arch)
      names.push_back(formatv("{0} ({1})", machine.name, machine.alias));
  return llvm::join(names, ", ");
}

/// Refuses what the target's architecture has not.
Expected<const Machine *> findMachine(StringRef name, Triple::ArchType arch) {
  const Machine *machine = find_if(machines(), [&](const Machine &m) {
    return m.name == name || m.alias == name;
  });
  if (machine == machines().end())
    return makeError("unknown machine '{0}', expected some of {1}", name,
                     machineNames(arch));
  if (machine->arch != arch)
    return makeError("machine '{0}' is of {1}, expected some of the target's, "
                     "{2}: {3}",
                     name, Triple::getArchTypeName(machine->arch),
                     Triple::getArchTypeName(arch), machineNames(arch));
  return machine;
}

/// LLVM knows the levels of x86-64 as processors.
Expected<TargetInfo> targetOf(const Machine &machine, StringRef triple) {
  if (machine.arch == Triple::x86_64)
    return TargetInfo::get(triple, machine.name, "");
  return TargetInfo::get(triple, "", llvm::join(machine.features, ","));
}

/// Whether a target has a tile of at least so many rows for panels of `width`,
/// in registers.
bool fits(const TargetInfo &target, int64_t width, unsigned rows,
          unsigned elementBytes) {
  int64_t lanes = target.lanes(elementBytes);
  if (width % lanes != 0)
    return false;
  RegisterTile tile = target.tile(width, elementBytes);
  return tile.rows >= rows && tile.rows * tile.vectors + 4 <= target.registers;
}

} // namespace

Expected<std::vector<TargetInfo>> dispatchTargets(StringRef triple,
                                                  ArrayRef<std::string> names) {
  std::string wanted =
      triple.empty() ? sys::getDefaultTargetTriple() : triple.str();
  Expected<TargetInfo> plain = TargetInfo::get(wanted, "", "");
  if (!plain)
    return plain.takeError();
  std::vector<const Machine *> chosen;
  for (StringRef name : names) {
    Expected<const Machine *> machine =
        findMachine(name, Triple(plain->triple).getArch());
    if (!machine)
      return machine.takeError();
    if (is_contained(chosen, *machine))
      return makeError("got machine '{0}' twice, expected different ones",
                       (*machine)->name);
    chosen.push_back(*machine);
  }
  llvm::sort(chosen); // They are entries of one table.
  std::vector<TargetInfo> targets;
  for (const Machine *machine : chosen) {
    Expected<TargetInfo> target = targetOf(*machine, wanted);
    if (!target)
      return target.takeError();
    assert(target->machine == machine->name && "its features make it one");
    targets.push_back(std::move(*target));
  }
  return targets;
}

TargetInfo commonTarget(ArrayRef<TargetInfo> targets) {
  // The features of the least able one, which the others mostly have too.
  TargetInfo common = targets.back();
  if (targets.size() == 1)
    return common;
  common.cpu.clear();
  llvm::erase_if(common.features, [&](StringRef feature) {
    return !llvm::all_of(targets, [&](const TargetInfo &target) {
      return target.hasFeature(feature);
    });
  });
  return common;
}

std::vector<int64_t> commonPanelWidths(ArrayRef<TargetInfo> targets,
                                       unsigned elementBytes) {
  std::vector<int64_t> widths = targets.front().panelWidths(elementBytes);
  // A tile of one row asks for a vector of the panel per multiply-add.
  for (unsigned rows : {2, 1}) {
    std::vector<int64_t> left;
    for (int64_t width : widths)
      if (llvm::all_of(targets.drop_front(), [&](const TargetInfo &target) {
            return fits(target, width, rows, elementBytes);
          }))
        left.push_back(width);
    if (!left.empty())
      return left;
  }
  return {*llvm::min_element(widths)};
}

std::vector<int64_t> commonFilterWidths(ArrayRef<TargetInfo> targets,
                                        unsigned elementBytes) {
  std::vector<int64_t> widths = commonPanelWidths(targets, elementBytes);
  llvm::sort(widths);
  return widths;
}

int64_t commonChannelBlock(ArrayRef<TargetInfo> targets,
                           unsigned elementBytes) {
  int64_t block = 1;
  for (const TargetInfo &target : targets)
    block = std::max<int64_t>(block, target.lanes(elementBytes));
  return block;
}

} // namespace dycc::codegen
