#ifndef DYCC_COMPILER_DRIVER_VERSION_H
#define DYCC_COMPILER_DRIVER_VERSION_H

#include <string>

namespace dycc {

/// "dycc 0.1.0".
std::string producer();

/// What `--version` prints: the version and commit, those of LLVM and Halide,
/// the targets with a runtime; lines without the last one's end.
std::string versionText();

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_VERSION_H
