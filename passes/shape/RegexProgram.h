#ifndef DYCC_PASSES_SHAPE_REGEXPROGRAM_H
#define DYCC_PASSES_SHAPE_REGEXPROGRAM_H

#include "mlir/Support/LLVM.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace dycc {

/// A regular expression in the syntax of RE2 as the runtime follows it
/// (runtime/abi/Regex.h), or what is wrong with it. Without a table of Unicode:
/// \p, and the case of letters beyond ASCII where (?i) asks for it.
llvm::Expected<std::vector<int32_t>> compileRegex(llvm::StringRef pattern);

} // namespace dycc

#endif // DYCC_PASSES_SHAPE_REGEXPROGRAM_H
