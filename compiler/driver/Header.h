#ifndef DYCC_COMPILER_DRIVER_HEADER_H
#define DYCC_COMPILER_DRIVER_HEADER_H

#include "compiler/driver/PeakFormula.h"

namespace dycc {

/// A C header for a planned model: its entry point, and as comments what its
/// inputs, outputs, symbols and memory are. `name` is the model's, `function`
/// that of the entry point.
std::string renderHeader(mlir::ModuleOp module, const PeakFormula &peak,
                         llvm::StringRef name, llvm::StringRef function);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_HEADER_H
