#include "codegen/llvm/TargetMachines.h"

#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

namespace dycc::codegen {

Expected<std::unique_ptr<TargetMachine>>
createTargetMachine(const std::string &triple, StringRef cpu,
                    StringRef features, const TargetOptions &options) {
  static const bool initialized = [] {
    InitializeAllTargetInfos();
    InitializeAllTargets();
    InitializeAllTargetMCs();
    InitializeAllAsmPrinters();
    return true;
  }();
  (void)initialized;
  Triple parsed(triple);
  std::string error;
  const Target *target = TargetRegistry::lookupTarget(parsed, error);
  if (!target)
    return createStringError("no code generator for target '" + triple +
                             "': " + error);
  return std::unique_ptr<TargetMachine>(
      target->createTargetMachine(parsed, cpu, features, options, Reloc::PIC_,
                                  std::nullopt, CodeGenOptLevel::Default));
}

void runPasses(Module &module, TargetMachine &machine,
               function_ref<ModulePassManager(PassBuilder &)> make) {
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager graphs;
  ModuleAnalysisManager modules;
  PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(graphs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, graphs, modules);
  make(builder).run(module, modules);
}

Expected<std::string> writeObject(Module &module, TargetMachine &machine) {
  SmallVector<char> object;
  raw_svector_ostream stream(object);
  legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, stream, nullptr,
                                  CodeGenFileType::ObjectFile))
    return createStringError("target '" + machine.getTargetTriple().str() +
                             "' cannot write object files");
  passes.run(module);
  return std::string(object.begin(), object.end());
}

} // namespace dycc::codegen
