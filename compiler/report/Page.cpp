#include "compiler/report/Page.h"

#include "compiler/report/Html.h"
#include "compiler/report/PageFiles.h"
#include "compiler/report/Sections.h"

#include "llvm/ADT/StringMap.h"

using nlohmann::json;

namespace dycc {
namespace {

/// `page` with what stands in `parts` for each {{name}}.
std::string fillIn(llvm::StringRef page,
                   const llvm::StringMap<std::string> &parts) {
  std::string text;
  while (!page.empty()) {
    auto [before, rest] = page.split("{{");
    text += before;
    if (rest.empty())
      break;
    auto [name, behind] = rest.split("}}");
    assert(parts.contains(name) && "the page names parts that there are");
    text += parts.lookup(name);
    page = behind;
  }
  return text;
}

/// One script for all: what the model's formulas call comes first.
std::string scripts(const json &report) {
  if (!report.contains("script"))
    return "";
  return "<script>\n(() => {\n\"use strict\";\n" +
         std::string(page::kNumbersJs) + report["script"].get<std::string>() +
         std::string(page::kExtentsJs) + std::string(page::kMemoryJs) +
         std::string(page::kKernelsJs) + std::string(page::kGraphJs) +
         std::string(page::kNodesJs) + "})();\n</script>\n";
}

} // namespace

std::string renderPage(const json &report) {
  llvm::StringMap<std::string> parts;
  parts["name"] = html::get(report["model"], "name");
  parts["style"] = page::kPageCss.str() + page::kDrawingsCss.str();
  parts["target"] = renderTarget(report);
  parts["tiles"] = renderTiles(report);
  parts["interface"] = renderInterface(report);
  parts["dynamism"] = renderDynamism(report);
  parts["symbols"] = renderSymbols(report);
  parts["graph"] = renderGraph(report);
  parts["extents"] = renderExtents(report);
  parts["refusal"] = renderRefusal(report);
  parts["peak"] = renderPeak(report);
  parts["timeline"] = renderTimeline(report["memory"]);
  parts["slots"] = renderSlots(report);
  parts["kernels"] = renderKernels(report);
  parts["times"] = renderTimes(report);
  parts["nodes"] = renderNodes(report);
  parts["plan"] = renderPlan(report);
  parts["scripts"] = scripts(report);
  return fillIn(page::kPageHtml, parts);
}

} // namespace dycc
