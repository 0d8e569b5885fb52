// What dycc-inspect found, for a person.
#ifndef DYCC_TOOLS_DYCC_INSPECT_TEXT_H
#define DYCC_TOOLS_DYCC_INSPECT_TEXT_H

#include <nlohmann/json.hpp>

namespace dycc {

/// Prints the report of a model (compiler/driver/Report.h).
void printModel(const nlohmann::json &report);

/// Prints the report of a library (Library.h).
void printLibrary(const nlohmann::json &report);

/// Prints the memory of either, slot by slot. MemoryText.cpp
void printMemory(const nlohmann::json &memory);

} // namespace dycc

#endif // DYCC_TOOLS_DYCC_INSPECT_TEXT_H
