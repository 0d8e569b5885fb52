#ifndef DYCC_COMPILER_DRIVER_OUTPUTFILES_H
#define DYCC_COMPILER_DRIVER_OUTPUTFILES_H

#include "compiler/driver/Compile.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace dycc {

/// The files that a compilation writes, each with the option that names it.
std::vector<std::pair<const char *, std::string>>
outputFiles(const CompileOptions &options);

/// Writes text to a file, whole or not at all; "" and "-" are the standard
/// output. Fails naming the path.
llvm::Error writeText(llvm::StringRef text, llvm::StringRef path);

/// A rule of make: `output` is made of `files`.
std::string renderDepfile(llvm::StringRef output,
                          llvm::ArrayRef<std::string> files);

/// Whether `name` is an identifier of C, or with `isNested` some of them with
/// "::" between.
bool isIdentifier(llvm::StringRef name, bool isNested = false);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_OUTPUTFILES_H
