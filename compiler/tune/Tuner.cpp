#include "compiler/tune/Tuner.h"

#include "codegen/llvm/HostProgram.h"
#include "compiler/tune/Gains.h"
#include "compiler/tune/Process.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

#include <algorithm>
#include <chrono>
#include <cmath>

using namespace mlir;

namespace dycc::tune {
namespace {

/// A folder for libraries that is gone with this.
class TuneFolder {
public:
  ~TuneFolder() {
    if (!path.empty())
      llvm::sys::fs::remove_directories(path);
  }

  llvm::Error create() {
    if (std::error_code code =
            llvm::sys::fs::createUniqueDirectory("dycc-tune", path))
      return llvm::createStringError("cannot make a temporary folder: " +
                                     code.message());
    return llvm::Error::success();
  }

  std::string file(StringRef name) const {
    SmallString<128> full(path);
    llvm::sys::path::append(full, name);
    return full.str().str();
  }
  std::string name() const { return path.str().str(); }

private:
  SmallString<128> path;
};

/// Where a point is, behind other words.
std::string at(ArrayRef<std::string> point) {
  return point.empty() ? "" : " at " + llvm::join(point, ", ");
}

double seconds() {
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

/// The nodes that launch a kernel, the first ones by name.
std::string nodesOf(ModuleOp module, dyn::KernelOp kernel) {
  constexpr size_t most = 3;
  std::vector<std::string> names;
  module.walk([&](dyn::LaunchOp launch) {
    if (launch.getKernel() == kernel.getSymName())
      names.push_back(codegen::nodeName(launch.getLoc()));
  });
  size_t others = names.size() > most ? names.size() - most : 0;
  names.resize(names.size() - others);
  std::string text = llvm::join(names, ", ");
  return others ? text + " and " + std::to_string(others) + " more" : text;
}

} // namespace

double Tuner::now() const { return seconds() - began; }

llvm::Error Tuner::run(const Versions &planned, PlanFile &file,
                       llvm::raw_ostream &report) {
  TuneFolder folder;
  if (llvm::Error error = folder.create())
    return error;
  auto program = findProgram("dycc-bench", "measures plans");
  if (!program)
    return program.takeError();
  job.program = *program;
  job.folder = folder.name();
  job.before = folder.file("before.so");
  job.after = folder.file("after.so");
  job.inputs = options.inputs;
  job.threads = options.threads;
  size_t left = compiler.machines.size();
  double end = seconds() + options.seconds;
  for (const codegen::TargetInfo &machine : compiler.machines) {
    collect(planned, machine);
    llvm::Error error = tune(
        machine, (end - seconds()) / static_cast<double>(left--), file, report);
    if (error && compiler.machines.size() == 1)
      return error;
    // The processor need not be each of them.
    llvm::handleAllErrors(
        std::move(error), [&](const llvm::ErrorInfoBase &info) {
          report << "tuning: nothing for machine " << machine.machine << ": "
                 << info.message() << "\n";
        });
  }
  return llvm::Error::success();
}

void Tuner::collect(const Versions &planned,
                    const codegen::TargetInfo &machine) {
  subjects.clear();
  title = machine.title();
  job.machine = compiler.machines.size() > 1 ? machine.machine : "";
  for (auto kernel : module.getOps<dyn::KernelOp>())
    for (unsigned i = 0; i < kernel.getNumVersions(); ++i) {
      dyn::VersionAttr version = kernel.getVersion(i);
      if (!version || planned.count({kernel, i}) ||
          &machineOf(version, compiler.machines) != &machine)
        continue;
      subjects.push_back({kernel, i, kernel.getFunctionName(i),
                          nodesOf(module, kernel), version.getPlan()});
    }
}

void Tuner::setPlans(ArrayRef<Attribute> plans) {
  for (auto [subject, plan] : llvm::zip_equal(subjects, plans))
    setPlan(subject.kernel, subject.version, cast<dyn::KernelPlanAttr>(plan));
}

std::vector<Attribute> Tuner::neighbours(size_t subject, Attribute plan) const {
  dyn::KernelOp kernel = subjects[subject].kernel;
  dyn::VersionAttr version = kernel.getVersion(subjects[subject].version);
  std::vector<Attribute> fitting;
  for (dyn::KernelPlanAttr other : compiler.backend.neighbours(
           kernel, withPlan(version, cast<dyn::KernelPlanAttr>(plan))))
    if (compiler.backend.whyNot(kernel, withPlan(version, other)).empty())
      fitting.push_back(other);
  return fitting;
}

llvm::Expected<Measurement> Tuner::runAll(bool isLong) {
  constexpr double ofBudget = 1.0 / 60, shortest = 0.03, longest = 2;
  double points = static_cast<double>(options.points.size());
  job.seconds = std::clamp(budget * ofBudget / points, shortest, longest) *
                (isLong ? 2 : 1);
  Measurement measured;
  for (const std::vector<std::string> &point : options.points) {
    job.dims = point;
    llvm::Expected<BenchTimes> times = runBench(job);
    if (!times)
      return times.takeError();
    measured.models.push_back(times->model);
    std::vector<Pair> &seconds = measured.subjects.emplace_back();
    for (const Subject &subject : subjects)
      seconds.push_back(times->kernels.lookup(subject.function));
  }
  return measured;
}

std::optional<Measurement> Tuner::measure(ArrayRef<Attribute> plans,
                                          bool isLong) {
  double start = now();
  bool isFirst = rounds++ == 0;
  if (compiler.onProgress)
    compiler.onProgress(
        llvm::formatv("build {0}: {1:F0} of {2:F0} s", rounds, start, budget)
            .str());
  setPlans(plans);
  if (!compiler.build(job.after))
    return std::nullopt;
  // What hangs must not take all the time there is.
  constexpr unsigned patience = 10, floor = 10;
  if (isFirst)
    job.limit = static_cast<unsigned>(budget) + 60;
  double built = now();
  llvm::Expected<Measurement> measured = runAll(isLong);
  if (!measured) {
    problem = llvm::toString(measured.takeError());
    return std::nullopt;
  }
  if (isFirst)
    job.limit =
        floor + patience * static_cast<unsigned>(std::ceil(now() - built));
  return *measured;
}

llvm::Error Tuner::tune(const codegen::TargetInfo &machine, double wanted,
                        PlanFile &file, llvm::raw_ostream &report) {
  // The model is compiled whether it is tuned or not: that takes no time of the
  // budget, and what is wrong is said then.
  if (!compiler.build(job.before))
    return llvm::Error::success();
  began = seconds();
  budget = wanted;
  rounds = 0;
  std::vector<Attribute> chosen;
  for (const Subject &subject : subjects)
    chosen.push_back(subject.chosen);
  World world{
      [&](size_t subject, Attribute plan) { return neighbours(subject, plan); },
      [&](ArrayRef<Attribute> plans, bool isLong) {
        return measure(plans, isLong);
      },
      [&] { return now(); }};
  std::optional<SearchResult> found = Search(chosen, world, budget).run();
  if (!found)
    return llvm::createStringError("cannot run the model" + at(job.dims) +
                                   ": " + problem);
  for (auto [subject, one] : llvm::zip_equal(subjects, found->subjects))
    if (!one.plan)
      one.plan = subject.chosen;
  std::vector<Attribute> best;
  for (const Found &one : found->subjects)
    best.push_back(one.plan);
  setPlans(best);
  keep(*found, file);
  print(*found, report);
  return llvm::Error::success();
}

void Tuner::keep(const SearchResult &found, PlanFile &file) {
  auto inNs = [](double seconds) {
    return static_cast<int64_t>(std::llround(seconds * 1e9));
  };
  for (auto [subject, one] : llvm::zip_equal(subjects, found.subjects))
    if (one.plan != subject.chosen)
      file.set({digestOf(subject.kernel),
                dyn::KernelOp(subject.kernel)
                    .getVersion(subject.version)
                    .getName()
                    .str(),
                title, cast<dyn::KernelPlanAttr>(one.plan), subject.nodes,
                inNs(one.seconds.before), inNs(one.seconds.after)});
}

void Tuner::print(const SearchResult &found, llvm::raw_ostream &report) const {
  report << llvm::formatv("tuning: {0} plans for {1} on {2} {3} tried in "
                          "{4:F0} s, {5} of them did not build or run\n",
                          found.tried, title, options.threads,
                          options.threads == 1 ? "thread" : "threads", now(),
                          found.bad);
  std::vector<Gain> kernels, models;
  for (auto [subject, one] : llvm::zip_equal(subjects, found.subjects))
    if (one.plan != subject.chosen)
      kernels.push_back(
          {subject.function + ": " + subject.nodes, one.seconds, one.gain});
  if (kernels.empty()) {
    report << "tuning: none was faster than those that there are\n";
    return;
  }
  for (auto [point, model] : llvm::zip_equal(options.points, found.models))
    models.push_back({"the model" + at(point), model, model.gain()});
  printGains(std::move(kernels), models, report);
}

} // namespace dycc::tune
