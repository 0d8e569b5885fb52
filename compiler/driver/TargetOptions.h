// What a model is compiled for, from the options.
#ifndef DYCC_COMPILER_DRIVER_TARGETOPTIONS_H
#define DYCC_COMPILER_DRIVER_TARGETOPTIONS_H

#include "codegen/target/Backend.h"
#include "codegen/target/TargetInfo.h"
#include "compiler/driver/Compile.h"

namespace dycc {

/// The machines of `--dispatch`, the most able first; without it the one that
/// `--target`, `--mcpu` and `--mattr` say. Fails on names of no machine, and on
/// options that say it twice.
llvm::Expected<std::vector<codegen::TargetInfo>>
chooseMachines(const CompileOptions &options);

/// What `--dispatch` calls the machines that there are, in short: "v4".
std::vector<std::string> machineNames();

/// What compiles kernels for them: `name` is that of `--backend`.
std::unique_ptr<codegen::Backend>
makeBackend(llvm::StringRef name, llvm::ArrayRef<codegen::TargetInfo> machines);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_TARGETOPTIONS_H
