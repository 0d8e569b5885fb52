#include "codegen/llvm/HostModule.h"

#include "codegen/llvm/HostProgram.h"
#include "codegen/llvm/TargetMachines.h"

#include "llvm/IR/Verifier.h"
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

/// -O1 is enough by default: the host program is straight-line scalar code.
static void optimise(Module &module, TargetMachine &machine, unsigned number) {
  const OptimizationLevel levels[] = {
      OptimizationLevel::O0, OptimizationLevel::O1, OptimizationLevel::O2,
      OptimizationLevel::O3};
  OptimizationLevel level = levels[std::min(number, 3u)];
  runPasses(module, machine, [&](PassBuilder &builder) {
    return level == OptimizationLevel::O0
               ? builder.buildO0DefaultPipeline(level)
               : builder.buildPerModuleDefaultPipeline(level);
  });
}

Expected<std::string> emitObject(Module &module, const HostOptions &options) {
  Expected<std::unique_ptr<TargetMachine>> machine =
      createTargetMachine(options.triple, options.cpu, options.features);
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
  return writeObject(module, **machine);
}

} // namespace dycc::codegen
