#ifndef DYCC_COMPILER_REPORT_PAGE_H
#define DYCC_COMPILER_REPORT_PAGE_H

#include <nlohmann/json.hpp>
#include <string>

namespace dycc {

/// The report of a compilation as one page that needs nothing else: what
/// Report.h describes, `memory.at` and `model.name` included. Where `script`
/// (ModelScript.h) is there, the reader can move the extents of the inputs.
/// Without scripts all is there at the extents of `memory.at`.
std::string renderPage(const nlohmann::json &report);

} // namespace dycc

#endif // DYCC_COMPILER_REPORT_PAGE_H
