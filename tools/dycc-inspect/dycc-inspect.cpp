// Says what dycc knows of a model: categories, symbolic shapes, groups, memory.
#include "compiler/driver/Inspect.h"
#include "compiler/driver/SupportedOps.h"
#include "dialects/onnx/OnnxSchema.h"

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
  CLI::App app("dycc-inspect says what dycc knows of an ONNX model");
  dycc::CompileOptions options;
  bool asJson = false;
  app.add_option("model", options.input, "ONNX file, - for the standard input");
  bool listOperators = false;
  app.add_flag("--operators", listOperators,
               "Print what becomes of each operator, and no model");
  app.add_flag("--json", asJson, "Print JSON");
  app.add_option("--dim", options.dims,
                 "Range of a dim: NAME=LO..HI or NAME=LO..HI%MULTIPLE");
  app.add_option("--input-shape", options.inputShapes,
                 "Shape of an input: NAME:DIMxDIMx...");
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
  json report;
  dycc::CompileStatus status =
      dycc::inspectModel(options, llvm::errs(), report);
  if (status != dycc::CompileStatus::Ok)
    return static_cast<int>(status);
  if (asJson)
    fmt::print("{}\n", report.dump(2));
  else
    printText(report);
  return 0;
}
