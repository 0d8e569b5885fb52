// Says what dycc knows of a model: categories, symbolic shapes, groups, memory.
#include "compiler/driver/Diagnostics.h"
#include "compiler/driver/Inspect.h"
#include "compiler/driver/RemarkTexts.h"
#include "compiler/driver/TargetOptions.h"
#include "compiler/driver/Version.h"
#include "compiler/pipeline/Pipeline.h"
#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxSchema.h"
#include "tools/command-line/ModelOptions.h"
#include "tools/command-line/Values.h"
#include "tools/dycc-inspect/Library.h"
#include "tools/dycc-inspect/Text.h"

#include <fmt/format.h>
#include <unistd.h>

using nlohmann::json;

namespace {

/// A model or a library, as text or JSON. The exit code.
int inspect(const dycc::CompileOptions &options,
            const std::vector<std::string> &at, bool asJson) {
  json report;
  bool isLibrary = dycc::isLibrary(options.input);
  if (isLibrary) {
    if (std::string error = dycc::inspectLibrary(options.input, at, report);
        !error.empty()) {
      dycc::printLabel(llvm::errs(), "error") << error << "\n";
      return 1;
    }
  } else if (dycc::CompileStatus status =
                 dycc::inspectModel(options, at, llvm::errs(), report);
             status != dycc::CompileStatus::Ok) {
    return static_cast<int>(status);
  }
  if (asJson)
    fmt::print("{}\n", report.dump(2));
  else if (isLibrary)
    dycc::printLibrary(report);
  else
    dycc::printModel(report);
  return 0;
}

/// A line per operator of ONNX's default domain, then of others: its domain and
/// name, what becomes of it, and of which form not.
void printOperators() {
  using namespace dycc::onnx;
  for (const OperatorSchema &schema : allOperators()) {
    const OperatorFacts &facts = *findFacts(schema.name);
    fmt::print("ai.onnx\t{}\t{}\t{}\n", schema.name.str(),
               stringify(facts.support).str(), facts.note.str());
  }
  for (const OperatorSchema &schema : allContributed())
    fmt::print("{}\t{}\t{}\t{}\n",
               schema.domain.empty() ? "ai.onnx" : schema.domain.str(),
               schema.name.str(), stringify(Support::Expanded).str(),
               contributedNote(schema).str());
}

/// The command line.
struct Options {
  dycc::CompileOptions compile;
  std::vector<std::string> at;
  bool asJson = false, listsOperators = false;
};

/// What is said, and of what.
void addOptions(CLI::App &app, Options &options) {
  app.add_option("model", options.compile.input,
                 "ONNX file, - for the standard input; or a library")
      ->type_name("FILE.{onnx,so}");
  app.add_flag("--operators", options.listsOperators,
               "Print what becomes of each operator, and no model");
  app.add_flag("--json", options.asJson, "Print JSON");
  app.set_version_flag("--version", dycc::versionText(),
                       "Print the versions of dycc, LLVM and Halide, and the "
                       "targets");
}

/// What holds of a model.
void addModelOptions(CLI::App &app, Options &options) {
  dycc::CompileOptions &compile = options.compile;
  dycc::cli::addExtentOptions(app, compile);
  app.add_option("--allow-symlinks", compile.linkFolders,
                 "Folder that links to the model's external data may lead "
                 "into")
      ->allow_extra_args(false)
      ->type_name("FOLDER");
  app.add_option(
         "--at", options.at,
         "Extents at which memory is printed in bytes, NAME=NUMBER,...; "
         "one that is not named is the middle of its declared range, "
         "else 64")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME=NUMBER,...");
  dycc::cli::someOf(
      app.add_option("--disable", compile.disabled, "Switch optimisations off"),
      dycc::optimisations());
  app.add_option("--target", compile.triple, "Target triple")
      ->type_name("TRIPLE");
  app.add_option("--dispatch", compile.dispatch,
                 "Machines to have kernels for, as dycc has it")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->option_text(dycc::cli::textOf(dycc::machineNames()) + ",...");
  dycc::cli::someOf(
      app.add_option("--remarks", compile.remarks,
                     "Print what was decided of a model, by node: categories "
                     "with commas between, or all"),
      dycc::remarkNames());
}

} // namespace

int main(int argc, char **argv) {
  llvm::errs().enable_colors(dycc::showsColours(STDERR_FILENO));
  CLI::App app(
      "dycc-inspect says what dycc knows of an ONNX model, or a compiled "
      "model of itself",
      "dycc-inspect");
  Options options;
  addOptions(app, options);
  addModelOptions(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (options.listsOperators) {
    printOperators();
    return 0;
  }
  if (options.compile.input.empty()) {
    dycc::printLabel(llvm::errs(), "error") << "expected a model\n";
    return 2;
  }
  return inspect(options.compile, options.at, options.asJson);
}
