#include "tools/dycc-inspect/Text.h"

#include <fmt/format.h>

using nlohmann::json;

namespace dycc {
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

void printSymbol(const json &symbol) {
  fmt::print("  {} in [{}, {}], multiple of {}", get(symbol, "name"),
             symbol["lower"].get<int64_t>(), symbol["upper"].get<int64_t>(),
             symbol["multiple"].get<int64_t>());
  if (symbol.contains("kind"))
    fmt::print(", {}", get(symbol, "kind"));
  if (symbol.contains("bound"))
    fmt::print(", at most {}", get(symbol, "bound"));
  if (symbol.contains("definition"))
    fmt::print(", is {}", get(symbol, "definition"));
  fmt::print("\n");
}

/// The decisions of the compiler, node by node.
void printRemarks(const json &nodes) {
  fmt::print("\ndecisions: category, taken or not and why\n");
  for (const json &node : nodes) {
    fmt::print("  {}\n", get(node, "node"));
    for (const json &remark : node["remarks"])
      fmt::print("    {}: {}taken: {}\n", get(remark, "category"),
                 remark["taken"].get<bool>() ? "" : "not ",
                 get(remark, "text"));
  }
}

} // namespace

void printModel(const json &report) {
  fmt::print("symbols\n");
  for (const json &symbol : report["symbols"])
    printSymbol(symbol);
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
  if (report.contains("remarks"))
    printRemarks(report["remarks"]);
  printMemory(report["memory"]);
  fmt::print("  scratch of kernels: known once they are compiled\n");
  for (const json &result : report["memory"]["unbounded_results"])
    fmt::print("  not bounded: {:<20} ({})\n", get(result, "shape"),
               get(result, "nodes"));
}

/// What its variants weigh, and what a run of each takes at the extents that
/// memory is printed for.
static void printFamily(const json &family) {
  fmt::print("\nvariants: weights of all, bytes: {}\n",
             family["weight_bytes"].get<uint64_t>());
  for (const json &variant : family["variants"]) {
    fmt::print("  {}: weights, bytes: {}; kernels: {}", get(variant, "name"),
               variant["weight_bytes"].get<uint64_t>(),
               variant["kernels"].get<uint64_t>());
    if (variant.contains("quality"))
      fmt::print("; quality: {:g}", variant["quality"].get<double>());
    if (variant.contains("bytes"))
      fmt::print("; a run: {} bytes, {:.4g} ms",
                 variant["arena"].get<uint64_t>(),
                 variant["seconds"].get<double>() * 1e3);
    fmt::print("\n");
  }
}

void printLibrary(const json &report) {
  const json &model = report["model"];
  fmt::print("model {}: {} for {}, needs {}\n", get(model, "name"),
             model["metadata"].value("producer", std::string("?")),
             model["metadata"].value("target", std::string("?")),
             get(model, "cpu_features"));
  for (const json &machine : model["machines"]) {
    std::string features = get(machine, "cpu_features");
    fmt::print("  for {}{}: needs {}\n", get(machine, "name"),
               machine["runs"].get<bool>() ? " (this one)" : "",
               features.empty() ? "no feature" : features);
  }
  for (const char *role : {"inputs", "outputs"}) {
    fmt::print("\n{}\n", role);
    for (const json &value : model[role])
      fmt::print("  {}: {}\n", get(value, "name"), get(value, "type"));
  }
  fmt::print("\nsymbols\n");
  for (const json &symbol : report["symbols"])
    printSymbol(symbol);
  fmt::print("\nkernels: name, nodes\n");
  for (const json &kernel : report["kernels"])
    fmt::print("  {:<32} ({}){}\n", get(kernel, "name"), get(kernel, "nodes"),
               kernel.contains("machine") ? " for " + get(kernel, "machine")
                                          : "");
  const json &memory = report["memory"];
  printMemory(memory);
  if (memory.contains("most_bytes"))
    fmt::print("  at most, bytes: {} ({})\n",
               memory["most_bytes"].get<uint64_t>(),
               memory["exact"].get<bool>() ? "exact" : "a bound");
  if (report.contains("family"))
    printFamily(report["family"]);
}

} // namespace dycc
