#include "dialects/dyn/Kernels.h"
#include "passes/Remarks.h"
#include "passes/version/Passes.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

#define DEBUG_TYPE "dycc-prune-versions"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc {
#define GEN_PASS_DEF_PRUNEVERSIONSPASS
#include "passes/version/Passes.h.inc"
namespace {

class PruneVersions final : public impl::PruneVersionsPassBase<PruneVersions> {
  using PruneVersionsPassBase::PruneVersionsPassBase;

  void runOnOperation() override {
    launches.clear();
    if (remarks::areWanted(&getContext()))
      getOperation().walk([&](dyn::LaunchOp launch) {
        launches[launch.getKernel()].push_back(launch);
      });
    bool isFound = only.empty();
    for (auto kernel : getOperation().getOps<dyn::KernelOp>())
      if (kernel.getVersions()) {
        isFound |= force(kernel);
        prune(kernel);
      }
    if (!isFound)
      refuse();
  }

  bool isWanted(dyn::VersionAttr version) {
    StringRef name = version.getName();
    StringAttr machine = version.getMachine();
    return name == only ||
           (machine && (machine.getValue() + "/" + name).str() == only);
  }

  /// Of each machine the version that is wanted alone, where there is one;
  /// whether there is any.
  bool force(dyn::KernelOp kernel) {
    llvm::SetVector<StringAttr> machines;
    auto versions = kernel.getVersions()->getAsRange<dyn::VersionAttr>();
    for (dyn::VersionAttr version : versions)
      if (isWanted(version))
        machines.insert(version.getMachine());
    SmallVector<Attribute> left;
    for (dyn::VersionAttr version : versions)
      if (isWanted(version))
        left.push_back(version.withWhen({}));
      else if (!machines.contains(version.getMachine()))
        left.push_back(version);
    kernel.setVersionsAttr(ArrayAttr::get(&getContext(), left));
    return !machines.empty();
  }

  void refuse() {
    llvm::SetVector<StringRef> names;
    for (auto kernel : getOperation().getOps<dyn::KernelOp>())
      if (kernel.getVersions())
        for (auto version :
             kernel.getVersions()->getAsRange<dyn::VersionAttr>())
          names.insert(version.getName().getValue());
    emitError(UnknownLoc::get(&getContext()))
        << "no kernel has a version '" << only << "', expected one of "
        << llvm::join(names, ", ");
    signalPassFailure();
  }

  void prune(dyn::KernelOp kernel) {
    dyn::SymbolFacts facts = dyn::factsOf(kernel);
    SmallVector<Attribute> left;
    bool isDecided = false;
    StringAttr machine;
    for (auto version : kernel.getVersions()->getAsRange<dyn::VersionAttr>()) {
      ExprAttr when = version.getWhen();
      dyn::Interval range =
          when ? dyn::rangeOf(dyn::simplify(when, facts), facts)
               : dyn::Interval{1, 1};
      bool isNever = range.upper == 0, isAlways = range.lower == 1;
      isDecided &= version.getMachine() == machine;
      machine = version.getMachine();
      if (isDecided)
        drop(kernel, version, "an earlier one is for all its extents");
      else if (isNever)
        drop(kernel, version, "its extents are never such");
      else if (single && !isAlways)
        drop(kernel, version, "one version of each kernel was asked for");
      else
        left.push_back(keep(kernel, version, isAlways ? ExprAttr() : when));
      isDecided |= isAlways;
    }
    kernel.setVersionsAttr(ArrayAttr::get(&getContext(), left));
  }

  /// "any", or "any on x86-64-v3" where versions are for machines.
  static std::string nameOf(dyn::VersionAttr version) {
    std::string name = version.getName().str();
    if (StringAttr machine = version.getMachine())
      name += " on " + machine.str();
    return name;
  }

  void drop(dyn::KernelOp kernel, dyn::VersionAttr version, StringRef why) {
    for (dyn::LaunchOp launch : launches.lookup(kernel.getSymName()))
      remarks::missed(remarks::kVersion, launch.getLoc(), DEBUG_TYPE)
          << "has no version " << nameOf(version) << ": " << why;
  }

  Attribute keep(dyn::KernelOp kernel, dyn::VersionAttr version,
                 ExprAttr when) {
    std::string name = nameOf(version);
    for (dyn::LaunchOp launch : launches.lookup(kernel.getSymName())) {
      auto remark =
          remarks::taken(remarks::kVersion, launch.getLoc(), DEBUG_TYPE);
      remark << "is computed by version " << name;
      if (when)
        remark << " where " << kernel.substitute(when, launch.getSymbols());
    }
    return version.withWhen(when);
  }

  /// Those of each kernel; filled where anyone asked for remarks.
  llvm::StringMap<SmallVector<dyn::LaunchOp>> launches;
};

} // namespace
} // namespace dycc
