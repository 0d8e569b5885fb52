#include "codegen/kernels/KernelCompiler.h"

#include "codegen/kernels/KernelCache.h"
#include "codegen/kernels/KernelServer.h"
#include "dialects/dyn/Kernels.h"
#include "mlir/AsmParser/AsmParser.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace dycc::codegen {
namespace {

/// The operators of a kernel, for a message: "Conv, Relu".
std::string operatorNames(dyn::KernelOp kernel) {
  std::string text;
  for (Operation &op : kernel.getBody().front().without_terminator()) {
    StringRef name = op.getName().getStringRef();
    if (!name.consume_front("onnx.") || name == "Constant")
      continue;
    text += (text.empty() ? "" : ", ") + name.str();
  }
  return text.empty() ? "copy" : text;
}

/// A version of a kernel, to be compiled.
struct Job {
  dyn::KernelOp kernel;
  unsigned version;

  std::string name() const {
    return dyn::KernelOp(kernel).getFunctionName(version);
  }
  /// What makes the object; a condition may say what symbols are. Without
  /// versions the back end chooses a plan.
  std::string text(const Backend &backend) const {
    return name() + '\n' + textBehindName(backend);
  }
  std::string textBehindName(const Backend &backend) const {
    dyn::VersionAttr made = dyn::KernelOp(kernel).getVersion(version);
    dyn::KernelPlanAttr plan = made ? made.getPlan() : nullptr;
    std::string text = backend.key(made) + '\n';
    llvm::raw_string_ostream stream(text);
    stream << plan << '\n';
    if (made && made.getWhen())
      stream << made.getWhen() << '\n';
    return text + kernelText(kernel);
  }
};

std::vector<Job> jobsOf(ArrayRef<dyn::KernelOp> kernels) {
  std::vector<Job> jobs;
  for (dyn::KernelOp kernel : kernels)
    for (unsigned i = 0; i < kernel.getNumVersions(); ++i)
      jobs.push_back({kernel, i});
  return jobs;
}

/// Says how the compilation of a kernel failed. What dycc did wrong is not for
/// the user to read.
LogicalResult report(const TaskEnd &end, dyn::KernelOp kernel,
                     const KernelOptions &options) {
  if (end.error.empty())
    return success();
  emitError(kernel.getLoc())
      << "cannot compile the kernel of " << operatorNames(kernel) << ": "
      << (end.isDefect ? "a defect of dycc" : end.error);
  if (end.isDefect && options.onDefect)
    options.onDefect(operatorNames(kernel) + ": " + end.error);
  return failure();
}

/// The objects, in order.
FailureOr<std::vector<Kernel>> readAll(ArrayRef<Job> jobs,
                                       ArrayRef<KernelFile> files) {
  std::vector<Kernel> compiled;
  for (auto [job, file] : llvm::zip(jobs, files)) {
    dyn::KernelOp kernel = job.kernel;
    auto [scratch, object] = file.read();
    auto bytes = mlir::dyn_cast_or_null<dyn::ExprAttr>(
        parseAttribute(scratch, kernel.getContext()));
    if (!bytes)
      return emitError(kernel.getLoc())
             << "expects a kernel in '" << file.path() << "', got other data";
    compiled.push_back(
        {job.name(), std::move(object), bytes, /*seconds=*/std::nullopt});
  }
  return compiled;
}

} // namespace

std::string objectsText(dyn::KernelOp kernel, const Backend &backend) {
  std::string text;
  for (const Job &job : jobsOf(kernel))
    text += job.textBehindName(backend) + '\n';
  return text;
}

std::string kernelText(dyn::KernelOp kernel) {
  return dyn::textOf(kernel.getBody().front(),
                     llvm::to_vector(kernel.getResultTypes()));
}

FailureOr<std::vector<Kernel>> compileKernels(ArrayRef<dyn::KernelOp> kernels,
                                              const Backend &backend,
                                              const KernelOptions &options) {
  KernelCache cache(options.cacheDir);
  std::vector<Job> jobs = jobsOf(kernels);
  std::vector<KernelFile> files;
  std::vector<KernelRequest> requests;
  std::vector<size_t> requestJobs;
  llvm::StringSet<> started;
  for (const auto &[index, job] : llvm::enumerate(jobs)) {
    files.push_back(cache.file(job.text(backend)));
    const KernelFile &file = files.back();
    if (file.exists() || !started.insert(file.path()).second)
      continue;
    requests.push_back(
        KernelRequest::get(job.kernel, job.version, file.path()));
    requestJobs.push_back(index);
  }
  auto onEnd = [&](size_t ended) {
    size_t cached = jobs.size() - requests.size();
    if (options.onProgress)
      options.onProgress(cached + ended, jobs.size(), cached);
  };
  onEnd(0);
  std::optional<KernelServer> own;
  KernelServer *server = options.server;
  if (!server && !requests.empty())
    server = &own.emplace(backend);
  std::vector<TaskEnd> ends;
  if (!requests.empty())
    ends = server->run(requests, options.jobs, onEnd);
  bool isGood = true;
  for (auto [end, index] : llvm::zip(ends, requestJobs))
    isGood &= succeeded(report(end, jobs[index].kernel, options));
  if (!isGood)
    return failure();
  FailureOr<std::vector<Kernel>> compiled = readAll(jobs, files);
  if (succeeded(compiled))
    for (auto [end, index] : llvm::zip(ends, requestJobs))
      (*compiled)[index].seconds = static_cast<double>(end.microseconds) * 1e-6;
  return compiled;
}

} // namespace dycc::codegen
