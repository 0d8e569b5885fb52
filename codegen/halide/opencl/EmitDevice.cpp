#include "codegen/halide/opencl/EmitDevice.h"

#include "codegen/halide/HalideTarget.h"
#include "codegen/halide/KernelBuilder.h"
#include "codegen/halide/Reporter.h"
#include "codegen/halide/lowering/LaneReads.h"
#include "codegen/halide/lowering/Shapes.h"
#include "codegen/halide/opencl/DeviceLoops.h"
#include "codegen/halide/opencl/DeviceText.h"
#include "codegen/halide/opencl/HalfStorage.h"
#include "codegen/halide/opencl/SharedReads.h"
#include "codegen/halide/opencl/WholeTiles.h"
#include "runtime/abi/Memory.h"

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

/// Where Halide keeps the text of a module's programs.
constexpr const char *textSuffix = "_gpu_source_kernels";

Halide::Module lower(dyn::KernelOp kernel, llvm::StringRef name,
                     dyn::DevicePlanAttr plan,
                     const codegen::TargetInfo &host) {
  Reporter reporter;
  Planner planner(kernel.getContext());
  KernelBuilder builder(kernel, planner);
  builder.shareReductions(static_cast<int>(plan.getThreads()));
  Halide::Pipeline pipeline = builder.build();
  scheduleOnDevice(builder, pipeline, plan);
  addShapes(pipeline, builder.bufferShapes());
  addWholeTiles(pipeline);
  addLaneReads(pipeline, LaneUse::Any);
  addSharedReads(pipeline);
  addHalfStorage(pipeline);
  Halide::Target target = halideTarget(host, /*hasDotProducts=*/false).target;
  target.set_feature(Halide::Target::OpenCL);
  return pipeline.compile_to_module(builder.arguments(), name.str(), target,
                                    Halide::LinkageType::External);
}

/// Tells the runtime how long the text is that it gets.
class TextLength final : public IRMutator {
public:
  explicit TextLength(size_t length) : length(static_cast<int>(length)) {}

private:
  using IRMutator::visit;

  Expr visit(const Call *op) override {
    if (op->name != "halide_opencl_initialize_kernels")
      return IRMutator::visit(op);
    std::vector<Expr> arguments = op->args;
    arguments.back() = length;
    return Call::make(op->type, op->name, arguments, op->call_type);
  }

  int length;
};

/// Counts memory that the host asks for. What is on the device alone has blocks
/// without bytes.
class AllocationCounter final : public IRVisitor {
public:
  int64_t count = 0;

private:
  using IRVisitor::visit;

  void visit(const Allocate *op) override {
    if (!is_const_zero(op->condition))
      throw HalideError("expects memory on the device alone, got '" + op->name +
                        "' on the host");
    ++count;
    IRVisitor::visit(op);
  }
};

/// Refuses what the host would compute itself: values are on the device.
class HostStoreFinder final : public IRVisitor {
  using IRVisitor::visit;

  void visit(const Halide::Internal::Store *op) override {
    throw HalideError("expects stores on the device alone, got one to '" +
                      op->name + "' on the host");
  }
};

} // namespace

DeviceKernel::DeviceKernel(dyn::KernelOp kernel, llvm::StringRef name,
                           dyn::DevicePlanAttr plan,
                           const codegen::TargetInfo &host)
    : module(lower(kernel, name, plan, host)) {
  HostStoreFinder stores;
  AllocationCounter allocations;
  for (const LoweredFunc &function : module.functions()) {
    function.body.accept(&stores);
    function.body.accept(&allocations);
  }
  scratch = dyn::ExprAttr::constant(kernel.getContext(),
                                    allocations.count * DYCC_SCRATCH_ALIGNMENT);
  for (const auto &buffer : module.buffers())
    if (ends_with(buffer.name(), textSuffix))
      text = rewriteDeviceText(reinterpret_cast<const char *>(buffer.data()));
  if (text.empty())
    throw HalideError("expects the text of a program, got none");
}

void DeviceKernel::write(const std::string &path) const {
  Halide::Module made(module.name(), module.target());
  for (const auto &buffer : module.buffers()) {
    if (!ends_with(buffer.name(), textSuffix)) {
      made.append(buffer);
      continue;
    }
    size_t length = text.size() + 1; // The 0 too.
    Halide::Buffer<uint8_t> whole(static_cast<int>(length), buffer.name());
    std::copy_n(text.c_str(), length, whole.data());
    made.append(whole);
  }
  TextLength writer(text.size() + 1);
  for (LoweredFunc function : module.functions()) {
    function.body = writer.mutate(function.body);
    made.append(function);
  }
  made.compile({{Halide::OutputFileType::object, path}});
}

} // namespace dycc::halide
