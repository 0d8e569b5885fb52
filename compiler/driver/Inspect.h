#ifndef DYCC_COMPILER_DRIVER_INSPECT_H
#define DYCC_COMPILER_DRIVER_INSPECT_H

#include "compiler/driver/Compile.h"

#include <nlohmann/json.hpp>

namespace dycc {

/// What dycc knows of a model without compiling kernels:
/// Report.h says what is in it; of the memory also what it comes to where the
/// extents are `at` ("N=1"; ShapePoint.h). Diagnostics go to `errors`.
CompileStatus inspectModel(const CompileOptions &options,
                           llvm::ArrayRef<std::string> at,
                           llvm::raw_ostream &errors, nlohmann::json &report);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_INSPECT_H
