#ifndef DYCC_COMPILER_DRIVER_HOSTOPTIONS_H
#define DYCC_COMPILER_DRIVER_HOSTOPTIONS_H

#include "codegen/llvm/HostModule.h"
#include "compiler/driver/Frontend.h"

namespace dycc {

/// What the host program needs to know of the target and the options; not yet
/// what kernels need, and without metadata.
codegen::HostOptions hostOptionsOf(const Frontend &frontend,
                                   const CompileOptions &options,
                                   llvm::StringRef name);

/// Adds what the artifact says of itself, when `host` has all of the kernels.
void addMetadata(Frontend &frontend, codegen::HostOptions &host);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_HOSTOPTIONS_H
