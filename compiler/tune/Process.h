// Programs of dycc that run beside this one.
#ifndef DYCC_COMPILER_TUNE_PROCESS_H
#define DYCC_COMPILER_TUNE_PROCESS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace dycc::tune {

/// The path of a file in a folder.
std::string inFolder(llvm::StringRef folder, llvm::StringRef name);

/// The path of the program `name`, which lies beside this one and does `duty`
/// ("measures plans"). Fails where it does not.
llvm::Expected<std::string> findProgram(llvm::StringRef name,
                                        llvm::StringRef duty);

/// Runs a program, the first of `arguments`, for at most `limit` seconds; what
/// it complains of goes to the file `log`. Fails with the first line of that,
/// the signal that ended it, or where it took too long.
llvm::Error runProgram(llvm::ArrayRef<std::string> arguments, unsigned limit,
                       const std::string &log);

} // namespace dycc::tune

#endif // DYCC_COMPILER_TUNE_PROCESS_H
