#include "compiler/report/Html.h"
#include "compiler/report/Sections.h"
#include "runtime/abi/Memory.h"

#include "llvm/Support/FormatVariadic.h"

#include <map>

using nlohmann::json;

namespace dycc {

using html::code;
using html::get;
using html::groupDigits;

static std::string tile(const std::string &value, const std::string &label,
                        const std::string &id = "") {
  return "<div class=tile><b" + (id.empty() ? "" : " id=" + id) + ">" + value +
         "</b><span class=soft>" + label + "</span></div>\n";
}

/// Beyond that no run is given memory.
static std::string bytesOf(uint64_t bytes) {
  return bytes > DYCC_MAX_BYTES ? "too much"
                                : html::bytesText(static_cast<int64_t>(bytes));
}

/// The error that storage in 16 bits has, where it was measured.
static std::string precisionTile(const json &report) {
  if (!report.contains("precision"))
    return "";
  const json &found = report["precision"];
  std::string error =
      llvm::formatv("{0:e1}", found["error"].get<double>()).str();
  return tile(error, "error of " + get(found, "precision") + ", " +
                         groupDigits(found["keep_f32"].size()) + " of " +
                         groupDigits(found["candidates"]) + " nodes in f32");
}

std::string renderTiles(const json &report) {
  const json &memory = report["memory"], &at = memory["at"];
  return tile(groupDigits(report["nodes"].size()), "nodes") +
         tile(groupDigits(report["kernels"].size()),
              "kernels, " + groupDigits(report["groups"].size()) +
                  " launches") +
         tile(html::bytesText(memory["weight_bytes"]), "weights") +
         tile(bytesOf(at["peak"]), "memory of a run", "tile-peak") +
         tile(html::timeText(at["seconds"]), "a run is thought to take",
              "tile-time") +
         precisionTile(report);
}

/// "dycc 0.1.0 for x86_64-linux-gnu, znver4"; of several machines the bytes of
/// code.
std::string renderTarget(const json &report) {
  const json &model = report["model"];
  std::string text =
      get(model, "producer") + " for " + get(model, "target") + ", ";
  if (!model.contains("machines"))
    return text + get(model, "cpu");
  std::string machines;
  for (const json &machine : model["machines"])
    machines += (machines.empty() ? "" : " or ") + get(machine, "name") + " (" +
                groupDigits(machine["code_bytes"]) + " bytes of code)";
  return text + machines;
}

std::string renderInterface(const json &report) {
  html::Table table({"", "name", "type and shape"});
  for (auto [role, word] :
       {std::pair("inputs", "input"), std::pair("outputs", "output")})
    for (const json &value : report["model"][role])
      table.add({word, code(get(value, "name")), code(get(value, "type"))});
  return table.str();
}

/// How many nodes are of each category, as one bar, and what it means.
std::string renderDynamism(const json &report) {
  const std::pair<const char *, const char *> meanings[] = {
      {"ISDO", "the shapes of the operands give the result's shape and value: "
               "scalar code of the host, or a constant"},
      {"ISDOS", "the shapes of the operands give the result's shape"},
      {"ISVDOS", "the shape of the result needs values of operands, too"},
      {"EDO", "the shape of the result is known once the operator has run"},
      {"other", "sequences and optionals"}};
  std::map<std::string, size_t> counts;
  for (const json &node : report["nodes"])
    ++counts[html::categoryClass(
        node["effective"].get_ref<const std::string &>())];
  std::string bar, keys;
  for (auto [category, meaning] : meanings) {
    size_t count = counts[category];
    bool isOther = category == std::string("other");
    if (count > 0)
      bar += "<span class=" + std::string(category) +
             " style=\"flex:" + std::to_string(count) + "\"></span>";
    if (count > 0 || !isOther)
      keys += "<dt>" + html::chip(isOther ? "Container" : category) + " " +
              groupDigits(count) + "</dt><dd>" + meaning + "</dd>\n";
  }
  return "<div class=card><div class=share>" + bar + "</div>\n<dl class=keys>" +
         keys + "</dl></div>\n";
}

std::string renderSymbols(const json &report) {
  html::Table table({"symbol", "range", "kind"});
  for (const json &symbol : report["symbols"]) {
    std::string range =
        "[" + symbol["lower"].dump() + ", " + symbol["upper"].dump() + "]";
    if (symbol["multiple"] != 1)
      range += ", multiple of " + symbol["multiple"].dump();
    if (symbol.contains("bound"))
      range += ", at most " + code(get(symbol, "bound"));
    if (symbol.contains("definition"))
      range += ", is " + code(get(symbol, "definition"));
    table.add({code(get(symbol, "name")), range, get(symbol, "kind")});
  }
  return report["symbols"].empty()
             ? "<p class=soft>All extents are known.</p>\n"
             : table.str();
}

} // namespace dycc
