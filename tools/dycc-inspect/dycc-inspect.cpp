// Says what dycc knows of a model: categories, symbolic shapes, groups, memory.
#include "compiler/driver/Inspect.h"
#include "compiler/driver/SupportedOps.h"
#include "dialects/onnx/OnnxSchema.h"
#include "tools/dycc-inspect/Library.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

using nlohmann::json;

namespace {

std::string join(const json &strings, const char *separator) {
  std::string text;
  for (const json &string : strings)
    text += (text.empty() ? "" : separator) + string.get<std::string>();
  return text;
}

std::string get(const json &object, const char *key) {
  return object[key].get<std::string>();
}

void printText(const json &report) {
  fmt::print("symbols\n");
  for (const json &symbol : report["symbols"])
    fmt::print("  {} in [{}, {}], multiple of {}, {}{}\n", get(symbol, "name"),
               symbol["lower"].get<int64_t>(), symbol["upper"].get<int64_t>(),
               symbol["multiple"].get<int64_t>(), get(symbol, "kind"),
               symbol.contains("bound") ? ", at most " + get(symbol, "bound")
                                        : "");
  fmt::print(
      "\nnodes: operator, category -> effective category (why), shape\n");
  for (const json &node : report["nodes"])
    fmt::print("  {:<32} {:<20} {} -> {} ({})  {}\n", get(node, "name"),
               get(node, "operator"), get(node, "category"),
               get(node, "effective"), get(node, "reason"),
               join(node["shapes"], ", "));
  fmt::print("\ngroups: kernel, operators, nodes\n");
  for (const json &group : report["groups"])
    fmt::print("  {:<32} {}  ({})\n", get(group, "kernel"),
               join(group["operators"], " "), get(group, "nodes"));
  const json &memory = report["memory"];
  fmt::print("\nmemory\n  arena, bytes: {}\n  weights, bytes: {}\n",
             get(memory, "peak"), memory["weight_bytes"].get<int64_t>());
  for (const json &result : memory["unbounded_results"])
    fmt::print("  not bounded: {:<20} ({})\n", get(result, "shape"),
               get(result, "nodes"));
}

void printLibrary(const json &report) {
  const json &model = report["model"];
  fmt::print("model {}: {} for {}, needs {}\n", get(model, "name"),
             model["metadata"].value("producer", std::string("?")),
             model["metadata"].value("target", std::string("?")),
             get(model, "cpu_features"));
  for (const char *role : {"inputs", "outputs"}) {
    fmt::print("\n{}\n", role);
    for (const json &value : model[role])
      fmt::print("  {}: {}\n", get(value, "name"), get(value, "type"));
  }
  fmt::print("\nsymbols\n");
  for (const json &symbol : report["symbols"])
    fmt::print("  {} in [{}, {}], multiple of {}\n", get(symbol, "name"),
               symbol["lower"].get<int64_t>(), symbol["upper"].get<int64_t>(),
               symbol["multiple"].get<int64_t>());
  fmt::print("\nkernels: name, nodes\n");
  for (const json &kernel : report["kernels"])
    fmt::print("  {:<32} ({})\n", get(kernel, "name"), get(kernel, "nodes"));
  const json &memory = report["memory"];
  fmt::print("\nmemory\n  arena, bytes: {}\n  weights, bytes: {}\n",
             get(memory, "peak"), memory["weight_bytes"].get<int64_t>());
  if (memory.contains("most_bytes"))
    fmt::print("  at most, bytes: {} ({})\n",
               memory["most_bytes"].get<uint64_t>(),
               memory["exact"].get<bool>() ? "exact" : "a bound");
}

/// A model or a library, as text or JSON. The exit code.
int inspect(const dycc::CompileOptions &options, bool asJson) {
  json report;
  bool isLibrary = dycc::isLibrary(options.input);
  if (isLibrary) {
    if (std::string error = dycc::inspectLibrary(options.input, report);
        !error.empty()) {
      llvm::errs() << "error: " << error << "\n";
      return 1;
    }
  } else if (dycc::CompileStatus status =
                 dycc::inspectModel(options, llvm::errs(), report);
             status != dycc::CompileStatus::Ok) {
    return static_cast<int>(status);
  }
  if (asJson)
    fmt::print("{}\n", report.dump(2));
  else if (isLibrary)
    printLibrary(report);
  else
    printText(report);
  return 0;
}

/// A line per operator of ONNX's default domain: what becomes of it.
void printOperators() {
  for (const dycc::onnx::OperatorSchema &schema : dycc::onnx::allOperators()) {
    if (!schema.domain.empty())
      continue;
    auto [kind, note] = dycc::supportOf(schema.name);
    fmt::print("{}\t{}\t{}\n", schema.name.str(), dycc::stringify(kind).str(),
               note.str());
  }
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
  app.add_option("--dim", options.dims,
                 "Range of a dim: NAME=LO..HI or NAME=LO..HI%MULTIPLE");
  app.add_option("--input-shape", options.inputShapes,
                 "Shape of an input: NAME:DIMxDIMx...");
  app.add_option("--allow-symlinks", options.linkFolders,
                 "Folder that links to the model's external data may lead "
                 "into")
      ->allow_extra_args(false);
  app.add_option("--target", options.triple, "Target triple");
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
  return inspect(options, asJson);
}
