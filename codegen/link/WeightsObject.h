#ifndef DYCC_CODEGEN_LINK_WEIGHTSOBJECT_H
#define DYCC_CODEGEN_LINK_WEIGHTSOBJECT_H

#include "codegen/link/Link.h"

namespace dycc::link {

/// Writes an ELF object with one read-only section, `.dycc_weights`, aligned
/// to a page, and its symbol `dycc_weights`. The pieces are streamed: no copy
/// of them is made.
llvm::Error writeWeightsObject(const LinkJob &job, llvm::StringRef path);

} // namespace dycc::link

#endif // DYCC_CODEGEN_LINK_WEIGHTSOBJECT_H
