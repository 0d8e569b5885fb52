#include "compiler/driver/SymbolTexts.h"
#include "compiler/report/Html.h"
#include "compiler/report/Sections.h"

#include <algorithm>
#include <map>

using nlohmann::json;

namespace dycc {
namespace {

using html::code;
using html::get;
using html::groupDigits;

std::string nodeLink(size_t number, const json &node) {
  return "<a href=\"#node-" + std::to_string(number) + "\">" +
         get(node, "name") + "</a>";
}

/// An expression over a kernel's symbols.
std::string formula(const json &object, const char *key) {
  return code(
      html::escape(withCeilings(object[key].get_ref<const std::string &>())));
}

class Kernels {
public:
  explicit Kernels(const json &report)
      : report(report), at(report["memory"]["at"]),
        remarksOf(remarksByNode(report)) {
    for (size_t i = 0; i < report["groups"].size(); ++i)
      launchesOf[report["groups"][i]["kernel"]].push_back(i);
    for (size_t i = 0; i < report["nodes"].size(); ++i)
      if (report["nodes"][i].contains("launches"))
        for (const json &launch : report["nodes"][i]["launches"])
          nodesOf[launch.get<size_t>()].push_back(i);
  }

  std::string render() {
    std::vector<std::pair<double, const json *>> byCost;
    for (const json &kernel : report["kernels"])
      byCost.push_back({costOf(kernel), &kernel});
    std::stable_sort(
        byCost.begin(), byCost.end(),
        [](const auto &a, const auto &b) { return a.first > b.first; });
    std::string text;
    for (auto [nanoseconds, kernel] : byCost)
      text += renderKernel(*kernel, nanoseconds);
    return text;
  }

private:
  double costOf(const json &kernel);
  std::string renderKernel(const json &kernel, double nanoseconds);
  std::string versions(const json &kernel) const;
  std::string launches(const json &kernel, const std::vector<size_t> &numbers);
  std::string whyNoMore(size_t launch);
  std::string symbols(const json &kernel) const;
  std::string versionName(const json &kernel, int64_t version) const;

  const json &report, &at;
  std::map<std::string, std::vector<size_t>> launchesOf; ///< By kernel.
  std::map<size_t, std::vector<size_t>> nodesOf;         ///< By launch.
  std::map<std::string, const json *> remarksOf;         ///< By node.
};

/// Nanoseconds of its launches.
double Kernels::costOf(const json &kernel) {
  double nanoseconds = 0;
  for (size_t launch : launchesOf[kernel["name"]])
    nanoseconds += at["costs"][launch].get<double>();
  return nanoseconds;
}

std::string Kernels::renderKernel(const json &kernel, double nanoseconds) {
  std::vector<size_t> &numbers = launchesOf[kernel["name"]];
  double codeBytes = 0;
  for (const json &version : kernel["versions"])
    codeBytes += version.value("code_bytes", 0.0);
  double all = std::max(at["seconds"].get<double>() * 1e9, 1.0);
  std::string operators = html::join(kernel["operators"], " + ");
  return "<details class=kernel id=\"" + get(kernel, "name") +
         "\"><summary><b>" + (operators.empty() ? "copy" : operators) +
         "</b> " + code(get(kernel, "name")) + "<span class=soft>" +
         std::to_string(numbers.size()) +
         (numbers.size() == 1 ? " launch" : " launches") + ", " +
         std::to_string(kernel["versions"].size()) +
         (kernel["versions"].size() == 1 ? " version" : " versions") + ", " +
         html::bytesText(static_cast<int64_t>(codeBytes)) +
         " of code</span><output class=cost>" +
         html::timeText(nanoseconds * 1e-9) + "</output>" +
         html::bar(std::min(nanoseconds / all, 1.0)) + "</summary>\n" +
         launches(kernel, numbers) + versions(kernel) + symbols(kernel) +
         "</details>\n";
}

/// What each launch computes, what it takes and which version it is of.
std::string Kernels::launches(const json &kernel,
                              const std::vector<size_t> &numbers) {
  html::Table table({"launch", "nodes", "thought to take", "version here",
                     "why no more is fused in"});
  for (size_t launch : numbers) {
    std::string nodes;
    for (size_t node : nodesOf[launch])
      nodes +=
          (nodes.empty() ? "" : ", ") + nodeLink(node, report["nodes"][node]);
    if (nodes.empty())
      nodes = get(report["groups"][launch], "nodes");
    std::string data = " data-launch=" + std::to_string(launch) + ">";
    table.add({std::to_string(launch), nodes,
               "<output class=launch-cost" + data +
                   html::timeText(at["costs"][launch].get<double>() * 1e-9) +
                   "</output>",
               "<output class=launch-version" + data +
                   versionName(kernel, at["versions"][launch]) + "</output>",
               whyNoMore(launch)});
  }
  return "<div class=launches>" + table.str() + "</div>\n";
}

/// The rules that kept neighbours out of a launch.
std::string Kernels::whyNoMore(size_t launch) {
  std::string text;
  for (size_t number : nodesOf[launch]) {
    const json &node = report["nodes"][number];
    auto it = remarksOf.find(node["name"]);
    if (it == remarksOf.end())
      continue;
    for (const json &remark : *it->second)
      if (remark["category"] == "fuse" && !remark["taken"].get<bool>())
        text += (text.empty() ? "" : "<br>") + get(node, "operator") + " " +
                get(remark, "text");
  }
  return text;
}

std::string Kernels::versionName(const json &kernel, int64_t version) const {
  const json &versions = kernel["versions"];
  if (version < 0)
    return "the run decides";
  bool isThere = static_cast<size_t>(version) < versions.size() &&
                 versions[version].contains("name");
  return isThere ? get(versions[version], "name") : std::to_string(version);
}

std::string Kernels::versions(const json &kernel) const {
  html::Table table({"version", "taken when", "nanoseconds, thought", "plan",
                     "scratch per thread", "code", "compiled in"});
  for (const json &version : kernel["versions"]) {
    if (!version.contains("name"))
      continue;
    std::string name =
        "<span class=version-name>" + get(version, "name") + "</span>";
    if (version.contains("machine"))
      name += " on " + get(version, "machine");
    std::string when = get(version, "when");
    auto optional = [&](const char *key) {
      return version.contains(key) ? formula(version, key) : "";
    };
    std::string plan = "<details><summary>plan</summary>" +
                       code(get(version, "plan")) + "</details>";
    table.add({name, when == "always" ? when : formula(version, "when"),
               optional("nanoseconds"), plan, optional("scratch"),
               version.contains("code_bytes")
                   ? groupDigits(version["code_bytes"]) + " bytes"
                   : "",
               version.contains("seconds") ? html::timeText(version["seconds"])
                                           : ""});
  }
  return table.str();
}

/// "s0 in [1, 64], multiple of 4".
std::string Kernels::symbols(const json &kernel) const {
  std::string text;
  for (const json &symbol : kernel["symbols"]) {
    text += (text.empty() ? "<p class=soft>Of every launch holds: " : "; ") +
            get(symbol, "name") + " in [" + symbol["lower"].dump() + ", " +
            symbol["upper"].dump() + "]";
    if (symbol["multiple"] != 1)
      text += ", multiple of " + symbol["multiple"].dump();
  }
  return text.empty() ? "" : text + "</p>\n";
}

} // namespace

std::string renderKernels(const json &report) {
  return Kernels(report).render();
}

} // namespace dycc
