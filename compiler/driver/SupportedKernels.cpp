// Kernels are planned as soon as there are kernels: what a definition refuses
// is said of the operator, in the list of all that is refused, and not after a
// minute of compiling the kernels before it.
#include "compiler/driver/SupportedOps.h"

#include "compiler/driver/Reproducer.h"
#include "dialects/dyn/Kernels.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace dycc {

/// `text` with what the kernel's symbols stand for at `launch` in their places:
/// s0, s1, ... are words of no user.
static std::string inUsersNames(StringRef text, dyn::KernelOp kernel,
                                dyn::LaunchOp launch) {
  std::string result;
  while (!text.empty()) {
    StringRef word = text.take_while(llvm::isAlnum);
    if (auto index = kernel.findSymbol(word))
      result += cast<dyn::ExprAttr>(launch.getSymbols()[*index]).str();
    else
      result += word;
    text = text.drop_front(word.size());
    result += text.take_until(llvm::isAlnum);
    text = text.drop_until(llvm::isAlnum);
  }
  return result;
}

CompileStatus checkKernels(ModuleOp module, const codegen::Backend &backend) {
  llvm::StringMap<codegen::KernelRefusal> refusals;
  for (auto kernel : module.getOps<dyn::KernelOp>())
    if (auto refusal = backend.plan(kernel))
      refusals[kernel.getSymName()] = *refusal;
  SymbolTable symbols(module);
  std::string defects;
  module.walk([&](dyn::LaunchOp launch) {
    auto it = refusals.find(launch.getKernel());
    if (it == refusals.end())
      return;
    const codegen::KernelRefusal &refusal = it->second;
    if (refusal.isDefect)
      defects += launch.getKernel().str() + ": " + refusal.reason + "\n";
    emitError(dyn::locationAt(launch, refusal.op), "operator ")
        << refusal.op->getName().stripDialect()
        << " is not supported in this form: "
        << (refusal.isDefect
                ? "a defect of dycc"
                : inUsersNames(refusal.reason, launch.getKernelIn(symbols),
                               launch));
  });
  if (!defects.empty()) {
    writeReproducer(defects);
    return CompileStatus::Internal;
  }
  return refusals.empty() ? CompileStatus::Ok : CompileStatus::Refused;
}

} // namespace dycc
