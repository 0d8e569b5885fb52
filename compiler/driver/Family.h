#ifndef DYCC_COMPILER_DRIVER_FAMILY_H
#define DYCC_COMPILER_DRIVER_FAMILY_H

#include "compiler/driver/Compile.h"

namespace dycc {

/// Compiles the variants that `options` names into one artifact, which has what
/// they share once. As compileModel().
CompileStatus compileFamily(const CompileOptions &options,
                            llvm::raw_ostream &errors);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_FAMILY_H
