#ifndef DYCC_COMPILER_DRIVER_TUNEPOINTS_H
#define DYCC_COMPILER_DRIVER_TUNEPOINTS_H

#include "compiler/driver/Compile.h"
#include "compiler/tune/Tuner.h"

namespace dycc {

/// What the tuner is asked for: `--tune-at` is a point, "H=270,W=480"; symbols
/// that it does not name, and all of them where there is none, are as
/// setValues() has them. Fails naming the option, what was found and what was
/// expected.
llvm::Expected<tune::TuneOptions> tuneOptions(mlir::ModuleOp module,
                                              const CompileOptions &options);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_TUNEPOINTS_H
