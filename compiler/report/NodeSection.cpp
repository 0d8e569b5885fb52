#include "compiler/report/Html.h"
#include "compiler/report/Sections.h"

using nlohmann::json;

namespace dycc {
namespace {

using html::code;
using html::get;

/// A decision of the compiler, as a line.
std::string remarkText(const json &remark) {
  bool isTaken = remark["taken"];
  return std::string("<li class=") + (isTaken ? "taken" : "missed") + "><b>" +
         get(remark, "category") + "</b> <span class=soft>" +
         (isTaken ? "taken" : "not taken") + "</span> " + get(remark, "text") +
         "</li>\n";
}

std::string remarkList(const json &remarks) {
  std::string text = "<ul class=remarks>";
  for (const json &remark : remarks)
    text += remarkText(remark);
  return text + "</ul>";
}

class Nodes {
public:
  explicit Nodes(const json &report)
      : report(report), remarksOf(remarksByNode(report)) {}

  std::string render() {
    std::string text;
    for (size_t i = 0; i < report["nodes"].size(); ++i)
      text += renderNode(i, report["nodes"][i]);
    return text + others();
  }

private:
  std::string renderNode(size_t number, const json &node);
  std::string reads(const json &node) const;
  std::string kernels(const json &node) const;
  std::string others() const;

  const json &report;
  std::map<std::string, const json *> remarksOf; ///< By node.
  std::map<std::string, bool> isShown;
};

std::string Nodes::renderNode(size_t number, const json &node) {
  std::string text =
      "<details class=node id=node-" + std::to_string(number) + "><summary>" +
      html::chip(node["effective"]) + " <b>" + get(node, "operator") +
      "</b> <span class=name>" + get(node, "name") + "</span> " +
      code(html::join(node["shapes"], "<br>")) +
      "</summary>\n<p>The operator is " + html::chip(node["category"]) +
      ", its use here " + html::chip(node["effective"]) + ": " +
      get(node, "reason") + ".</p>\n" + kernels(node) + reads(node);
  auto it = remarksOf.find(node["name"]);
  if (it != remarksOf.end() && !isShown[node["name"]]) {
    isShown[node["name"]] = true;
    text += remarkList(*it->second);
  }
  return text + "</details>\n";
}

std::string Nodes::kernels(const json &node) const {
  if (!node.contains("launches"))
    return "";
  std::string text;
  for (const json &launch : node["launches"]) {
    std::string kernel = get(report["groups"][launch.get<size_t>()], "kernel");
    text += (text.empty() ? "<p>Is computed in " : ", ") +
            std::string("launch ") + launch.dump() + " of <a href=\"#" +
            kernel + "\">" + code(kernel) + "</a>";
  }
  return text + ".</p>\n";
}

std::string Nodes::reads(const json &node) const {
  std::string text;
  for (const json &read : node["reads"])
    text += (text.empty() ? "" : ", ") + std::string("<a href=\"#node-") +
            read.dump() + "\">" +
            get(report["nodes"][read.get<size_t>()], "name") + "</a>";
  for (const json &input : node["inputs"])
    text += (text.empty() ? "" : ", ") + std::string("input ") +
            html::escape(input.get_ref<const std::string &>());
  return text.empty() ? "" : "<p>Reads " + text + ".</p>\n";
}

/// Decisions about what the compiler has made itself.
std::string Nodes::others() const {
  if (!report.contains("remarks"))
    return "";
  std::string text;
  for (const json &entry : report["remarks"])
    if (!isShown.count(entry["node"]))
      text += "<p>" + get(entry, "node") + "</p>" +
              remarkList(entry["remarks"]) + "\n";
  return text.empty() ? ""
                      : "<details class=node><summary>What the compiler added, "
                        "or made of several nodes</summary>" +
                            text + "</details>\n";
}

} // namespace

std::map<std::string, const json *> remarksByNode(const json &report) {
  std::map<std::string, const json *> remarks;
  if (report.contains("remarks"))
    for (const json &entry : report["remarks"])
      remarks[entry["node"]] = &entry["remarks"];
  return remarks;
}

std::string renderNodes(const json &report) { return Nodes(report).render(); }

/// The operations of the main program, in order.
std::string renderPlan(const json &report) {
  html::Table table({"operation", "nodes", "results lie in"});
  for (const json &step : report["plan"]) {
    std::string indent;
    for (int depth = step["depth"]; depth > 0; --depth)
      indent += "&emsp;";
    table.add({indent + code(get(step, "operation")), get(step, "nodes"),
               html::join(step["places"], ", ")});
  }
  return table.str();
}

} // namespace dycc
