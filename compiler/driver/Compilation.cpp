#include "compiler/driver/Compilation.h"

#include "codegen/kernels/KernelCache.h"
#include "compiler/driver/HostOptions.h"
#include "compiler/driver/OutputFiles.h"
#include "compiler/driver/Progress.h"
#include "compiler/driver/Report.h"
#include "compiler/driver/ReportMemory.h"
#include "compiler/driver/Reproducer.h"
#include "compiler/driver/TunePoints.h"
#include "compiler/driver/Version.h"
#include "compiler/report/ModelScript.h"
#include "dialects/dyn/Plan.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/Path.h"

#include <cstdlib>

using namespace mlir;

namespace dycc {

std::string Compilation::modelName() const {
  return options.name.empty() ? llvm::sys::path::stem(options.input).str()
                              : options.name;
}

codegen::HostOptions Compilation::hostOptions() const {
  return hostOptionsOf(frontend, options, modelName());
}

void Compilation::begin(StringRef next) {
  auto now = std::chrono::steady_clock::now();
  double seconds = std::chrono::duration<double>(now - started).count();
  if (options.timeReport && !step.empty())
    errors << llvm::format("%8.3f s  %s\n", seconds, step.c_str());
  if (!step.empty())
    times.push_back({{"name", step}, {"seconds", seconds}});
  step = next.str();
  if (!step.empty())
    noteStage(step);
  started = now;
  if (options.progress && !step.empty())
    options.progress->onStep(step);
}

CompileStatus Compilation::prepare(codegen::KernelServer *given) {
  begin("import");
  CompileStatus status = frontend.chooseTarget();
  if (status == CompileStatus::Ok && makesKernels()) {
    server = given ? given : &ownServer.emplace(frontend.getBackend());
    frontend.useThreads();
  }
  if (status == CompileStatus::Ok)
    status = frontend.import();
  return status == CompileStatus::Ok ? runStages() : status;
}

CompileStatus Compilation::run() {
  CompileStatus status = prepare();
  if (status == CompileStatus::Ok && !options.tune.empty())
    status = tunePlans();
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
  if (options.emit == EmitKind::Llvm)
    return emitHostText();
  if (options.emit != EmitKind::Header)
    return emitLibrary();
  CompileStatus status = emitHeader();
  return status == CompileStatus::Ok ? writeBeside() : status;
}

codegen::KernelOptions Compilation::kernelOptions() {
  codegen::KernelOptions made;
  made.jobs = std::max(1u, options.jobs);
  made.cacheDir = options.cacheDir;
  made.server = server;
  return made;
}

CompileStatus Compilation::compileKernels(codegen::HostOptions &host,
                                          Artifact &artifact) {
  begin("kernels");
  SmallVector<dyn::KernelOp> kernels(
      frontend.getModule().getOps<dyn::KernelOp>());
  codegen::KernelOptions how = kernelOptions();
  std::string defects;
  how.onDefect = [&](StringRef text) { defects += text.str() + "\n"; };
  if (options.progress)
    how.onProgress = [&](size_t done, size_t all, size_t cached) {
      options.progress->onKernels(done, all, cached);
    };
  FailureOr<std::vector<codegen::Kernel>> kernelsMade =
      codegen::compileKernels(kernels, frontend.getBackend(), how);
  if (!defects.empty()) {
    writeReproducer(defects);
    return CompileStatus::Internal;
  }
  if (failed(kernelsMade))
    return CompileStatus::Refused;
  addKernels(*kernelsMade, host, artifact);
  return checkAndReport(host);
}

void Compilation::addKernels(std::vector<codegen::Kernel> &made,
                             codegen::HostOptions &host, Artifact &artifact) {
  for (codegen::Kernel &kernel : made) {
    host.scratch[kernel.name] = kernel.scratchBytes;
    compiled[kernel.name] = {kernel.scratchBytes, countCodeBytes(kernel.object),
                             kernel.seconds};
    if (artifact.kernels.insert(kernel.name).second)
      artifact.objects.push_back(std::move(kernel.object));
  }
}

CompileStatus Compilation::emitHeader() {
  PeakFormula peak(frontend.getModule());
  if (llvm::Error error = checkMaxMemory(peak, options.maxMemory))
    return frontend.refuse(std::move(error));
  return write(renderHeaderFor(options.output, frontend.getModule(), peak,
                               headerNames(options, modelName(), false)),
               options.output);
}

CompileStatus Compilation::writeBeside() {
  if (llvm::Error error = dycc::writeBeside(
          options, frontend.getModule(),
          headerNames(options, modelName(), false), frontend.getFiles()))
    return frontend.refuse(std::move(error));
  return CompileStatus::Ok;
}

CompileStatus Compilation::checkAndReport(const codegen::HostOptions &host) {
  PeakFormula peak(frontend.getModule(), host.scratch);
  if (llvm::Error error = checkMaxMemory(peak, options.maxMemory))
    return frontend.refuse(std::move(error));
  if (options.report.empty())
    return CompileStatus::Ok;
  report["model"]["name"] = modelName();
  report["model"]["producer"] = producer();
  if (options.found)
    report["precision"] = describe(*options.found);
  llvm::cantFail(
      addPeak(frontend.getModule(), peak, /*at=*/{}, report["memory"]));
  addCompiled(compiled, report);
  if (isHtmlName(options.report))
    report["script"] =
        modelScript(frontend.getModule(), {frontend.getModule(), peak});
  return CompileStatus::Ok;
}

CompileStatus Compilation::writeReport() {
  if (options.report.empty())
    return CompileStatus::Ok;
  begin("report");
  // Who sets it wants the same bytes from each build: times differ.
  if (std::getenv("SOURCE_DATE_EPOCH"))
    removeTimes(report);
  else
    report["times"] = {{"stages", times}, {"jobs", std::max(1u, options.jobs)}};
  return write(renderReport(report, options.report), options.report);
}

CompileStatus Compilation::emitHostText() {
  codegen::HostOptions host = hostOptions();
  CompileStatus status = checkAndReport(host);
  if (status != CompileStatus::Ok)
    return status;
  begin("host");
  llvm::LLVMContext llvmContext;
  addMetadata(frontend, host);
  std::unique_ptr<llvm::Module> program =
      codegen::emitHostModule(frontend.getModule(), host, llvmContext);
  std::string text;
  llvm::raw_string_ostream stream(text);
  program->print(stream, nullptr);
  status = write(text, options.output);
  return status == CompileStatus::Ok ? writeReport() : status;
}

CompileStatus Compilation::addHostProgram(codegen::HostOptions &host,
                                          Artifact &artifact) {
  begin("host");
  llvm::Expected<std::string> object = makeHostObject(host);
  if (!object) {
    frontend.refuse(object.takeError());
    writeReproducer();
    return CompileStatus::Internal;
  }
  artifact.objects.push_back(std::move(*object));
  return CompileStatus::Ok;
}

CompileStatus Compilation::emitLibrary() {
  codegen::HostOptions host = hostOptions();
  Artifact artifact;
  CompileStatus status = compileKernels(host, artifact);
  if (status == CompileStatus::Ok)
    status = addHostProgram(host, artifact);
  if (status != CompileStatus::Ok)
    return status;
  begin("link");
  if (llvm::Error error = link(artifact, options))
    return frontend.refuse(std::move(error));
  status = writeReport();
  return status == CompileStatus::Ok ? writeBeside() : status;
}

llvm::Expected<std::string>
Compilation::makeHostObject(codegen::HostOptions &host) {
  addMetadata(frontend, host);
  llvm::LLVMContext llvmContext;
  return codegen::emitObject(
      *codegen::emitHostModule(frontend.getModule(), host, llvmContext), host);
}

llvm::Error Compilation::link(Artifact &artifact, const CompileOptions &how) {
  func::FuncOp main = getMain();
  artifact.weights = codegen::packWeights(main);
  artifact.weightBytes = dyn::getMemory(main).getWeightBytes();
  artifact.triple = frontend.getTarget().triple;
  return writeArtifact(artifact, how);
}

CompileStatus Compilation::tunePlans() {
  begin("tune");
  ModuleOp module = frontend.getModule();
  llvm::Expected<tune::TuneOptions> tuning = tuneOptions(module, options);
  if (!tuning)
    return frontend.refuse(tuning.takeError());
  codegen::KernelCache cache(options.cacheDir);
  tune::Compiler compiler{
      frontend.getBackend(), frontend.getMachines(),
      [&](StringRef path) { return buildQuietly(path, cache.path()); }};
  if (options.progress)
    compiler.onProgress = [&](StringRef text) {
      errors << "dycc: " << text << "\n";
    };
  tune::PlanFile &file = frontend.getTuneFile();
  if (llvm::Error error = tune::Tuner(module, compiler, *tuning)
                              .run(frontend.getPlanned(), file, errors))
    return frontend.refuse(
        llvm::createStringError("--tune: " + llvm::toString(std::move(error))));
  if (!options.report.empty())
    report["kernels"] = describeKernels(module);
  return write(file.text(), options.tune);
}

bool Compilation::buildQuietly(StringRef path, StringRef cacheDir) {
  ScopedDiagnosticHandler quiet(frontend.getModule().getContext(),
                                [](Diagnostic &) { return success(); });
  codegen::KernelOptions how = kernelOptions();
  how.cacheDir = cacheDir.str();
  auto made = codegen::compileKernels(
      SmallVector<dyn::KernelOp>(frontend.getModule().getOps<dyn::KernelOp>()),
      frontend.getBackend(), how);
  if (failed(made))
    return false;
  codegen::HostOptions host = hostOptions();
  Artifact artifact;
  addKernels(*made, host, artifact);
  llvm::Expected<std::string> object = makeHostObject(host);
  if (llvm::Error error = object.takeError()) {
    llvm::consumeError(std::move(error));
    return false;
  }
  artifact.objects.push_back(std::move(*object));
  CompileOptions shared = options;
  shared.output = path.str();
  shared.emit = EmitKind::Shared;
  shared.sanitize = false;
  llvm::Error error = link(artifact, shared);
  bool isLinked = !error;
  llvm::consumeError(std::move(error));
  return isLinked;
}

} // namespace dycc
