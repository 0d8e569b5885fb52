// The sections of the page, each as HTML.
#ifndef DYCC_COMPILER_REPORT_SECTIONS_H
#define DYCC_COMPILER_REPORT_SECTIONS_H

#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace dycc {

// Summary.cpp
std::string renderTiles(const nlohmann::json &report);
std::string renderTarget(const nlohmann::json &report);
std::string renderInterface(const nlohmann::json &report);
std::string renderDynamism(const nlohmann::json &report);
std::string renderSymbols(const nlohmann::json &report);

/// The nodes by kernel as a drawing, or that there are too many.
/// GraphDrawing.cpp.
std::string renderGraph(const nlohmann::json &report);

// MemorySection.cpp
std::string renderExtents(const nlohmann::json &report);
/// Ends a tag, which is hidden where there is none.
std::string renderRefusal(const nlohmann::json &report);
std::string renderPeak(const nlohmann::json &report);
std::string renderSlots(const nlohmann::json &report);

/// The slots over the steps of a run, at the extents of `memory.at`.
/// MemoryDrawing.cpp.
std::string renderTimeline(const nlohmann::json &memory);

// KernelSection.cpp
std::string renderKernels(const nlohmann::json &report);

// TimesSection.cpp
std::string renderTimes(const nlohmann::json &report);

// NodeSection.cpp
/// The remarks of each node that has some.
std::map<std::string, const nlohmann::json *>
remarksByNode(const nlohmann::json &report);
std::string renderNodes(const nlohmann::json &report);
std::string renderPlan(const nlohmann::json &report);

} // namespace dycc

#endif // DYCC_COMPILER_REPORT_SECTIONS_H
