#include "tools/dycc/Verify.h"

#include "codegen/target/Features.h"
#include "compiler/driver/Diagnostics.h"
#include "compiler/driver/TargetOptions.h"
#include "tools/dycc/Beside.h"
#include "tools/dycc/VerifyPoints.h"
#include "tools/dycc/VerifyRun.h"

#include "llvm/ADT/StringExtras.h"

#include <cmath>
#include <fmt/format.h>

namespace dycc {
namespace {

using codegen::TargetInfo;

/// What this processor lacks to run kernels for `target`.
std::string lackingFor(const TargetInfo &target, const TargetInfo &here) {
  std::vector<std::string> lacking;
  for (const std::string &feature : target.features)
    if (codegen::isUsedFeature(feature) && !here.hasFeature(feature))
      lacking.push_back(feature);
  return llvm::join(lacking, ", ");
}

/// Of each machine that the model is for why this is none; empty where it is
/// one of them.
std::string whyNotHere(llvm::ArrayRef<TargetInfo> targets,
                       const TargetInfo &here) {
  llvm::Triple own(here.triple);
  std::string text;
  for (const TargetInfo &target : targets) {
    llvm::Triple triple(target.triple);
    std::string lacking = lackingFor(target, here);
    bool isOther =
        triple.getArch() != own.getArch() || triple.getOS() != own.getOS();
    if (!isOther && lacking.empty())
      return "";
    if (text.empty())
      text =
          isOther ? "'" + target.triple + "'" : "a processor with " + lacking;
  }
  return text;
}

/// What makes of the same model something to compare with.
CompileOptions referenceOptions(const CompileOptions &options,
                                const std::string &output) {
  CompileOptions reference = besideOptions(options, output);
  reference.backend = "reference";
  reference.precision = "f32";
  reference.keepF32.clear();
  reference.exceptions.clear();
  reference.level = 0;
  reference.isSmall = false;
  reference.disabled.clear();
  reference.onlyVersion.clear();
  return reference;
}

/// How far a model may be from itself in f32: so many roundings in a row.
data::Tolerance toleranceOf(llvm::StringRef precision) {
  constexpr double kRoundings = 16;
  if (precision == "f32")
    return {};
  double rounding = std::ldexp(1.0, precision == "f16" ? -11 : -8);
  return {kRoundings * rounding, -1, kRoundings * rounding};
}

std::string textOf(const bench::Point &point, const dycc_model_info &info) {
  std::vector<std::string> parts;
  for (size_t i = 0; i < point.size(); ++i)
    parts.push_back(fmt::format("{}={}", info.symbols[i].name, point[i]));
  return parts.empty() ? "its one shape" : llvm::join(parts, ", ");
}

/// Verifies the kernels of one machine, of one variant.
class Verifier {
public:
  Verifier(const VerifyPair &pair, const VerifyOptions &verify,
           Console &console)
      : pair(pair), verify(verify), console(console),
        model(pair.model, /*threads=*/1, pair.machine, pair.variant) {}

  CompileStatus run() {
    // Data may break what shapes allow, and results may have no values.
    const int most = 3 * verify.shapes + 8;
    VerifyPoints points(model, verify.seed);
    for (int i = 0; i < most && done < verify.shapes; ++i) {
      std::optional<bench::Point> point = points.next();
      if (!point)
        break;
      std::string shape = textOf(*point, model.info());
      console.onStep("verify at " + shape);
      VerifyOutcome outcome = runBoth(pair, *point, verify.seed + i);
      if (outcome.state == VerifyOutcome::Differs)
        return fail(fmt::format("at {}, inputs of seed {}: {}", shape,
                                verify.seed + i, outcome.text));
      take(outcome, shape);
    }
    if (done > 0) {
      say();
      return CompileStatus::Ok;
    }
    if (refused > 0)
      return fail(
          fmt::format("both refuse each of {} shapes, the first one, {}",
                      refused, refusal));
    if (empty > 0)
      return fail(fmt::format("at each of {} shapes no output has a value that "
                              "is a number",
                              empty));
    return fail("found no shape that the model takes: " + points.refusal());
  }

private:
  void take(const VerifyOutcome &outcome, const std::string &shape) {
    if (outcome.state == VerifyOutcome::Refused) {
      if (refused++ == 0)
        refusal = shape + ": " + outcome.text;
      return;
    }
    ++(outcome.values ? done : empty);
    values += outcome.values;
    if (outcome.largest <= largest)
      return;
    largest = outcome.largest;
    where = fmt::format(", output '{}' at {}", outcome.output, shape);
  }

  CompileStatus fail(const std::string &text) {
    printLabel(console, "error")
        << shorten("--verify" + which() + ": " + text) << "\n";
    return CompileStatus::Refused;
  }

  void say() {
    console.finish();
    if (console.isQuiet())
      return;
    console << fmt::format(
        "dycc: verified{} at {} shape{}, {} values: largest difference "
        "{:.2g}{}{}{}\n",
        which(), done, done == 1 ? "" : "s", values, largest, where,
        empty ? fmt::format("; {} without values", empty) : "",
        refused ? fmt::format("; {} refused by both", refused) : "");
  }

  /// Of several machines and variants the ones that run.
  std::string which() const {
    return (pair.variant.empty() ? "" : " variant '" + pair.variant + "'") +
           (pair.machine.empty() ? "" : " for " + pair.machine);
  }

  const VerifyPair &pair;
  const VerifyOptions &verify;
  Console &console;
  run::Artifact model;
  int done = 0, empty = 0, refused = 0; ///< Shapes.
  int64_t values = 0;
  double largest = 0;
  std::string where, refusal;
};

/// The machines that a library has kernels for; an empty name where there is
/// but one.
std::vector<std::string> machinesOf(const std::string &path) {
  run::Artifact model(path, /*threads=*/1);
  std::vector<std::string> names;
  for (uint32_t i = 0; i < model.info().num_machines; ++i)
    names.emplace_back(model.info().machines[i].name);
  if (names.empty())
    names.emplace_back();
  return names;
}

CompileStatus verifyMachines(VerifyPair pair, const VerifyOptions &verify,
                             Console &console) {
  for (const std::string &machine : machinesOf(pair.model)) {
    pair.machine = machine;
    std::optional<Verifier> verifier;
    try {
      verifier.emplace(pair, verify, console);
    } catch (const run::Refusal &error) {
      // This processor is another one of the model's.
      if (!console.isQuiet())
        console << "dycc: not verified for " << machine << ": " << error.what()
                << "\n";
      continue;
    }
    if (CompileStatus status = verifier->run(); status != CompileStatus::Ok)
      return status;
  }
  return CompileStatus::Ok;
}

/// Each variant of a family, or the model.
CompileStatus verifyVariants(VerifyPair pair, const CompileOptions &options,
                             const VerifyOptions &verify, Console &console) {
  std::vector<std::string> names;
  for (const Variant &variant : options.variants)
    names.push_back(variant.name);
  if (names.empty())
    names.emplace_back();
  for (const std::string &name : names) {
    pair.variant = name;
    if (CompileStatus status = verifyMachines(pair, verify, console);
        status != CompileStatus::Ok)
      return status;
  }
  return CompileStatus::Ok;
}

} // namespace

CompileStatus checkVerify(const CompileOptions &options,
                          const VerifyOptions &verify,
                          llvm::raw_ostream &errors) {
  auto refuse = [&](const std::string &text, CompileStatus status) {
    printLabel(errors, "error") << "--verify: " << text << "\n";
    return status;
  };
  if (options.emit != EmitKind::Shared || !options.stopAfter.empty() ||
      options.output == "-")
    return refuse("expected --emit shared and a file, which can be run",
                  CompileStatus::Usage);
  if (options.input == "-" && verify.against.empty())
    return refuse("the model is read twice, expected a file, got the standard "
                  "input",
                  CompileStatus::Usage);
  llvm::Expected<std::vector<TargetInfo>> targets = chooseMachines(options);
  if (!targets) {
    llvm::consumeError(targets.takeError());
    return CompileStatus::Ok; // The compilation says so.
  }
  if (std::string other = whyNotHere(*targets, TargetInfo::host());
      !other.empty())
    return refuse("the result is run here, expected this machine as its "
                  "target, got " +
                      other,
                  CompileStatus::Refused);
  return CompileStatus::Ok;
}

CompileStatus verifyModel(const CompileOptions &options,
                          const VerifyOptions &verify, Console &console) {
  TemporaryFolder folder("dycc-verify");
  if (std::error_code error = folder.getError()) {
    printLabel(console, "error")
        << "--verify: cannot make a temporary folder: " << error.message()
        << "\n";
    return CompileStatus::Refused;
  }
  VerifyPair pair{options.output, verify.against, "", "",
                  toleranceOf(options.precision)};
  if (pair.reference.empty()) {
    pair.reference = folder.file("reference.so");
    console.setWhat("reference");
    CompileStatus status =
        compileModel(referenceOptions(options, pair.reference), console);
    console.setWhat("");
    if (status != CompileStatus::Ok)
      return status;
  }
  try {
    return verifyVariants(pair, options, verify, console);
  } catch (const std::exception &error) {
    printLabel(console, "error")
        << "--verify: " << shorten(error.what()) << "\n";
    return CompileStatus::Refused;
  }
}

} // namespace dycc
