#include "compiler/driver/Frontend.h"

#include "codegen/target/Dispatch.h"
#include "compiler/driver/OutputFiles.h"
#include "compiler/driver/PrecisionOptions.h"
#include "compiler/driver/Reproducer.h"
#include "compiler/driver/SupportedOps.h"
#include "compiler/driver/SymbolOptions.h"
#include "compiler/driver/TargetOptions.h"
#include "compiler/import/Import.h"
#include "compiler/tune/MachineFile.h"
#include "compiler/tune/RecordedShapes.h"
#include "dialects/dyn/DynOps.h"
#include "dialects/onnx/OnnxDialect.h"
#include "passes/shape/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace dycc {

/// One thread, until a server for kernels runs: it is a forked process, and a
/// lock that another thread holds at the fork would never be released.
Frontend::Frontend(const CompileOptions &options, llvm::raw_ostream &errors)
    : options(options), errors(errors),
      context(MLIRContext::Threading::DISABLED),
      listener(context,
               options.report.empty() ? options.remarks : remarkNames()),
      printer(context, errors, options.quiet) {
  DialectRegistry registry;
  registry.insert<dyn::DynDialect, onnx::OnnxDialect, func::FuncDialect>();
  shape::registerShapeTransfers(registry);
  context.appendDialectRegistry(registry);
  context.loadAllAvailableDialects();
  // A diagnostic names the node; the operation's text would bury that.
  context.printOpOnDiagnostic(false);
}

CompileStatus Frontend::refuse(llvm::Error error) {
  llvm::handleAllErrors(std::move(error), [&](const llvm::ErrorInfoBase &info) {
    StringRef label = "error: ";
    printLabel(errors, "error")
        << shorten((label + info.message()).str()).substr(label.size()) << "\n";
  });
  return CompileStatus::Refused;
}

CompileStatus Frontend::chooseTarget() {
  llvm::Expected<std::vector<codegen::TargetInfo>> chosen =
      chooseMachines(options);
  if (!chosen)
    return refuse(chosen.takeError());
  machines = std::move(*chosen);
  target = codegen::commonTarget(machines);
  backend = makeBackend(options.backend, machines);
  return CompileStatus::Ok;
}

CompileStatus Frontend::import() {
  noteStage("import");
  if (!backend && chooseTarget() != CompileStatus::Ok)
    return CompileStatus::Refused;
  ImportOptions import;
  import.linkFolders = options.linkFolders;
  for (const auto &[option, path] : outputFiles(options))
    import.outputs.push_back(path);
  import.onFile = [&](const std::string &path) { files.push_back(path); };
  import.overridable = options.overridable;
  import.fixedDefaults = options.fixedDefaults;
  import.onRefusal = [](ModuleOp part, ArrayRef<SkippedNode> skipped) {
    (void)checkOperators(part, /*isNormalized=*/false);
    checkSkipped(skipped);
  };
  module = importOnnx(options.input, context, import);
  if (!module)
    return CompileStatus::Refused;
  if (llvm::Error error = applySymbolOptions(*module, options))
    return refuse(std::move(error));
  if (!options.exceptions.empty())
    files.push_back(options.exceptions);
  llvm::Expected<std::vector<std::string>> kept =
      findKeptNodes(*module, options);
  if (!kept)
    return refuse(kept.takeError());
  keptNodes = std::move(*kept);
  return dump("import");
}

CompileStatus Frontend::run(const Stage &stage) {
  noteStage(stage.name);
  bool isDone = succeeded(runPasses(stage));
  // Before anything depends on plans, behind what shares and drops kernels.
  if (stage.name == "version" && isDone && !isRefused)
    isDone = succeeded(applyShapes()) && succeeded(applyPlans()) &&
             succeeded(applyCosts());
  llvm::append_range(remarks, listener.take(*module));
  if (!isDone && !printer.errors()) {
    writeReproducer();
    return CompileStatus::Internal;
  }
  CompileStatus checked = check(stage, isDone);
  if (checked == CompileStatus::Internal)
    return checked;
  isRefused |= !isDone || checked == CompileStatus::Refused;
  return isRefused ? goOn(stage, isDone) : dump(stage.name);
}

CompileStatus Frontend::check(const Stage &stage, bool isDone) {
  bool isGood = true;
  if (stage.name == "normalize" || stage.name == "shape")
    isGood = succeeded(checkOperators(*module, isDone));
  if (stage.name == "normalize" && isDone)
    hasGoodEdges = succeeded(checkEdges(*module));
  if (stage.name == "fuse" && isDone)
    return checkKernels(*module, *backend);
  return isGood && hasGoodEdges ? CompileStatus::Ok : CompileStatus::Refused;
}

/// A model that is refused goes as far as it can, so that the user is told of
/// everything in one run.
CompileStatus Frontend::goOn(const Stage &stage, bool isDone) {
  bool isShape = stage.name == "shape";
  if (isShape)
    setRefusedAside(*module);
  bool isWhole = hasGoodEdges &&
                 (isDone || (isShape && (*module)->hasAttr(dyn::kRefused)));
  const Stage *next = &stage + 1;
  if (isWhole && next != stages().end() &&
      run(*next) == CompileStatus::Internal)
    return CompileStatus::Internal;
  return CompileStatus::Refused;
}

LogicalResult Frontend::applyShapes() {
  bool isSingle = options.isSmall || !options.onlyVersion.empty() ||
                  llvm::is_contained(options.disabled, "version");
  if (options.shapes.empty())
    return success();
  files.push_back(options.shapes);
  std::vector<tune::RecordedShape> shapes;
  if (failed(tune::readShapes(options.shapes, &context, shapes)))
    return failure();
  if (!isSingle)
    tune::addVersions(*module, shapes, *backend);
  return success();
}

LogicalResult Frontend::applyPlans() {
  std::vector<std::string> paths = options.plans;
  llvm::append_range(files, paths);
  if (!options.tune.empty()) {
    tuneFile.emplace(options.tune, &context);
    if (llvm::sys::fs::exists(options.tune))
      paths.push_back(options.tune);
  }
  for (const std::string &path : paths) {
    tune::PlanFile file(path, &context);
    if (failed(file.read()))
      return failure();
    tune::applyPlans(*module, file, *backend, machines, planned);
    if (path == options.tune)
      tuneFile = std::move(file);
  }
  return success();
}

/// Behind plans from files: what a launch consists of follows from its plan.
LogicalResult Frontend::applyCosts() {
  if (options.machineFile.empty())
    return success();
  files.push_back(options.machineFile);
  auto file = tune::MachineFile::read(options.machineFile);
  if (!file)
    return emitError(UnknownLoc::get(&context))
           << llvm::toString(file.takeError());
  return tune::applyCosts(*module, *file, options.machineFile, *backend,
                          machines);
}

LogicalResult Frontend::runPasses(const Stage &stage) {
  PipelineOptions pipeline;
  pipeline.isSmall = options.isSmall;
  pipeline.onlyVersion = options.onlyVersion;
  if (options.precision != "f32")
    pipeline.precision = options.precision;
  pipeline.keepF32 = keptNodes;
  for (const codegen::TargetInfo &machine : machines)
    pipeline.machines.push_back(
        {machine.machine, machine.operationsPerNs, machine.bytesPerNs});
  pipeline.panelWidths = llvm::to_vector(codegen::commonPanelWidths(machines));
  pipeline.filterWidths =
      llvm::to_vector(codegen::commonFilterWidths(machines));
  // As AArch64's are; x86-64's are of u8 by s8.
  pipeline.multipliesSigned = llvm::Triple(machines.front().triple).isAArch64();
  // A device reads weights one by one.
  pipeline.pairsBf16 = options.gpu.empty() && backend->multipliesPairs();
  pipeline.channelBlock = codegen::commonChannelBlock(machines);
  // Kernels use the caches of a few cores.
  constexpr int64_t kCachesPerChunk = 2;
  for (const codegen::TargetInfo &machine : machines)
    pipeline.cacheBytes = std::min<int64_t>(pipeline.cacheBytes,
                                            kCachesPerChunk * machine.l2Bytes);
  // Transformed filters are larger, and neither the reference nor a device
  // reads them.
  bool isPlain =
      options.isSmall || options.backend == "reference" || !options.gpu.empty();
  pipeline.winograd = isPlain ? dyn::WinogradUse::Off : options.winograd;
  pipeline.disabled.insert_range(options.disabled);
  // Chunks are for the processor's caches, and a transfer moves no pieces.
  if (!options.gpu.empty())
    for (const char *name : {"chunk", "join"})
      pipeline.disabled.insert(name);
  if (options.level < 1)
    pipeline.disabled.insert("reuse");
  if (options.level < 2)
    pipeline.disabled.insert_range(
        llvm::ArrayRef<StringRef>{"chunk", "fuse", "layout"});
  PassManager passes(&context);
  stage.build(passes, pipeline);
  return passes.run(*module);
}

CompileStatus Frontend::dump(StringRef stage) {
  if (options.dumpStages.empty())
    return CompileStatus::Ok;
  SmallString<128> path(options.dumpStages);
  llvm::sys::path::append(path, stage + ".mlir");
  std::error_code code = llvm::sys::fs::create_directories(options.dumpStages);
  if (!code) {
    llvm::raw_fd_ostream file(path, code);
    if (!code)
      module->print(file, OpPrintingFlags().enableDebugInfo(true));
  }
  if (!code)
    return CompileStatus::Ok;
  printLabel(errors, "error")
      << "--dump-stages '" << path << "': " << code.message() << "\n";
  return CompileStatus::Refused;
}

} // namespace dycc
