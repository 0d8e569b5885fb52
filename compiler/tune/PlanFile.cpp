#include "compiler/tune/PlanFile.h"

#include "codegen/kernels/KernelCompiler.h"
#include "passes/Remarks.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SHA256.h"

using namespace mlir;

namespace dycc::tune {

static constexpr StringLiteral kHead = "dycc plans ";

Location PlanFile::locationOf(size_t index, unsigned column) const {
  return FileLineColLoc::get(context, path, static_cast<unsigned>(index) + 2,
                             column);
}

LogicalResult PlanFile::read() {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return emitError(UnknownLoc::get(context))
           << "cannot read '" << path << "': " << buffer.getError().message();
  auto [head, rest] = (*buffer)->getBuffer().split('\n');
  bool isOurs = false;
  if (failed(readHead(head, isOurs)))
    return failure();
  while (isOurs && !rest.empty()) {
    auto [line, others] = rest.split('\n');
    if (failed(readLine(line)))
      return failure();
    rest = others;
  }
  return success();
}

LogicalResult PlanFile::readHead(StringRef head, bool &isOurs) {
  Location location = FileLineColLoc::get(context, path, 1, 1);
  StringRef number = head.rtrim();
  int64_t revision = 0;
  if (!number.consume_front(kHead) || number.getAsInteger(10, revision))
    return emitError(location) << "expects '" << kHead << kRevision
                               << "' as first line, got '" << head << "'";
  isOurs = revision == kRevision;
  if (!isOurs)
    emitWarning(location) << "plans of revision " << revision
                          << " are ignored, expects revision " << kRevision;
  return success();
}

/// What is wrong with an entry, which goes into `plan`; empty: nothing.
static std::string fill(TunedPlan &plan, DictionaryAttr entry) {
  if (!entry)
    return "expects a plan in braces: {kernel = ..., version = ..., machine = "
           "..., plan = ...}";
  std::pair<StringRef, std::string *> texts[] = {{"kernel", &plan.kernel},
                                                 {"version", &plan.version},
                                                 {"machine", &plan.machine},
                                                 {"nodes", &plan.nodes}};
  for (auto [name, text] : texts) {
    auto value = entry.getAs<StringAttr>(name);
    if (value)
      *text = value.str();
    else if (name != "nodes" || entry.contains(name))
      return ("expects a string as '" + name + "'").str();
  }
  plan.plan = entry.getAs<dyn::KernelPlanAttr>("plan");
  if (!plan.plan)
    return "expects a #dyn.kernel_plan as 'plan'";
  auto times = entry.getAs<DenseI64ArrayAttr>("nanoseconds");
  if (entry.contains("nanoseconds") && (!times || times.size() != 2))
    return "expects array<i64: BEFORE, AFTER> as 'nanoseconds'";
  if (times) {
    plan.before = times[0];
    plan.after = times[1];
  }
  for (NamedAttribute named : entry)
    if (!llvm::is_contained(
            {"kernel", "version", "machine", "nodes", "nanoseconds", "plan"},
            named.getName().getValue()))
      return "expects no '" + named.getName().str() + "' in a plan";
  return "";
}

std::string TunedPlan::text() const {
  std::string result;
  llvm::raw_string_ostream stream(result);
  auto quoted = [&](StringRef name, StringRef value) {
    stream << name << " = " << StringAttr::get(plan.getContext(), value)
           << ", ";
  };
  stream << "{";
  quoted("kernel", kernel);
  quoted("version", version);
  quoted("machine", machine);
  if (!nodes.empty())
    quoted("nodes", nodes);
  if (before > 0)
    stream << "nanoseconds = array<i64: " << before << ", " << after << ">, ";
  stream << "plan = " << plan << "}";
  return result;
}

LogicalResult PlanFile::readLine(StringRef text) {
  StringRef content = text.trim();
  lines.push_back({text.rtrim().str()});
  if (content.empty() || content.starts_with("//"))
    return success();
  std::string problem;
  unsigned column = 1;
  Attribute attribute;
  {
    ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
      problem = diagnostic.str();
      if (auto at = dyn_cast<FileLineColLoc>(diagnostic.getLocation()))
        column = at.getColumn();
      return success();
    });
    attribute = parseAttribute(content, context);
  }
  auto indentation = static_cast<unsigned>(content.data() - text.data());
  TunedPlan plan;
  if (attribute)
    problem = fill(plan, dyn_cast<DictionaryAttr>(attribute));
  if (!problem.empty())
    return emitError(locationOf(lines.size() - 1, indentation + column))
           << problem;
  lines.back().plan = std::move(plan);
  return success();
}

void PlanFile::set(const TunedPlan &plan) {
  auto same = llvm::find_if(lines, [&](const Line &line) {
    return line.plan && line.plan->isForSame(plan);
  });
  if (same == lines.end())
    lines.push_back({plan.text(), plan});
  else
    *same = {plan.text(), plan};
}

std::string PlanFile::text() const {
  std::string text = kHead.str() + std::to_string(kRevision) + "\n";
  for (const Line &line : lines)
    text += line.text + "\n";
  return text;
}

std::string digestOf(dyn::KernelOp kernel) {
  constexpr size_t digits = 20;
  llvm::SHA256 hash;
  hash.update(codegen::kernelText(kernel));
  return llvm::toHex(hash.final(), /*LowerCase=*/true).substr(0, digits);
}

const codegen::TargetInfo &machineOf(dyn::VersionAttr version,
                                     ArrayRef<codegen::TargetInfo> machines) {
  if (!version.getMachine())
    return machines.front();
  return *llvm::find_if(machines, [&](const codegen::TargetInfo &target) {
    return target.machine == version.getMachine().getValue();
  });
}

dyn::VersionAttr withPlan(dyn::VersionAttr version, dyn::KernelPlanAttr plan) {
  return dyn::VersionAttr::get(version.getContext(), version.getName(),
                               version.getMachine(), version.getWhen(), plan,
                               version.getCost());
}

void setPlan(dyn::KernelOp kernel, unsigned version, dyn::KernelPlanAttr plan) {
  SmallVector<Attribute> versions(kernel.getVersions()->getValue());
  versions[version] = withPlan(kernel.getVersion(version), plan);
  kernel.setVersionsAttr(ArrayAttr::get(kernel.getContext(), versions));
}

namespace {

class Application {
public:
  Application(ModuleOp module, const PlanFile &file,
              const codegen::Backend &backend,
              ArrayRef<codegen::TargetInfo> machines, Versions &planned)
      : module(module), file(file), backend(backend), machines(machines),
        planned(planned) {}

  void run() {
    llvm::StringMap<dyn::KernelOp> kernels;
    for (auto kernel : module.getOps<dyn::KernelOp>())
      if (kernel.getVersions())
        kernels[digestOf(kernel)] = kernel;
    for (auto [index, line] : llvm::enumerate(file.getLines()))
      if (line.plan)
        if (auto kernel = kernels.lookup(line.plan->kernel))
          apply(index, *line.plan, kernel);
  }

private:
  /// The version of `kernel` that the plan is for, or why there is none.
  std::optional<unsigned> find(const TunedPlan &plan, dyn::KernelOp kernel,
                               std::string &reason) const {
    std::set<std::string> names, titles;
    for (unsigned i = 0; i < kernel.getNumVersions(); ++i) {
      dyn::VersionAttr version = kernel.getVersion(i);
      std::string title = machineOf(version, machines).title();
      titles.insert(title);
      if (title != plan.machine)
        continue;
      if (version.getName().getValue() == plan.version)
        return i;
      names.insert(version.getName().str());
    }
    reason = names.empty()
                 ? "is for machine '" + plan.machine + "', expects '" +
                       llvm::join(titles, "' or '") + "'"
                 : "kernel has no version '" + plan.version + "', expects " +
                       llvm::join(names, " or ");
    return std::nullopt;
  }

  void apply(size_t index, const TunedPlan &plan, dyn::KernelOp kernel) {
    std::string reason;
    std::optional<unsigned> number = find(plan, kernel, reason);
    if (number && planned.count({kernel, *number}))
      reason = "an earlier plan is for the same kernel";
    else if (number)
      reason = backend.whyNot(kernel,
                              withPlan(kernel.getVersion(*number), plan.plan));
    if (!reason.empty()) {
      emitWarning(file.locationOf(index)) << "plan is ignored: " << reason;
      return;
    }
    setPlan(kernel, *number, plan.plan);
    planned.insert({kernel, *number});
    tell(index, kernel);
  }

  void tell(size_t index, dyn::KernelOp kernel) {
    if (!remarks::areWanted(module.getContext()))
      return;
    module.walk([&](dyn::LaunchOp launch) {
      if (launch.getKernel() == kernel.getSymName())
        remarks::taken(remarks::kVersion, launch.getLoc(), "dycc-apply-plans")
            << "runs as line " << static_cast<int64_t>(index + 2) << " of '"
            << file.name() << "' says";
    });
  }

  ModuleOp module;
  const PlanFile &file;
  const codegen::Backend &backend;
  ArrayRef<codegen::TargetInfo> machines;
  Versions &planned;
};

} // namespace

void applyPlans(ModuleOp module, const PlanFile &file,
                const codegen::Backend &backend,
                ArrayRef<codegen::TargetInfo> machines, Versions &planned) {
  Application(module, file, backend, machines, planned).run();
}

} // namespace dycc::tune
