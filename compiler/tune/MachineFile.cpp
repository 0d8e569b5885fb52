#include "compiler/tune/MachineFile.h"

#include "compiler/tune/PlanFile.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

using namespace mlir;
using dycc::dyn::ExprAttr;
using nlohmann::json;

namespace dycc::tune {

static constexpr const char *kHead = "dycc machine";
static constexpr const char *kPlainLoops = "loops_vectors";

/// What is wrong with `written`; empty: nothing, and `file` has it.
static std::string fill(MachineFile &file, const json &written) {
  int64_t revision = written.at(kHead);
  if (revision != MachineFile::kRevision)
    return "is of revision " + std::to_string(revision) +
           ", expects revision " + std::to_string(MachineFile::kRevision) +
           ": measure again with dycc-calibrate";
  file.machine = written.at("machine");
  file.threads = written.at("threads");
  file.prices = written.at("picoseconds");
  for (const auto &[kind, prices] : file.prices)
    for (const auto &[amount, price] : prices)
      if (!(price >= 0))
        return "expects no time below 0, got " + std::to_string(price) +
               " of '" + amount + "' of '" + kind + "'";
  return "";
}

llvm::Expected<MachineFile> MachineFile::read(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return llvm::createStringError("cannot read '" + path +
                                   "': " + buffer.getError().message());
  MachineFile file;
  std::string problem;
  try {
    problem = fill(file, json::parse((*buffer)->getBuffer().str()));
  } catch (const json::exception &error) {
    problem =
        std::string("expects what dycc-calibrate writes, got: ") + error.what();
  }
  if (!problem.empty())
    return llvm::createStringError("'" + path + "': " + problem);
  return file;
}

std::string MachineFile::text() const {
  return json{{kHead, kRevision},
              {"machine", machine},
              {"threads", threads},
              {"picoseconds", prices}}
             .dump(1) +
         "\n";
}

ExprAttr MachineFile::costOf(const codegen::LaunchWork &work) const {
  auto known = prices.find(work.kind);
  if (known == prices.end())
    return {};
  auto plain = prices.find(kPlainLoops);
  // In finer units than the result: a byte takes some femtoseconds.
  constexpr int64_t perPicosecond = 1000, perNanosecond = 1000000;
  ExprAttr total;
  for (const codegen::LaunchWork::Amount &amount : work.amounts) {
    auto price = known->second.find(amount.name);
    bool isKnown = price != known->second.end();
    if (!isKnown && plain != prices.end()) {
      price = plain->second.find(amount.name);
      isKnown = price != plain->second.end();
    }
    if (!isKnown)
      continue;
    ExprAttr term =
        amount.count.times(std::llround(price->second * perPicosecond));
    total = total ? ExprAttr::add(total, term) : term;
  }
  if (!total || total.isUnknown())
    return {};
  return ExprAttr::floorDiv(
      total, ExprAttr::constant(total.getContext(), perNanosecond));
}

LogicalResult applyCosts(ModuleOp module, const MachineFile &file,
                         StringRef path, const codegen::Backend &backend,
                         ArrayRef<codegen::TargetInfo> machines) {
  std::set<std::string> titles, unknown;
  for (const codegen::TargetInfo &machine : machines)
    titles.insert(machine.title());
  if (!titles.count(file.machine))
    return emitError(UnknownLoc::get(module.getContext()))
           << "'" << path << "' is for machine '" << file.machine
           << "', expects '" << llvm::join(titles, "' or '") << "'";
  for (auto kernel : module.getOps<dyn::KernelOp>()) {
    if (!kernel.getVersions())
      continue;
    SmallVector<Attribute> versions(kernel.getVersions()->getValue());
    for (Attribute &attribute : versions) {
      auto version = cast<dyn::VersionAttr>(attribute);
      if (machineOf(version, machines).title() != file.machine)
        continue;
      auto work = backend.workOf(kernel, version, file.threads);
      if (!work)
        continue;
      if (ExprAttr cost = file.costOf(*work))
        attribute = version.withCost(cost);
      else
        unknown.insert(work->kind);
    }
    kernel.setVersionsAttr(ArrayAttr::get(module.getContext(), versions));
  }
  if (!unknown.empty())
    emitWarning(UnknownLoc::get(module.getContext()))
        << "'" << path << "' has no times of kernels of kind '"
        << llvm::join(unknown, "', '")
        << "': what is said of theirs is not measured";
  return success();
}

} // namespace dycc::tune
