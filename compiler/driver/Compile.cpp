#include "compiler/driver/Compile.h"

#include "codegen/kernels/KernelCompiler.h"
#include "codegen/kernels/KernelServer.h"
#include "codegen/llvm/HostModule.h"
#include "codegen/target/Features.h"
#include "compiler/driver/Artifact.h"
#include "compiler/driver/Frontend.h"
#include "compiler/driver/Header.h"
#include "compiler/driver/OutputFiles.h"
#include "compiler/driver/Progress.h"
#include "compiler/driver/Report.h"
#include "compiler/driver/ReportKernels.h"
#include "compiler/driver/ReportMemory.h"
#include "compiler/driver/Reproducer.h"
#include "compiler/driver/Version.h"
#include "dialects/dyn/Plan.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/Path.h"

#include <chrono>

using namespace mlir;

namespace dycc {
namespace {

/// One compilation, stage by stage.
class Compilation {
public:
  Compilation(const CompileOptions &options, llvm::raw_ostream &errors)
      : options(options), errors(errors), frontend(options, errors) {}

  CompileStatus run();

private:
  CompileStatus runStages();
  CompileStatus runStage(const Stage &stage);
  CompileStatus finish();
  CompileStatus emitLibrary();
  CompileStatus emitHeader();
  CompileStatus write(StringRef text, StringRef path);
  /// What is asked for beside what was emitted.
  CompileStatus writeBeside();
  HeaderNames headerNames() const;
  /// What is asked for beside the artifact: the memory's bound and the report.
  CompileStatus checkAndReport(const codegen::HostOptions &host);
  std::string modelName() const {
    return options.name.empty() ? llvm::sys::path::stem(options.input).str()
                                : options.name;
  }
  /// Ends the timing of the step before, starts that of `step`.
  void begin(StringRef step);
  func::FuncOp getMain() {
    return frontend.getModule().lookupSymbol<func::FuncOp>("main");
  }
  bool makesKernels() const {
    return options.stopAfter.empty() && options.emit != EmitKind::Mlir &&
           options.emit != EmitKind::Header;
  }
  codegen::HostOptions hostOptions() const;
  CompileStatus compileKernels(codegen::HostOptions &host, Artifact &artifact);

  const CompileOptions &options;
  llvm::raw_ostream &errors;
  /// Started before the model is there.
  std::optional<codegen::KernelServer> server;
  Frontend frontend;
  nlohmann::json report;
  llvm::StringMap<CompiledVersion> compiled; ///< By function.
  std::string step;
  std::chrono::steady_clock::time_point started;
};

void Compilation::begin(StringRef next) {
  auto now = std::chrono::steady_clock::now();
  if (options.timeReport && !step.empty())
    errors << llvm::format("%8.3f s  %s\n",
                           std::chrono::duration<double>(now - started).count(),
                           step.c_str());
  step = next.str();
  if (!step.empty())
    noteStage(step);
  started = now;
  if (options.progress && !step.empty())
    options.progress->onStep(step);
}

CompileStatus Compilation::run() {
  begin("import");
  CompileStatus status = frontend.chooseTarget();
  if (status == CompileStatus::Ok && makesKernels()) {
    server.emplace(frontend.getBackend());
    frontend.useThreads();
  }
  if (status == CompileStatus::Ok)
    status = frontend.import();
  if (status == CompileStatus::Ok)
    status = runStages();
  if (status == CompileStatus::Ok)
    status = finish();
  begin("");
  return status;
}

CompileStatus Compilation::runStages() {
  if (options.stopAfter == "import")
    return CompileStatus::Ok;
  for (const Stage &stage : stages()) {
    begin(stage.name);
    CompileStatus status = runStage(stage);
    if (status != CompileStatus::Ok)
      return status;
    if (options.stopAfter == stage.name)
      break;
  }
  return CompileStatus::Ok;
}

CompileStatus Compilation::runStage(const Stage &stage) {
  size_t before = frontend.getRemarks().size();
  CompileStatus status = options.report.empty()
                             ? frontend.run(stage)
                             : runReported(frontend, stage, report);
  for (const RemarkText &remark : frontend.getRemarks().drop_front(before))
    if (isAskedFor(remark.category, options.remarks))
      errors << remark.line << "\n";
  return status;
}

CompileStatus Compilation::write(StringRef text, StringRef path) {
  if (llvm::Error error = writeText(text, path))
    return frontend.refuse(std::move(error));
  return CompileStatus::Ok;
}

CompileStatus Compilation::finish() {
  if (!options.stopAfter.empty() || options.emit == EmitKind::Mlir) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    frontend.getModule().print(stream);
    return write(text, options.output);
  }
  if (options.emit != EmitKind::Header)
    return emitLibrary();
  CompileStatus status = emitHeader();
  return status == CompileStatus::Ok ? writeBeside() : status;
}

/// Those that compiled code may use.
static std::vector<std::string>
usedFeatures(const codegen::TargetInfo &target) {
  std::vector<std::string> features;
  for (const std::string &feature : target.features)
    if (codegen::isUsedFeature(feature))
      features.push_back(feature);
  return features;
}

codegen::HostOptions Compilation::hostOptions() const {
  codegen::HostOptions host;
  const codegen::TargetInfo &target = frontend.getTarget();
  host.name = modelName();
  host.triple = target.triple;
  host.cpu = target.cpu;
  for (const std::string &feature : usedFeatures(target))
    host.features += (host.features.empty() ? "+" : ",+") + feature;
  host.cpuFeatures = llvm::join(usedFeatures(target), ",");
  if (frontend.getMachines().size() > 1)
    for (const codegen::TargetInfo &machine : frontend.getMachines())
      host.machines.push_back(
          {machine.machine, llvm::join(usedFeatures(machine), ",")});
  host.maxTrips = options.maxTrips;
  // Its code is not where the time goes: -O1 unless all is asked for.
  host.level = options.level < 2 ? options.level : options.level == 2 ? 1 : 3;
  return host;
}

CompileStatus Compilation::compileKernels(codegen::HostOptions &host,
                                          Artifact &artifact) {
  begin("kernels");
  SmallVector<dyn::KernelOp> kernels(
      frontend.getModule().getOps<dyn::KernelOp>());
  codegen::KernelOptions kernelOptions;
  kernelOptions.jobs = std::max(1u, options.jobs);
  kernelOptions.cacheDir = options.cacheDir;
  kernelOptions.server = server ? &*server : nullptr;
  std::string defects;
  kernelOptions.onDefect = [&](StringRef text) {
    defects += text.str() + "\n";
  };
  if (options.progress)
    kernelOptions.onProgress = [&](size_t done, size_t all, size_t cached) {
      options.progress->onKernels(done, all, cached);
    };
  FailureOr<std::vector<codegen::Kernel>> kernelsMade =
      codegen::compileKernels(kernels, frontend.getBackend(), kernelOptions);
  if (!defects.empty()) {
    writeReproducer(defects);
    return CompileStatus::Internal;
  }
  if (failed(kernelsMade))
    return CompileStatus::Refused;
  for (codegen::Kernel &made : *kernelsMade) {
    host.scratch[made.name] = made.scratchBytes;
    compiled[made.name] = {made.scratchBytes, countCodeBytes(made.object)};
    artifact.objects.push_back(std::move(made.object));
  }
  return CompileStatus::Ok;
}

HeaderNames Compilation::headerNames() const {
  llvm::StringSet<> taken;
  std::string prefix = options.name.empty() ? "dycc" : options.name;
  return {modelName(), prefix + "_model_query",
          options.space.empty() ? cppIdentifier(modelName(), taken)
                                : options.space};
}

CompileStatus Compilation::emitHeader() {
  PeakFormula peak(frontend.getModule());
  if (llvm::Error error = checkMaxMemory(peak, options.maxMemory))
    return frontend.refuse(std::move(error));
  return write(renderHeaderFor(options.output, frontend.getModule(), peak,
                               headerNames()),
               options.output);
}

CompileStatus Compilation::writeBeside() {
  PeakFormula peak(frontend.getModule());
  for (const std::string &path : options.headers) {
    CompileStatus status = write(
        renderHeaderFor(path, frontend.getModule(), peak, headerNames()), path);
    if (status != CompileStatus::Ok)
      return status;
  }
  if (options.depfile.empty())
    return CompileStatus::Ok;
  return write(renderDepfile(options.output, frontend.getFiles()),
               options.depfile);
}

CompileStatus Compilation::checkAndReport(const codegen::HostOptions &host) {
  PeakFormula peak(frontend.getModule(), host.scratch);
  if (llvm::Error error = checkMaxMemory(peak, options.maxMemory))
    return frontend.refuse(std::move(error));
  if (options.report.empty())
    return CompileStatus::Ok;
  report["model"]["name"] = modelName();
  llvm::cantFail(
      addPeak(frontend.getModule(), peak, /*at=*/{}, report["memory"]));
  addCompiled(compiled, report);
  return write(renderReport(report, options.report), options.report);
}

/// What the artifact says of itself.
static std::string metadata(const codegen::TargetInfo &target,
                            const codegen::HostOptions &host,
                            const PeakFormula &peak) {
  nlohmann::json text{{"producer", producer()},
                      {"target", target.triple},
                      {"cpu", target.cpu},
                      {"peak", peak.str()}};
  for (auto &[name, definition] : peak.names())
    text["names"][name] = peak.texts.str(definition);
  for (const codegen::HostMachine &machine : host.machines)
    text["machines"].push_back(machine.name);
  return text.dump();
}

CompileStatus Compilation::emitLibrary() {
  codegen::HostOptions host = hostOptions();
  Artifact artifact;
  bool isText = options.emit == EmitKind::Llvm;
  CompileStatus status =
      isText ? CompileStatus::Ok : compileKernels(host, artifact);
  if (status == CompileStatus::Ok)
    status = checkAndReport(host);
  if (status != CompileStatus::Ok)
    return status;
  host.metadata = metadata(frontend.getTarget(), host,
                           PeakFormula(frontend.getModule(), host.scratch));
  begin("host");
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> program =
      codegen::emitHostModule(frontend.getModule(), host, llvmContext);
  if (isText) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    program->print(stream, nullptr);
    return write(text, options.output);
  }
  llvm::Expected<std::string> object = codegen::emitObject(*program, host);
  if (!object) {
    frontend.refuse(object.takeError());
    writeReproducer();
    return CompileStatus::Internal;
  }
  artifact.objects.push_back(std::move(*object));
  begin("link");
  func::FuncOp main = getMain();
  artifact.weights = codegen::packWeights(main);
  artifact.weightBytes = dyn::getMemory(main).getWeightBytes();
  artifact.triple = frontend.getTarget().triple;
  if (llvm::Error error = writeArtifact(artifact, options))
    return frontend.refuse(std::move(error));
  return writeBeside();
}

} // namespace

CompileStatus compileModel(const CompileOptions &options,
                           llvm::raw_ostream &errors) {
  return Compilation(options, errors).run();
}

} // namespace dycc
