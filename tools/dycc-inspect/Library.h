// What a compiled model says of itself.
#ifndef DYCC_TOOLS_DYCC_INSPECT_LIBRARY_H
#define DYCC_TOOLS_DYCC_INSPECT_LIBRARY_H

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dycc {

/// Whether the file is a shared library, by its first bytes.
bool isLibrary(const std::string &path);

/// Loads the library and fills `report`: `model` (name, target, features,
/// machines, inputs, outputs), `symbols`, `kernels` (name, nodes, machine where
/// there are several), `memory` (the peak as
/// a formula, also by slot; what it comes to where the extents are `at`; its
/// bound over the declared ranges; weight bytes). Returns what is wrong, or an
/// empty text.
std::string inspectLibrary(const std::string &path,
                           const std::vector<std::string> &at,
                           nlohmann::json &report);

} // namespace dycc

#endif // DYCC_TOOLS_DYCC_INSPECT_LIBRARY_H
