#ifndef DYCC_CODEGEN_LINK_STUBS_H
#define DYCC_CODEGEN_LINK_STUBS_H

#include "codegen/link/Link.h"

namespace dycc::link {

/// Writes shared libraries without code into `folder` that stand for the
/// target's libc, libm and libpthread: they have the names that compiled
/// models may refer to. Returns their paths.
llvm::Expected<std::vector<std::string>> writeStubs(const llvm::Triple &triple,
                                                    llvm::StringRef folder);

/// True for a name that one of the target's stubs has.
bool isInStubs(llvm::StringRef symbol, const llvm::Triple &triple);

} // namespace dycc::link

#endif // DYCC_CODEGEN_LINK_STUBS_H
