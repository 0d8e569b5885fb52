#include "codegen/halide/KernelCompiler.h"

#include "codegen/halide/Emit.h"
#include "codegen/halide/KernelCache.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/WorkerPool.h"
#include "mlir/AsmParser/AsmParser.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace dycc::halide {
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

/// Runs in the worker.
std::string compileInto(dyn::KernelOp kernel, const TargetInfo &target,
                        const KernelFile &file) {
  std::string object = file.temporary(".o");
  dyn::ExprAttr scratch = emitKernel(kernel, target, object);
  std::string text;
  llvm::raw_string_ostream(text) << scratch;
  return file.publish(text, object);
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

} // namespace

std::string kernelText(dyn::KernelOp kernel) {
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
  addTypes(kernel.getBody().getArguments());
  for (Operation &op : kernel.getBody().front()) {
    os << op.getName() << op.getAttrDictionary();
    for (Value operand : op.getOperands())
      os << " %" << numbers.lookup(operand);
    addTypes(op.getResults());
  }
  for (Type type : kernel.getResultTypes())
    os << dyn::getLayout(type) << '\n';
  return text;
}

FailureOr<std::vector<Kernel>> compileKernels(ArrayRef<dyn::KernelOp> kernels,
                                              const TargetInfo &target,
                                              const KernelOptions &options) {
  KernelCache cache(options.cacheDir);
  std::vector<KernelFile> files;
  std::vector<std::function<std::string()>> tasks;
  std::vector<size_t> taskKernels;
  llvm::StringSet<> started;
  for (dyn::KernelOp kernel : kernels) {
    size_t index = files.size();
    files.push_back(cache.file(kernel.getSymName().str() + '\n' + target.key() +
                               '\n' + kernelText(kernel)));
    const KernelFile &file = files.back();
    if (file.exists() || !started.insert(file.path()).second)
      continue;
    tasks.push_back(
        [&target, kernel, file] { return compileInto(kernel, target, file); });
    taskKernels.push_back(index);
  }
  bool isGood = true;
  auto onEnd = [&](size_t ended) {
    if (options.onProgress)
      options.onProgress(kernels.size() - tasks.size() + ended, kernels.size());
  };
  onEnd(0);
  std::vector<TaskEnd> ends = runWorkers(tasks, options.jobs, onEnd);
  for (auto [end, index] : llvm::zip(ends, taskKernels))
    isGood &= succeeded(report(end, kernels[index], options));
  if (!isGood)
    return failure();
  std::vector<Kernel> compiled;
  for (auto [index, file] : llvm::enumerate(files)) {
    dyn::KernelOp kernel = kernels[index];
    auto [scratch, object] = file.read();
    auto bytes = mlir::dyn_cast_or_null<dyn::ExprAttr>(
        parseAttribute(scratch, kernel.getContext()));
    if (!bytes) {
      emitError(kernel.getLoc())
          << "expects a kernel in '" << file.path() << "', got other data";
      return failure();
    }
    compiled.push_back({std::move(object), bytes});
  }
  return compiled;
}

} // namespace dycc::halide
