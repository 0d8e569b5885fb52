#ifndef DYCC_COMPILER_DRIVER_REPRODUCER_H
#define DYCC_COMPILER_DRIVER_REPRODUCER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace dycc {

/// What an internal error leaves behind: a script that repeats the run up to
/// the stage that failed, with the module before each stage beside it.
/// There is one run in a process.

/// Prepares the script for this command line, to be written to `path`, and
/// installs a handler: a crash writes it, says so, and ends with exit code 3.
void prepareReproducer(llvm::ArrayRef<const char *> arguments,
                       llvm::StringRef path);

/// Notes the stage that runs now.
void noteStage(llvm::StringRef stage);

/// Writes the script and prints where it is: after a failure that has no
/// message for a user. `details` go into the script, for developers.
void writeReproducer(llvm::StringRef details = "");

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_REPRODUCER_H
