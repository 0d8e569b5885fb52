#include "compiler/driver/Compile.h"

#include "codegen/halide/KernelCompiler.h"
#include "codegen/llvm/HostModule.h"
#include "codegen/llvm/HostProgram.h"
#include "compiler/driver/Artifact.h"
#include "compiler/driver/Diagnostics.h"
#include "compiler/driver/SymbolOptions.h"
#include "compiler/import/Import.h"
#include "compiler/pipeline/Pipeline.h"
#include "dialects/onnx/OnnxDialect.h"
#include "passes/shape/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ToolOutputFile.h"

#include <chrono>

using namespace mlir;

namespace dycc {
namespace {

/// One compilation, stage by stage.
class Compilation {
public:
  Compilation(const CompileOptions &options, llvm::raw_ostream &errors)
      : options(options), errors(errors),
        context(MLIRContext::Threading::DISABLED), printer(context, errors) {
    DialectRegistry registry;
    registry.insert<dyn::DynDialect, onnx::OnnxDialect, func::FuncDialect>();
    shape::registerShapeTransfers(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    // A diagnostic names the node; the operation's text would bury that.
    context.printOpOnDiagnostic(false);
  }

  CompileStatus run();

private:
  CompileStatus refuse(llvm::Error error);
  CompileStatus runStages();
  CompileStatus finish();
  CompileStatus emitLibrary();
  CompileStatus write(StringRef text);
  bool stopsAfter(StringRef stage) const { return options.stopAfter == stage; }
  LogicalResult dump(StringRef stage);
  /// Ends the timing of the step before, starts that of `step`.
  void begin(StringRef step);
  llvm::Error chooseTarget();
  codegen::HostOptions hostOptions() const;
  LogicalResult compileKernels(codegen::HostOptions &host, Artifact &artifact);

  const CompileOptions &options;
  llvm::raw_ostream &errors;
  MLIRContext context;
  DiagnosticPrinter printer;
  OwningOpRef<ModuleOp> module;
  halide::TargetInfo target;
  std::string step;
  std::chrono::steady_clock::time_point started;
};

CompileStatus Compilation::refuse(llvm::Error error) {
  llvm::handleAllErrors(std::move(error), [&](const llvm::ErrorInfoBase &info) {
    errors << "error: " << info.message() << "\n";
  });
  return CompileStatus::Refused;
}

void Compilation::begin(StringRef next) {
  auto now = std::chrono::steady_clock::now();
  if (options.timeReport && !step.empty())
    errors << llvm::format("%8.3f s  %s\n",
                           std::chrono::duration<double>(now - started).count(),
                           step.c_str());
  step = next.str();
  started = now;
  if (options.progress && !step.empty())
    errors << "dycc: " << step << "\n";
}

llvm::Error Compilation::chooseTarget() {
  llvm::Expected<halide::TargetInfo> chosen =
      halide::TargetInfo::get(options.triple, options.cpu, options.features);
  if (!chosen)
    return chosen.takeError();
  target = std::move(*chosen);
  return llvm::Error::success();
}

LogicalResult Compilation::dump(StringRef stage) {
  if (options.dumpStages.empty())
    return success();
  SmallString<128> path(options.dumpStages);
  llvm::sys::path::append(path, stage + ".mlir");
  std::error_code code = llvm::sys::fs::create_directories(options.dumpStages);
  llvm::raw_fd_ostream file(path, code);
  if (code) {
    errors << "error: --dump-stages '" << path << "': " << code.message()
           << "\n";
    return failure();
  }
  module->print(file, OpPrintingFlags().enableDebugInfo(true));
  return success();
}

CompileStatus Compilation::run() {
  if (llvm::Error error = chooseTarget())
    return refuse(std::move(error));
  begin("import");
  module = importOnnx(options.input, context);
  if (!module)
    return CompileStatus::Refused;
  if (llvm::Error error = applySymbolOptions(*module, options))
    return refuse(std::move(error));
  if (failed(dump("import")))
    return CompileStatus::Refused;
  if (CompileStatus status = runStages(); status != CompileStatus::Ok)
    return status;
  CompileStatus status = finish();
  begin("");
  return status;
}

CompileStatus Compilation::runStages() {
  if (stopsAfter("import"))
    return CompileStatus::Ok;
  PipelineOptions pipeline;
  pipeline.panelWidth = target.panelWidth();
  pipeline.channelBlock = target.lanes(4);
  pipeline.disabled.insert_range(options.disabled);
  for (const Stage &stage : stages()) {
    begin(stage.name);
    PassManager passes(&context);
    passes.enableVerifier(true);
    stage.build(passes, pipeline);
    if (failed(passes.run(*module)))
      return printer.errors() ? CompileStatus::Refused
                              : CompileStatus::Internal;
    if (failed(dump(stage.name)))
      return CompileStatus::Refused;
    if (stopsAfter(stage.name))
      break;
  }
  return CompileStatus::Ok;
}

/// Writes text to the output, whole or not at all.
CompileStatus Compilation::write(StringRef text) {
  std::string path = options.output.empty() ? "-" : options.output;
  std::error_code code;
  llvm::ToolOutputFile file(path, code, llvm::sys::fs::OF_Text);
  if (!code) {
    file.os() << text;
    file.os().flush();
    code = file.os().error();
  }
  if (code) {
    errors << "error: cannot write '" << path << "': " << code.message()
           << "\n";
    file.os().clear_error();
    return CompileStatus::Refused;
  }
  file.keep();
  return CompileStatus::Ok;
}

CompileStatus Compilation::finish() {
  if (!options.stopAfter.empty() || options.emit == EmitKind::Mlir) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    module->print(stream);
    return write(text);
  }
  return emitLibrary();
}

/// Features that compiled code may use. The rest of a processor's list (key
/// storage, virtual machines, ...) changes nothing in it, and would keep an
/// artifact from processors that can run it.
static bool isUsed(StringRef feature) {
  static constexpr llvm::StringLiteral kUsed[] = {
      "sse3", "ssse3",   "sse4.1", "sse4.2", "popcnt", "avx",      "f16c",
      "fma",  "avx2",    "bmi",    "bmi2",   "lzcnt",  "movbe",    "avxvnni",
      "neon", "dotprod", "i8mm",   "bf16",   "lse",    "fullfp16", "sve2"};
  return llvm::is_contained(kUsed, feature) || feature.starts_with("avx512");
}

codegen::HostOptions Compilation::hostOptions() const {
  codegen::HostOptions host;
  host.name = options.name.empty() ? llvm::sys::path::stem(options.input).str()
                                   : options.name;
  host.triple = target.triple;
  host.cpu = target.cpu;
  for (const std::string &feature : target.features) {
    if (!isUsed(feature))
      continue;
    host.features += (host.features.empty() ? "+" : ",+") + feature;
    host.cpuFeatures += (host.cpuFeatures.empty() ? "" : ",") + feature;
  }
  host.maxTrips = options.maxTrips;
  return host;
}

LogicalResult Compilation::compileKernels(codegen::HostOptions &host,
                                          Artifact &artifact) {
  begin("kernels");
  auto main = module->lookupSymbol<func::FuncOp>("main");
  std::vector<halide::KernelJob> jobs;
  for (dyn::GroupOp group : codegen::collectKernels(main))
    jobs.push_back({group, group.getKernel()->str()});
  halide::KernelOptions kernelOptions;
  kernelOptions.jobs = std::max(1u, options.jobs);
  kernelOptions.cacheDir = options.cacheDir;
  FailureOr<std::vector<halide::Kernel>> kernels =
      halide::compileKernels(jobs, target, kernelOptions);
  if (failed(kernels))
    return failure();
  for (auto [job, kernel] : llvm::zip(jobs, *kernels)) {
    host.scratch[job.name] = kernel.scratchBytes;
    artifact.objects.push_back(std::move(kernel.object));
  }
  return success();
}

CompileStatus Compilation::emitLibrary() {
  codegen::HostOptions host = hostOptions();
  Artifact artifact;
  bool isText = options.emit == EmitKind::Llvm;
  if (!isText && failed(compileKernels(host, artifact)))
    return CompileStatus::Refused;
  begin("host");
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> program =
      codegen::emitHostModule(*module, host, llvmContext);
  if (isText) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    program->print(stream, nullptr);
    return write(text);
  }
  llvm::Expected<std::string> object = codegen::emitObject(*program, host);
  if (!object) {
    refuse(object.takeError());
    return CompileStatus::Internal;
  }
  artifact.objects.push_back(std::move(*object));
  begin("link");
  auto main = module->lookupSymbol<func::FuncOp>("main");
  artifact.weights = codegen::packWeights(main);
  artifact.weightBytes =
      main->getAttrOfType<IntegerAttr>("dyn.weight_bytes").getInt();
  artifact.triple = target.triple;
  if (llvm::Error error = writeArtifact(artifact, options))
    return refuse(std::move(error));
  return CompileStatus::Ok;
}

} // namespace

CompileStatus compileModel(const CompileOptions &options,
                           llvm::raw_ostream &errors) {
  return Compilation(options, errors).run();
}

} // namespace dycc
