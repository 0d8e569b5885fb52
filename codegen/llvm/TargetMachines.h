#ifndef DYCC_CODEGEN_LLVM_TARGETMACHINES_H
#define DYCC_CODEGEN_LLVM_TARGETMACHINES_H

#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"
#include <memory>
#include <string>

namespace dycc::codegen {

/// LLVM's generator of position-independent code for a triple; fails on one
/// that LLVM has none for. `features` are in LLVM's form, "+avx2,+fma".
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const std::string &triple, llvm::StringRef cpu,
                    llvm::StringRef features,
                    const llvm::TargetOptions &options = {});

/// Runs the passes that `make` gives on `module`, with what analyses know of
/// the machine.
void runPasses(
    llvm::Module &module, llvm::TargetMachine &machine,
    llvm::function_ref<llvm::ModulePassManager(llvm::PassBuilder &)> make);

/// The bytes of an object file with the code of `module`.
llvm::Expected<std::string> writeObject(llvm::Module &module,
                                        llvm::TargetMachine &machine);

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_LLVM_TARGETMACHINES_H
