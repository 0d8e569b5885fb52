// Instructions that the kernel compiler has no name for, in kernels that it has
// written as LLVM's bitcode (docs/decisions/0066).
#ifndef DYCC_CODEGEN_LLVM_INSTRUCTIONS_H
#define DYCC_CODEGEN_LLVM_INSTRUCTIONS_H

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

namespace dycc::codegen {

/// Begins the names of functions that stand for instructions, "smmla" behind
/// it. Their operands and results are vectors of 128 bits, as integers.
constexpr llvm::StringLiteral kInstructionPrefix = "dycc_instruction_";

/// Puts instructions in the place of such calls, whose callers may then use
/// the features that these need. Fails on a name that no instruction has.
llvm::Error placeInstructions(llvm::Module &module);

/// Takes a feature ("fullfp16") from all functions of `module`.
void denyFeature(llvm::Module &module, llvm::StringRef feature);

/// Reads bitcode from the file `path` and writes the object file of its target
/// there, with instructions in their places and without the feature `denied`,
/// if there is one.
llvm::Error compileInstructions(const std::string &path,
                                llvm::StringRef denied = "");

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_LLVM_INSTRUCTIONS_H
