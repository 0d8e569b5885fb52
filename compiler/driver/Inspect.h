#ifndef DYCC_COMPILER_DRIVER_INSPECT_H
#define DYCC_COMPILER_DRIVER_INSPECT_H

#include "compiler/driver/Compile.h"

#include <nlohmann/json.hpp>

namespace dycc {

/// What dycc knows of a model without compiling kernels:
/// Report.h says what is in it. Diagnostics go to `errors`.
CompileStatus inspectModel(const CompileOptions &options,
                           llvm::raw_ostream &errors, nlohmann::json &report);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_INSPECT_H
