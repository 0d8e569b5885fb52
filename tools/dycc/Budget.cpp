#include "tools/dycc/Budget.h"

#include "codegen/kernels/KernelCache.h"
#include "compiler/driver/Diagnostics.h"
#include "compiler/driver/OutputFiles.h"
#include "compiler/driver/PrecisionOptions.h"
#include "compiler/tune/PrecisionSearch.h"
#include "tools/dycc/Beside.h"
#include "tools/dycc/BudgetRun.h"

#include "llvm/ADT/StringExtras.h"

#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace dycc {
namespace {

class Budget {
public:
  Budget(CompileOptions &options, const BudgetOptions &budget, Console &console)
      : options(options), budget(budget), console(console),
        folder("dycc-budget"), cache(options.cacheDir) {}

  CompileStatus run() {
    if (std::error_code error = folder.getError())
      return fail("cannot make a temporary folder: " + error.message());
    CompileStatus status =
        findRoundedNodes(optionsFor(library()), console, candidates);
    if (status == CompileStatus::Ok)
      status = compileReference();
    if (status != CompileStatus::Ok)
      return status;
    std::optional<tune::PrecisionChoice> choice =
        tune::PrecisionSearch(
            unsigned(candidates.size()), *budget.maxError,
            [&](const llvm::BitVector &rounded) { return errorOf(rounded); })
            .run();
    if (!choice)
      return failure;
    note(*choice);
    say();
    return write();
  }

private:
  /// The largest error of all samples, as a person reads it.
  static std::string textOf(double error) {
    return std::isfinite(error) ? fmt::format("{:.2g}", error) : "no number";
  }

  std::string reference() const { return folder.file("f32.so"); }
  std::string library() const { return folder.file("rounded.so"); }

  CompileStatus fail(const std::string &text) {
    printLabel(console, "error") << shorten("--calibrate: " + text) << "\n";
    return CompileStatus::Refused;
  }

  /// What makes a library to be run.
  CompileOptions optionsFor(const std::string &path) const {
    CompileOptions beside = besideOptions(options, path);
    beside.cacheDir = cache.path();
    return beside;
  }

  /// The model in f32, which has to run on each sample.
  CompileStatus compileReference() {
    CompileOptions f32 = optionsFor(reference());
    f32.precision = "f32";
    f32.keepF32.clear();
    f32.exceptions.clear();
    console.setWhat("f32");
    CompileStatus status = compileModel(f32, console);
    console.setWhat("");
    if (status != CompileStatus::Ok)
      return status;
    console.onStep("run in f32");
    SampleErrors errors = measureErrors(reference(), reference(), budget.data);
    if (errors.samples == 0)
      return fail(fmt::format("'{}': {}", budget.data, errors.where));
    findings.samples = errors.samples;
    findings.f32Bytes = errors.weightBytes;
    // Where there is nothing to round.
    findings.bytes = findings.bytesWithout = errors.weightBytes;
    return CompileStatus::Ok;
  }

  std::vector<std::string> keptOf(const llvm::BitVector &rounded) const {
    std::vector<std::string> kept;
    for (auto [i, name] : llvm::enumerate(candidates))
      if (!rounded.test(unsigned(i)))
        kept.push_back(name);
    return kept;
  }

  std::optional<double> errorOf(const llvm::BitVector &rounded) {
    CompileOptions trial = optionsFor(library());
    trial.found.emplace().nodes = keptOf(rounded);
    console.setWhat(
        fmt::format("{} of {} nodes", rounded.count(), candidates.size()));
    failure = compileModel(trial, console);
    console.setWhat("");
    if (failure != CompileStatus::Ok)
      return std::nullopt;
    console.onStep("run with 16 bits");
    SampleErrors errors = measureErrors(library(), reference(), budget.data);
    if (rounded.all()) {
      where = errors.where;
      findings.bytesWithout = errors.weightBytes;
    }
    if (errors.largest <= *budget.maxError)
      findings.bytes = errors.weightBytes;
    return errors.largest;
  }

  void note(const tune::PrecisionChoice &choice) {
    findings.precision = options.precision;
    findings.nodes = keptOf(choice.rounded);
    findings.candidates = candidates.size();
    findings.maxError = *budget.maxError;
    findings.errorWithout = choice.before;
    findings.error = choice.error;
    findings.trials = choice.trials;
    // The last library that met the budget is the one that was chosen.
    if (choice.rounded.none())
      findings.bytes = findings.f32Bytes;
    options.found = findings;
  }

  void say() {
    console.finish();
    if (console.isQuiet())
      return;
    console << fmt::format(
        "dycc: error {} over {} sample{}, at most {} wanted; {} of {} nodes "
        "stay f32{}; weights of {} bytes, in f32 {}\n",
        textOf(findings.error), findings.samples,
        findings.samples == 1 ? "" : "s", *budget.maxError,
        findings.nodes.size(), findings.candidates,
        findings.nodes.empty() ? "" : namesText(), findings.bytes,
        findings.f32Bytes);
  }

  std::string namesText() const {
    constexpr size_t most = 8;
    size_t shown = std::min(most, findings.nodes.size());
    std::string more =
        shown < findings.nodes.size()
            ? fmt::format(" and {} more", findings.nodes.size() - shown)
            : "";
    return fmt::format(" ({}{}; without them {}: {})",
                       llvm::join(findings.nodes.begin(),
                                  findings.nodes.begin() + long(shown), ", "),
                       more, textOf(findings.errorWithout), where);
  }

  CompileStatus write() {
    if (options.foundFile.empty())
      return CompileStatus::Ok;
    llvm::Error error =
        writeText(describe(findings).dump(
                      2, ' ', false, nlohmann::json::error_handler_t::replace) +
                      "\n",
                  options.foundFile);
    if (!error)
      return CompileStatus::Ok;
    printLabel(console, "error") << llvm::toString(std::move(error)) << "\n";
    return CompileStatus::Refused;
  }

  CompileOptions &options;
  const BudgetOptions &budget;
  Console &console;
  TemporaryFolder folder;
  /// What trials share is compiled once, without a folder of the user's too.
  codegen::KernelCache cache;
  std::vector<std::string> candidates;
  PrecisionFindings findings;
  std::string where; ///< What has the error without exceptions.
  CompileStatus failure = CompileStatus::Ok;
};

} // namespace

CompileStatus meetBudget(CompileOptions &options, const BudgetOptions &budget,
                         Console &console) {
  try {
    return Budget(options, budget, console).run();
  } catch (const std::exception &error) {
    printLabel(console, "error")
        << shorten(std::string("--calibrate: ") + error.what()) << "\n";
    return CompileStatus::Refused;
  }
}

} // namespace dycc
