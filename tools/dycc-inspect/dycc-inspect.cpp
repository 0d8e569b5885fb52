// Says what dycc knows of a model: categories, symbolic shapes, groups, memory.
#include "compiler/driver/Inspect.h"

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
  for (const json &result : memory["unbounded"])
    fmt::print("  not bounded: {:<20} ({})\n", get(result, "shape"),
               get(result, "nodes"));
}

} // namespace

int main(int argc, char **argv) {
  CLI::App app("dycc-inspect says what dycc knows of an ONNX model");
  dycc::CompileOptions options;
  bool asJson = false;
  app.add_option("model", options.input, "ONNX file, - for the standard input")
      ->required();
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
