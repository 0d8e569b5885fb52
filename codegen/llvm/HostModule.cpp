#include "codegen/llvm/HostModule.h"

#include "codegen/llvm/HostProgram.h"

#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

namespace dycc::codegen {

std::unique_ptr<Module> emitHostModule(mlir::ModuleOp source,
                                       const HostOptions &options,
                                       LLVMContext &context) {
  auto module = std::make_unique<Module>("dycc.host", context);
  HostProgram program(source, options, *module);
  emitModelDesc(program);
  return module;
}

static Expected<std::unique_ptr<TargetMachine>>
createTargetMachine(const HostOptions &options) {
  static const bool initialized = [] {
    InitializeAllTargetInfos();
    InitializeAllTargets();
    InitializeAllTargetMCs();
    InitializeAllAsmPrinters();
    return true;
  }();
  (void)initialized;
  Triple triple(options.triple);
  std::string error;
  const Target *target = TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return createStringError("no code generator for target '" + options.triple +
                             "': " + error);
  return std::unique_ptr<TargetMachine>(target->createTargetMachine(
      triple, options.cpu, options.features, TargetOptions(), Reloc::PIC_,
      std::nullopt, CodeGenOptLevel::Default));
}

/// -O1 is enough by default: the host program is straight-line scalar code.
static void optimise(Module &module, TargetMachine &machine, unsigned number) {
  const OptimizationLevel levels[] = {
      OptimizationLevel::O0, OptimizationLevel::O1, OptimizationLevel::O2,
      OptimizationLevel::O3};
  OptimizationLevel level = levels[std::min(number, 3u)];
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
  ModulePassManager passes = level == OptimizationLevel::O0
                                 ? builder.buildO0DefaultPipeline(level)
                                 : builder.buildPerModuleDefaultPipeline(level);
  passes.run(module, modules);
}

Expected<std::string> emitObject(Module &module, const HostOptions &options) {
  Expected<std::unique_ptr<TargetMachine>> machine =
      createTargetMachine(options);
  if (!machine)
    return machine.takeError();
  module.setTargetTriple(Triple(options.triple));
  module.setDataLayout((*machine)->createDataLayout());
  module.setPICLevel(PICLevel::SmallPIC);
  std::string broken;
  raw_string_ostream text(broken);
  if (verifyModule(module, &text))
    return createStringError("the host program is not valid LLVM IR: " +
                             broken);
  optimise(module, **machine, options.level);
  SmallVector<char> object;
  raw_svector_ostream stream(object);
  legacy::PassManager passes;
  if ((*machine)->addPassesToEmitFile(passes, stream, nullptr,
                                      CodeGenFileType::ObjectFile))
    return createStringError("target '" + options.triple +
                             "' cannot write object files");
  passes.run(module);
  return std::string(object.begin(), object.end());
}

} // namespace dycc::codegen
