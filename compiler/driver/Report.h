#ifndef DYCC_COMPILER_DRIVER_REPORT_H
#define DYCC_COMPILER_DRIVER_REPORT_H

#include "compiler/driver/Frontend.h"
#include "compiler/driver/PeakFormula.h"

#include <nlohmann/json.hpp>

namespace dycc {

/// Runs a stage and adds what it shows of the model to `report`:
/// shape: `nodes` (ReportNodes.h); plan: `model` (target, inputs, outputs, and
/// where there are several `machines`, with the bytes of their code),
/// `symbols`, `groups` (kernel, operators, nodes), `kernels` (their digest in
/// files of plans, operators, what holds of their symbols, the nodes of each
/// launch, versions), `plan` (operations in order, and where their results
/// lie), `memory` (ReportMemory.h, but for the peak), `remarks` (by node:
/// category, taken or not, text) where there are any.
CompileStatus runReported(Frontend &frontend, const Stage &stage,
                          nlohmann::json &report);

/// Whether a report of that name has a form that is known, and whether it is a
/// page.
bool isReportName(llvm::StringRef path);
bool isHtmlName(llvm::StringRef path);

/// The text of a report for that name: .json or .html. A page has the formulas
/// of `script` (modelScript()) where that is there.
std::string renderReport(const nlohmann::json &report, llvm::StringRef path);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_REPORT_H
