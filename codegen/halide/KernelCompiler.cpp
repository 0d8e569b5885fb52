#include "codegen/halide/KernelCompiler.h"

#include "codegen/halide/Emit.h"
#include "codegen/halide/KernelCache.h"
#include "codegen/halide/KernelError.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/WorkerPool.h"
#include "mlir/AsmParser/AsmParser.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace dycc::halide {
namespace {

/// The nodes of a group, for a message: "Conv, Relu".
std::string operatorNames(dyn::GroupOp group) {
  std::string text;
  for (Operation &op : group.getBody().front().without_terminator()) {
    StringRef name = op.getName().getStringRef();
    if (!name.consume_front("onnx.") || name == "Constant")
      continue;
    text += (text.empty() ? "" : ", ") + name.str();
  }
  return text.empty() ? "copy" : text;
}

/// The plan that the job asks for, or else the target's.
dyn::KernelPlanAttr planOf(const KernelJob &job,
                           const codegen::TargetInfo &target) {
  if (job.plan)
    return job.plan;
  KernelOrRefusal made = planKernel(job.group, target);
  if (auto *refusal = std::get_if<KernelRefusal>(&made))
    throw KernelError(refusal->reason);
  return std::get<dyn::KernelPlanAttr>(made);
}

/// Runs in the worker.
std::string compileInto(const KernelJob &job, const codegen::TargetInfo &target,
                        const KernelFile &file) {
  std::string object = file.temporary(".o"), text;
  try {
    llvm::raw_string_ostream(text)
        << emitKernel(job.group, planOf(job, target), job.name, target, object);
  } catch (const PlanError &error) {
    return "kernel '" + job.name + "': " + error.what();
  }
  return file.publish(text, object);
}

/// Says how the compilation of a kernel failed. What dycc did wrong is not for
/// the user to read.
LogicalResult report(const TaskEnd &end, dyn::GroupOp group,
                     const KernelOptions &options) {
  if (end.error.empty())
    return success();
  emitError(group.getLoc())
      << "cannot compile the kernel of " << operatorNames(group) << ": "
      << (end.isDefect ? "a defect of dycc" : end.error);
  if (end.isDefect && options.onDefect)
    options.onDefect(operatorNames(group) + ": " + end.error);
  return failure();
}

} // namespace

std::string kernelText(dyn::GroupOp group) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::DenseMap<Value, unsigned> numbers;
  auto addTypes = [&](ValueRange values) {
    for (Value value : values) {
      numbers.insert({value, numbers.size()});
      os << ' ' << value.getType();
    }
    os << '\n';
  };
  addTypes(group.getBody().getArguments());
  for (Operation &op : group.getBody().front()) {
    os << op.getName() << op.getAttrDictionary();
    for (Value operand : op.getOperands())
      os << " %" << numbers.lookup(operand);
    addTypes(op.getResults());
  }
  for (Type type : group.getResultTypes())
    os << dyn::getLayout(type) << '\n';
  return text;
}

FailureOr<std::vector<Kernel>> compileKernels(ArrayRef<KernelJob> jobs,
                                              const codegen::TargetInfo &target,
                                              const KernelOptions &options) {
  KernelCache cache(options.cacheDir);
  std::vector<KernelFile> files;
  std::vector<std::function<std::string()>> tasks;
  std::vector<size_t> taskJobs;
  llvm::StringSet<> started;
  for (const auto &[index, job] : llvm::enumerate(jobs)) {
    std::string plan;
    llvm::raw_string_ostream(plan) << job.plan;
    files.push_back(cache.file(job.name + '\n' + target.key() + '\n' + plan +
                               '\n' + kernelText(job.group)));
    const KernelFile &file = files.back();
    if (file.exists() || !started.insert(file.path()).second)
      continue;
    tasks.push_back(
        [&target, job, file] { return compileInto(job, target, file); });
    taskJobs.push_back(index);
  }
  bool isGood = true;
  auto onEnd = [&](size_t ended) {
    if (options.onProgress)
      options.onProgress(jobs.size() - tasks.size() + ended, jobs.size());
  };
  onEnd(0);
  std::vector<TaskEnd> ends = runWorkers(tasks, options.jobs, onEnd);
  for (auto [end, index] : llvm::zip(ends, taskJobs))
    isGood &= succeeded(report(end, jobs[index].group, options));
  if (!isGood)
    return failure();
  std::vector<Kernel> kernels;
  for (auto [job, file] : llvm::zip(jobs, files)) {
    auto [scratch, object] = file.read();
    auto bytes = mlir::dyn_cast_or_null<dyn::ExprAttr>(
        parseAttribute(scratch, job.group->getContext()));
    if (!bytes) {
      emitError(job.group->getLoc())
          << "expects a kernel in '" << file.path() << "', got other data";
      return failure();
    }
    kernels.push_back({std::move(object), bytes});
  }
  return kernels;
}

} // namespace dycc::halide
