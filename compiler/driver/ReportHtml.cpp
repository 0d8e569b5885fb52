// The report as one page: no script, no file beside it.
#include "compiler/driver/Report.h"
#include "compiler/driver/ReportMemory.h"

#include "llvm/Support/FormatVariadic.h"

#include <map>

using nlohmann::json;

namespace dycc {
namespace {

constexpr llvm::StringLiteral kStyle = R"(
:root{--ink:#1d2330;--soft:#667085;--line:#e4e7ec;--card:#fff;--page:#f6f7f9;
--ISDO:#2a78c5;--ISDOS:#2f9e77;--ISVDOS:#d98a1f;--EDO:#c2405a;--other:#8a8fa0}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ef;--soft:#98a2b3;
--line:#2c3340;--card:#171c26;--page:#0f131a}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);
font:15px/1.5 system-ui,sans-serif}main{max-width:1080px;margin:0 auto;
padding:2.5rem 1.5rem 4rem}h1{font-size:1.9rem;margin:0 0 .2rem}
h2{font-size:1.15rem;margin:2.2rem 0 .7rem}.soft{color:var(--soft)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));
gap:.8rem;margin-top:1.4rem}.tile,.card{background:var(--card);
border:1px solid var(--line);border-radius:10px}.tile{padding:.8rem 1rem}
.tile b{display:block;font-size:1.5rem;font-variant-numeric:tabular-nums}
.card{padding:1rem;overflow-x:auto}table{border-collapse:collapse;width:100%}
th{text-align:left;color:var(--soft);font-weight:500;font-size:.85rem}
th,td{padding:.35rem .7rem .35rem 0;border-bottom:1px solid var(--line);
vertical-align:top}tr:last-child td{border-bottom:0}
code{font:13px/1.45 ui-monospace,monospace;overflow-wrap:anywhere}
.bar{display:flex;height:14px;border-radius:7px;overflow:hidden;gap:2px;
margin-bottom:.8rem}.chip{display:inline-block;padding:0 .55em;color:#fff;
border-radius:999px;font-size:.78rem;line-height:1.6}
.key{display:inline-block;margin-right:1.2rem}details>summary{cursor:pointer}
)";

std::string escape(llvm::StringRef text) {
  std::string result;
  for (char c : text)
    if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '&')
      result += "&amp;";
    else if (c == '"')
      result += "&quot;";
    else
      result += c;
  return result;
}

std::string get(const json &object, const char *key) {
  return escape(object[key].get<std::string>());
}

std::string code(const std::string &text) {
  return "<code>" + text + "</code>";
}

std::string join(const json &strings, const char *separator) {
  std::string text;
  for (const json &string : strings)
    text += (text.empty() ? "" : separator) + escape(string.get<std::string>());
  return text;
}

/// The colour of a category, as a CSS variable.
std::string colour(llvm::StringRef category) {
  bool known = llvm::is_contained({"ISDO", "ISDOS", "ISVDOS", "EDO"}, category);
  return "var(--" + (known ? category.str() : "other") + ")";
}

std::string chip(const std::string &category) {
  return "<span class=chip style=\"background:" + colour(category) + "\">" +
         category + "</span>";
}

std::string bytesText(int64_t bytes) {
  if (bytes < 1 << 20)
    return llvm::formatv("{0:f1} KiB", bytes / 1024.0).str();
  return llvm::formatv("{0:f1} MiB", bytes / 1048576.0).str();
}

/// Builds the page, section by section.
class Page {
public:
  explicit Page(const json &report) : report(report), os(text) {}

  std::string render() {
    head();
    categories();
    table("Symbols", {"symbol", "range", "kind"}, report["symbols"],
          [](const json &symbol) -> Row {
            std::string range =
                "[" + std::to_string(symbol["lower"].get<int64_t>()) + ", " +
                std::to_string(symbol["upper"].get<int64_t>()) + "]";
            if (int64_t step = symbol["multiple"]; step != 1)
              range += ", multiple of " + std::to_string(step);
            if (symbol.contains("bound"))
              range += ", at most " + code(get(symbol, "bound"));
            if (symbol.contains("definition"))
              range += ", is " + code(get(symbol, "definition"));
            return {code(get(symbol, "name")), range, get(symbol, "kind")};
          });
    memory();
    kernels();
    plan();
    nodes();
    if (report.contains("remarks"))
      remarks();
    os << "</main></html>\n";
    return text;
  }

private:
  using Row = std::vector<std::string>;

  void head();
  void categories();
  void memory();
  void kernels();
  void plan();
  void nodes();
  void remarks();

  void heading(llvm::StringRef title) { os << "<h2>" << title << "</h2>\n"; }

  void tile(llvm::StringRef value, llvm::StringRef label) {
    os << "<div class=tile><b>" << value << "</b><span class=soft>" << label
       << "</span></div>";
  }

  void table(llvm::StringRef title, const std::vector<const char *> &columns,
             const json &rows, llvm::function_ref<Row(const json &)> makeRow) {
    if (!title.empty())
      heading(title);
    os << "<div class=card><table><tr>";
    for (const char *column : columns)
      os << "<th>" << column << "</th>";
    os << "</tr>\n";
    for (const json &row : rows) {
      os << "<tr>";
      for (const std::string &cell : makeRow(row))
        os << "<td>" << cell << "</td>";
      os << "</tr>\n";
    }
    os << "</table></div>\n";
  }

  const json &report;
  std::string text;
  llvm::raw_string_ostream os;
};

/// "znver3"; "x86-64-v4 (812 bytes of code) or x86-64-v3 (790 bytes of code)".
std::string processorsText(const json &model) {
  if (!model.contains("machines"))
    return get(model, "cpu");
  std::string text;
  for (const json &machine : model["machines"])
    text += (text.empty() ? "" : " or ") + get(machine, "name") + " (" +
            machine["code_bytes"].dump() + " bytes of code)";
  return text;
}

void Page::head() {
  const json &model = report["model"];
  os << "<!doctype html><html lang=en><meta charset=utf-8>"
     << "<meta name=viewport content=\"width=device-width\"><title>dycc: "
     << get(model, "name") << "</title><style>" << kStyle << "</style><main>\n"
     << "<h1>" << get(model, "name") << "</h1><div class=soft>compiled by dycc "
     << "for " << get(model, "target") << ", " << processorsText(model)
     << "</div>\n<div class=tiles>";
  tile(std::to_string(report["nodes"].size()), "nodes");
  tile(std::to_string(report["groups"].size()), "groups");
  tile(std::to_string(report["memory"]["slots"].size()), "arena slots");
  tile(bytesText(report["memory"]["weight_bytes"].get<int64_t>()), "weights");
  os << "</div>\n";
  for (const char *role : {"inputs", "outputs"})
    table(role[0] == 'i' ? "Inputs" : "Outputs", {"name", "type and shape"},
          model[role], [](const json &value) -> Row {
            return {code(get(value, "name")), code(get(value, "type"))};
          });
}

/// How many nodes are of each effective category, as one bar.
void Page::categories() {
  heading("Dynamism");
  std::map<std::string, int64_t> counts;
  for (const json &node : report["nodes"])
    ++counts[node["effective"].get<std::string>()];
  os << "<div class=card><div class=bar>";
  for (auto &[category, count] : counts)
    if (count)
      os << "<div style=\"flex:" << count << ";background:" << colour(category)
         << "\"></div>";
  os << "</div>";
  for (auto &[category, count] : counts)
    os << "<span class=key>" << chip(category) << " " << count << "</span>";
  os << "</div>\n";
}

/// A value of a slot, and how it comes there.
std::string valueText(const json &value) {
  return get(value, "node") + " " + code(get(value, "type")) +
         escape(placeNotes(value));
}

void Page::memory() {
  heading("Memory");
  const json &memory = report["memory"];
  const json &at = memory["at"];
  os << "<div class=card><div class=soft>peak of a run, in bytes</div>"
     << code(get(memory, "peak")) << "<div class=soft>at";
  for (const json &symbol : at["symbols"])
    os << " " << get(symbol, "name") << " = " << symbol["value"].get<int64_t>();
  os << ": " << at["arena"].get<int64_t>() << " bytes, and for each thread "
     << at["scratch"].get<int64_t>() << "</div></div>\n";
  size_t number = 0;
  table("", {"arena slot", "bytes", "there", "what lies in it, in turn"},
        memory["slots"], [&](const json &slot) -> Row {
          std::string values = "<details><summary>" +
                               std::to_string(slot["values"].size()) +
                               " values</summary>";
          for (const json &value : slot["values"])
            values += valueText(value) + "<br>";
          std::string bytes =
              std::to_string(at["slots"][number].get<int64_t>());
          return {std::to_string(number++), code(get(slot, "short")), bytes,
                  values + "</details>"};
        });
  table("", {"where", "is"}, memory["terms"], [](const json &term) -> Row {
    return {code(get(term, "name")), code(get(term, "is"))};
  });
}

/// "s0 in [1, 64], multiple of 4".
std::string rangeText(const json &symbol) {
  std::string text = symbol["lower"].dump() + ", " + symbol["upper"].dump();
  text = get(symbol, "name") + " in [" + text + "]";
  if (int64_t step = symbol["multiple"]; step != 1)
    text += ", multiple of " + std::to_string(step);
  return text;
}

/// "few on x86-64-v3 when le(s0, 4), 812 bytes: #dyn.kernel_plan<...>".
std::string versionsText(const json &versions) {
  std::string text;
  for (const json &version : versions) {
    if (!version.contains("name"))
      continue;
    text += text.empty() ? "" : "<br>";
    text += get(version, "name");
    if (version.contains("machine"))
      text += " on " + get(version, "machine");
    if (get(version, "when") != "always")
      text += " when " + code(get(version, "when"));
    if (version.contains("code_bytes"))
      text += ", " + version["code_bytes"].dump() + " bytes";
    text += ": " + code(get(version, "plan"));
    if (version.contains("nanoseconds"))
      text += ", thought to take " + code(get(version, "nanoseconds")) + " ns";
  }
  return text;
}

void Page::kernels() {
  table("Kernels",
        {"kernel", "operators", "symbols", "nodes", "versions",
         "scratch per thread"},
        report["kernels"], [](const json &kernel) -> Row {
          std::string symbols, launches;
          for (const json &symbol : kernel["symbols"])
            symbols += (symbols.empty() ? "" : "<br>") + rangeText(symbol);
          for (const json &launch : kernel["launches"])
            launches += (launches.empty() ? "" : "<br>") +
                        escape(launch.get<std::string>());
          return {code(get(kernel, "name")),
                  join(kernel["operators"], " "),
                  symbols,
                  launches,
                  versionsText(kernel["versions"]),
                  kernel.contains("scratch") ? code(get(kernel, "scratch"))
                                             : ""};
        });
}

void Page::plan() {
  table("Plan", {"operation", "nodes", "results lie in"}, report["plan"],
        [](const json &step) -> Row {
          std::string indent;
          for (int depth = step["depth"]; depth > 0; --depth)
            indent += "&emsp;";
          return {indent + code(get(step, "operation")), get(step, "nodes"),
                  join(step["places"], ", ")};
        });
}

void Page::nodes() {
  heading("Nodes");
  os << "<details open><summary class=soft>" << report["nodes"].size()
     << " nodes: the operator's category, and what it comes to here"
     << "</summary>\n";
  table("", {"node", "operator", "category", "here", "shapes"}, report["nodes"],
        [](const json &node) -> Row {
          return {get(node, "name"), get(node, "operator"),
                  chip(get(node, "category")),
                  chip(get(node, "effective")) + " <span class=soft>" +
                      get(node, "reason") + "</span>",
                  code(join(node["shapes"], "<br>"))};
        });
  os << "</details>\n";
}

/// A decision of the compiler, as a line.
std::string remarkText(const json &remark) {
  return "<b>" + get(remark, "category") + "</b> <span class=soft>" +
         (remark["taken"].get<bool>() ? "taken" : "not taken") + "</span> " +
         get(remark, "text");
}

void Page::remarks() {
  heading("Decisions");
  table("", {"node", "what was decided, and why"}, report["remarks"],
        [](const json &node) -> Row {
          std::string lines;
          for (const json &remark : node["remarks"])
            lines += (lines.empty() ? "" : "<br>") + remarkText(remark);
          return {get(node, "node"), lines};
        });
}

} // namespace

std::string renderHtml(const json &report) { return Page(report).render(); }

} // namespace dycc
