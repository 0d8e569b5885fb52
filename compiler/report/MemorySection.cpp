#include "compiler/driver/ReportMemory.h"
#include "compiler/report/Html.h"
#include "compiler/report/Sections.h"

using nlohmann::json;

namespace dycc {

using html::code;
using html::get;
using html::groupDigits;

namespace {

/// Beyond that a slider is too coarse: any number can be typed.
constexpr int64_t kLargestDeclared = 1 << 20, kOpenEnd = 4096;

/// The first multiple from `lower` on, and the last one up to `upper`.
std::pair<int64_t, int64_t> rangeOf(const json &symbol) {
  int64_t lower = symbol["lower"], upper = symbol["upper"];
  int64_t multiple = symbol["multiple"];
  int64_t rest = lower % multiple;
  return {rest == 0 ? lower : lower - rest + (rest > 0 ? multiple : 0),
          upper - upper % multiple};
}

/// A slider and a number beside it; the number goes all the way.
std::string extent(const json &symbol, int64_t value) {
  auto [lower, upper] = rangeOf(symbol);
  int64_t multiple = symbol["multiple"];
  int64_t end = kOpenEnd - kOpenEnd % multiple;
  if (upper <= kLargestDeclared)
    end = upper;
  std::string name = get(symbol, "name"), step = symbol["multiple"].dump();
  std::string range = "from " + groupDigits(lower) + " to " +
                      (upper < INT32_MAX ? groupDigits(upper) : "any size");
  if (multiple != 1)
    range += ", multiple of " + step;
  auto input = [&](const char *type, int64_t most) {
    return std::string("<input type=") + type +
           " min=" + std::to_string(lower) + " max=" + std::to_string(most) +
           " step=" + step + " value=" + std::to_string(value) +
           " disabled aria-label=\"" + name + "\">";
  };
  return "<div class=extent data-symbol=\"" + name + "\"><b>" + name + "</b>" +
         input("range", std::max(end, std::max(lower, value))) +
         input("number", upper) + "<span class=soft>" + range +
         "</span></div>\n";
}

/// Beyond the most that a run is given, numbers mean nothing.
std::string bytesOf(uint64_t bytes) {
  return bytes > DYCC_MAX_BYTES ? "more than any run is given"
                                : groupDigits(bytes) + " bytes";
}

} // namespace

std::string renderExtents(const json &report) {
  std::string text;
  size_t input = 0;
  const json &at = report["memory"]["at"]["symbols"];
  for (const json &symbol : report["symbols"])
    if (symbol["kind"] == "input")
      text += extent(symbol, at[input++]["value"]);
  return text.empty() ? "<p class=soft>No extent of the inputs is open.</p>\n"
                      : text;
}

std::string renderPeak(const json &report) {
  const json &memory = report["memory"], &at = memory["at"];
  auto row = [](const char *label, const char *id, const json &bytes) {
    return std::string("<dt>") + label + "</dt><dd><output id=" + id +
           " data-bytes=\"" +
           (bytes.get<uint64_t>() > DYCC_MAX_BYTES ? "" : bytes.dump()) +
           "\">" + bytesOf(bytes) + "</output></dd>\n";
  };
  std::string text =
      "<dl class=figures>" + row("peak of a run", "peak", at["peak"]) +
      row("arena", "arena", at["arena"]) +
      row("scratch of a thread", "scratch", at["scratch"]) +
      row("weights, beside that", "weights", memory["weight_bytes"]) +
      "<dt>thought to take</dt><dd><output id=time data-nanoseconds=" +
      at["nanoseconds"].dump() + ">" + html::timeText(at["seconds"]) +
      "</output> of one thread</dd></dl>\n";
  if (!memory["unbounded_results"].empty()) {
    text += "<p class=soft>Beside that, results that nothing bounds:";
    for (const json &result : memory["unbounded_results"])
      text += " " + get(result, "nodes") + " " + code(get(result, "shape"));
    text += "</p>\n";
  }
  return text;
}

std::string renderRefusal(const json &report) {
  const json &at = report["memory"]["at"];
  return at.contains("refusal")
             ? ">The model refuses these extents: " + get(at, "refusal")
             : " hidden>";
}

/// A value of a slot, how it comes there and when.
static std::string valueText(const json &value, const json &bytes) {
  return "<li>" + get(value, "node") + " " + code(get(value, "type")) +
         html::escape(placeNotes(value)) + "<span class=soft>, steps " +
         value["first"].dump() + " to " + value["last"].dump() + ", <output>" +
         groupDigits(bytes) + "</output> bytes</span></li>\n";
}

std::string renderSlots(const json &report) {
  const json &memory = report["memory"], &at = memory["at"];
  if (memory["slots"].empty())
    return "";
  html::Table table({"slot", "bytes here", "of the arena", "formula",
                     "what lies in it, in turn"});
  for (size_t slot = 0; slot < memory["slots"].size(); ++slot) {
    const json &values = memory["slots"][slot]["values"];
    std::string list = "<details><summary>" + std::to_string(values.size()) +
                       (values.size() == 1 ? " value" : " values") +
                       "</summary><ol class=values>";
    for (size_t i = 0; i < values.size(); ++i)
      list += valueText(values[i], at["values"][slot][i]);
    int64_t bytes = at["slots"][slot], arena = at["arena"];
    double share = static_cast<double>(bytes) / std::max<double>(arena, 1);
    table.add({std::to_string(slot),
               "<output class=slot-bytes>" + groupDigits(bytes) + "</output>",
               html::bar(share), code(get(memory["slots"][slot], "short")),
               list + "</ol></details>"});
  }
  std::string text = "<div id=slots>" + table.str() + "</div>\n";
  if (memory["terms"].empty())
    return text;
  html::Table terms({"where", "is"});
  for (const json &term : memory["terms"])
    terms.add({code(get(term, "name")), code(get(term, "is"))});
  return text + terms.str();
}

} // namespace dycc
