#ifndef DYCC_TOOLS_DYCC_FAMILYFILE_H
#define DYCC_TOOLS_DYCC_FAMILYFILE_H

#include "tools/dycc/CommandLine.h"

#include "llvm/Support/Error.h"

namespace dycc {

/// Whether a model is a file that lists the variants of a family.
bool isFamilyFile(llvm::StringRef model);

/// Reads such a file (docs/families.md): its variants become those of
/// `options`, and its dims are added to theirs.
llvm::Error readFamilyFile(llvm::StringRef path, CompileOptions &options);

} // namespace dycc

#endif // DYCC_TOOLS_DYCC_FAMILYFILE_H
