// Kernels beside the same ones of other back ends.
#include "DeviceSide.h"
#include "KernelHarness.h"
#include "codegen/halide/opencl/OpenClBackend.h"
#include "codegen/halide/reference/ReferenceBackend.h"
#include "dialects/dyn/DynDevice.h"
#include "mlir/IR/Builders.h"

using namespace mlir;

namespace dycc::test {

void KernelTest::compareAll(ArrayRef<dyn::KernelOp> kernels,
                            ArrayRef<std::unique_ptr<LoadedKernel>> loaded) {
  auto plain = codegen::compileKernels(
      kernels, halide::ReferenceBackend(target), {.jobs = 2, .cacheDir = ""});
  ASSERT_TRUE(succeeded(plain));
  for (auto [kernel, made, one] : llvm::zip(kernels, *plain, loaded))
    one->compareWith(std::make_unique<LoadedKernel>(kernel, made));
}

/// Those that the device runs, on copies: their versions are other ones.
double toleranceOf(Type result) {
  Type element = getElementTypeOrSelf(result);
  double step = element.isF16() ? 0x1p-10 : element.isBF16() ? 0x1p-7 : 0;
  return std::max(1e-4, step);
}

void KernelTest::compareOnDevice(
    ArrayRef<dyn::KernelOp> kernels,
    ArrayRef<std::unique_ptr<LoadedKernel>> loaded) {
  DeviceSide *side = DeviceSide::get();
  halide::OpenClBackend backend(target);
  for (auto [number, one] : llvm::enumerate(loaded)) {
    dyn::KernelOp kernel = kernels[number];
    modules.push_back(ModuleOp::create(kernel.getLoc()));
    OpBuilder builder = OpBuilder::atBlockEnd(modules.back()->getBody());
    auto made = cast<dyn::KernelOp>(builder.clone(*kernel.getOperation()));
    if (!side || backend.plan(made) || !dyn::hasDeviceVersion(made))
      continue;
    auto compiled =
        codegen::compileKernels(made, backend, {.jobs = 1, .cacheDir = ""});
    ASSERT_TRUE(succeeded(compiled));
    auto plain = std::make_unique<LoadedKernel>(made, compiled->front());
    plain->runOn(*side);
    one->compareWith(std::move(plain));
  }
}

} // namespace dycc::test
