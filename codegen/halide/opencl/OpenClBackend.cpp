#include "codegen/halide/opencl/OpenClBackend.h"

#include "codegen/halide/KernelError.h"
#include "codegen/halide/opencl/EmitDevice.h"
#include "dialects/dyn/DynDevice.h"
#include "passes/Remarks.h"

using namespace mlir;

#define DEBUG_TYPE "dycc-opencl"

namespace dycc::halide {
namespace {

/// A tile of 4 x 4 sums has half a number to load for each product, and leaves
/// phones' GPUs the registers for many threads at a time (docs/mobile.md).
dyn::DevicePlanAttr devicePlan(MLIRContext *context) {
  return dyn::DevicePlanAttr::get(context, /*threads=*/64, /*lanes=*/4,
                                  /*rows=*/4);
}

/// What so few elements are for is shapes and conditions: the processor has
/// them before the device has heard of it.
constexpr int64_t fewElements = 64;

bool isSmall(dyn::KernelOp kernel) {
  SmallVector<Type> types(kernel.getBody().getArgumentTypes());
  llvm::append_range(types, kernel.getResultTypes());
  return llvm::all_of(types, [](Type type) {
    std::optional<int64_t> count = dyn::getNumElements(type).asConstant();
    return count && *count <= fewElements;
  });
}

/// Floats of more than 32 bits are an extension of OpenCL.
std::string whyNotTypes(dyn::KernelOp kernel) {
  SmallVector<Type> types(kernel.getBody().getArgumentTypes());
  for (Operation &op : kernel.getBody().front())
    llvm::append_range(types, op.getResultTypes());
  for (Type type : types) {
    auto element = dyn_cast<FloatType>(getElementTypeOrSelf(type));
    if (element && element.getWidth() > 32)
      return "has floats of " + std::to_string(element.getWidth()) +
             " bits, which not every device has";
  }
  return "";
}

dyn::VersionAttr deviceVersion(MLIRContext *context) {
  Attribute step = devicePlan(context);
  auto plan = dyn::KernelPlanAttr::get(context, /*vector=*/16, /*task=*/0,
                                       ArrayAttr::get(context, step));
  return dyn::VersionAttr::get(context, StringAttr::get(context, "device"),
                               /*when=*/dyn::ExprAttr(), plan,
                               /*cost=*/dyn::ExprAttr());
}

} // namespace

std::string whyNotOnDevice(dyn::KernelOp kernel,
                           const codegen::TargetInfo &target) {
  if (isSmall(kernel))
    return "has so few elements that the processor is faster";
  if (std::string reason = whyNotTypes(kernel); !reason.empty())
    return reason;
  try {
    DeviceKernel(kernel, "kernel", devicePlan(kernel.getContext()), target);
    return "";
  } catch (const std::exception &error) {
    std::string text = error.what(); // Of several lines, where it is Halide's.
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
  }
}

std::string OpenClBackend::key(dyn::VersionAttr version) const {
  return dyn::getDevicePlan(version) ? "opencl " + target.key()
                                     : processor.key(version);
}

/// Lowered and written as text, which takes a few milliseconds: what Halide
/// refuses has no other sign.
std::optional<codegen::KernelRefusal>
OpenClBackend::plan(dyn::KernelOp kernel) const {
  std::string reason = whyNotOnDevice(kernel, target);
  if (!reason.empty()) {
    remarks::missed(remarks::kVersion, kernel.getLoc(), DEBUG_TYPE)
        << "runs on the processor: " << StringRef(reason);
    return processor.plan(kernel);
  }
  remarks::taken(remarks::kVersion, kernel.getLoc(), DEBUG_TYPE)
      << "runs on the device";
  MLIRContext *context = kernel.getContext();
  kernel.setVersionsAttr(ArrayAttr::get(context, deviceVersion(context)));
  return {};
}

dyn::VersionAttr
OpenClBackend::specialize(dyn::KernelOp kernel, dyn::VersionAttr like,
                          llvm::ArrayRef<int64_t> values) const {
  if (dyn::getDevicePlan(like))
    return {}; // One program serves all shapes.
  return processor.specialize(kernel, like, values);
}

std::string OpenClBackend::whyNot(dyn::KernelOp kernel,
                                  dyn::VersionAttr version) const {
  return dyn::getDevicePlan(version) ? "" : processor.whyNot(kernel, version);
}

std::vector<dyn::KernelPlanAttr>
OpenClBackend::neighbours(dyn::KernelOp kernel,
                          dyn::VersionAttr version) const {
  if (dyn::getDevicePlan(version))
    return {};
  return processor.neighbours(kernel, version);
}

dyn::ExprAttr OpenClBackend::compile(dyn::KernelOp kernel, unsigned version,
                                     const std::string &path) const {
  dyn::VersionAttr made = kernel.getVersion(version);
  dyn::DevicePlanAttr device = dyn::getDevicePlan(made);
  if (!device)
    return processor.compile(kernel, version, path);
  DeviceKernel compiled(kernel, kernel.getFunctionName(version), device,
                        target);
  compiled.write(path);
  return compiled.getScratch();
}

} // namespace dycc::halide
