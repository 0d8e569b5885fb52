#include "compiler/report/Html.h"
#include "compiler/report/Sections.h"

using nlohmann::json;

namespace dycc {
namespace {

/// Kernels that are shown at once.
constexpr size_t kShown = 12;

struct KernelTime {
  std::string name, operators;
  double seconds = 0;
};

std::vector<KernelTime> kernelTimes(const json &report) {
  std::vector<KernelTime> times;
  for (const json &kernel : report["kernels"]) {
    KernelTime time{kernel["name"], html::join(kernel["operators"], " + ")};
    for (const json &version : kernel["versions"])
      time.seconds += version.value("seconds", 0.0);
    if (time.seconds > 0)
      times.push_back(time);
  }
  std::stable_sort(times.begin(), times.end(),
                   [](const KernelTime &a, const KernelTime &b) {
                     return a.seconds > b.seconds;
                   });
  return times;
}

std::string stageTable(const json &stages) {
  double all = 0;
  for (const json &stage : stages)
    all += stage["seconds"].get<double>();
  html::Table table({"stage", "", "time"});
  for (const json &stage : stages)
    table.add({html::get(stage, "name"),
               html::bar(stage["seconds"].get<double>() / std::max(all, 1e-9)),
               html::timeText(stage["seconds"])});
  table.add({"together", "", html::timeText(all)});
  return table.str();
}

std::string kernelTable(const std::vector<KernelTime> &times, size_t first,
                        size_t last) {
  html::Table table({"kernel", "operators", "", "time of its workers"});
  for (size_t i = first; i < last; ++i) {
    std::string name = html::escape(times[i].name);
    table.add({"<a href=\"#" + name + "\">" + html::code(name) + "</a>",
               times[i].operators,
               html::bar(times[i].seconds / times[0].seconds),
               html::timeText(times[i].seconds)});
  }
  return table.str();
}

} // namespace

std::string renderTimes(const json &report) {
  if (!report.contains("times"))
    return "<p class=soft>SOURCE_DATE_EPOCH was set: a page that is to be the "
           "same in each build has no times.</p>\n";
  std::string text = stageTable(report["times"]["stages"]);
  std::vector<KernelTime> times = kernelTimes(report);
  if (times.empty())
    return text + "<p class=soft>All kernels came from the cache.</p>\n";
  text += "<p class=soft>Kernels were compiled " +
          report["times"]["jobs"].dump() +
          " at once. What the cache had is not listed.</p>\n";
  size_t shown = times.size() <= kShown + 1 ? times.size() : kShown;
  text += kernelTable(times, 0, shown);
  if (shown < times.size())
    text += "<details><summary>" + std::to_string(times.size() - shown) +
            " more kernels</summary>" +
            kernelTable(times, shown, times.size()) + "</details>\n";
  return text;
}

} // namespace dycc
