// Options that say how kernels compute.
#ifndef DYCC_TOOLS_DYCC_KERNELOPTIONS_H
#define DYCC_TOOLS_DYCC_KERNELOPTIONS_H

#include "tools/dycc/CommandLine.h"

#include <CLI/CLI.hpp>

namespace dycc {

/// How kernels compute, as far as a user has a say.
void addKernelOptions(CLI::App &app, CompileOptions &options);

/// What elements are stored in, and how far that may be from f32.
void addPrecisionOptions(CLI::App &app, CommandLine &line);

/// Plans made before, and the search for them.
void addPlanOptions(CLI::App &app, CompileOptions &options);

} // namespace dycc

#endif // DYCC_TOOLS_DYCC_KERNELOPTIONS_H
