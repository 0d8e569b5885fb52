// Says what dycc knows of a model: categories, symbolic shapes, groups, memory.
#include "compiler/driver/Inspect.h"
#include "compiler/driver/RemarkTexts.h"
#include "compiler/driver/Version.h"
#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxSchema.h"
#include "tools/dycc-inspect/Library.h"
#include "tools/dycc-inspect/Text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

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
      llvm::errs() << "error: " << error << "\n";
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

/// A line per operator of ONNX's default domain, then of ONNX Runtime's own:
/// its domain and name, what becomes of it, and of which form not.
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

} // namespace

int main(int argc, char **argv) {
  CLI::App app(
      "dycc-inspect says what dycc knows of an ONNX model, or a compiled "
      "model of itself");
  dycc::CompileOptions options;
  bool asJson = false;
  app.add_option("model", options.input,
                 "ONNX file, - for the standard input; or a library");
  bool listOperators = false;
  app.add_flag("--operators", listOperators,
               "Print what becomes of each operator, and no model");
  app.add_flag("--json", asJson, "Print JSON");
  app.set_version_flag("--version", dycc::versionText(),
                       "Print the versions of dycc, LLVM and Halide, and the "
                       "targets");
  app.add_option("--dim", options.dims,
                 "Range of a dim: NAME=LO..HI or NAME=LO..HI%MULTIPLE");
  app.add_option("--input-shape", options.inputShapes,
                 "Shape of an input: NAME:DIMxDIMx...");
  app.add_option("--allow-symlinks", options.linkFolders,
                 "Folder that links to the model's external data may lead "
                 "into")
      ->allow_extra_args(false);
  std::vector<std::string> at;
  app.add_option(
         "--at", at,
         "Extents at which memory is printed in bytes, NAME=NUMBER,...; "
         "one that is not named is the middle of its declared range, "
         "else 64")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--target", options.triple, "Target triple");
  app.add_option("--dispatch", options.dispatch,
                 "Machines to have kernels for, as dycc has it")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--remarks", options.remarks,
                 "Print what was decided of a model, by node: categories with "
                 "commas between, or all")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(dycc::remarkNames()));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (listOperators) {
    printOperators();
    return 0;
  }
  if (options.input.empty()) {
    fmt::print(stderr, "error: expected a model\n");
    return 2;
  }
  return inspect(options, at, asJson);
}
