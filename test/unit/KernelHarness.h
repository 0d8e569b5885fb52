#ifndef DYCC_TEST_UNIT_KERNELHARNESS_H
#define DYCC_TEST_UNIT_KERNELHARNESS_H

#include "codegen/halide/cpu/CpuBackend.h"
#include "codegen/kernels/KernelCompiler.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <map>

namespace dycc::test {

using Symbols = std::map<std::string, int64_t>;
using Values = std::vector<double>;

/// A group as text. Types are short: `@f32[N, 3]`, or with a layout
/// `@f32[N, 8, H, W; channels_last<8>]`. A line of the body is
///   %y = Conv(%0, %1, _) {pads = array<i64: 1, 1>} : @f32[N, 4, W]
/// where %0, %1, ... are the inputs and _ is an absent operand, or
///   %s = dyn.symbolic [N, 3] : @i64[2]
struct GroupText {
  std::vector<std::string> inputs;
  std::vector<std::string> results;
  std::string body;
  std::string yield; ///< The values that are the results.
};

/// A loaded kernel.
class LoadedKernel {
public:
  LoadedKernel(dyn::KernelOp kernel, const codegen::Kernel &compiled);
  ~LoadedKernel();
  LoadedKernel(LoadedKernel &&) = delete;

  /// Runs at the sizes that `symbols` gives, with `inputs` in logical
  /// row-major order, and returns the results in the same order. Each tensor
  /// ends at a page that faults, then, in a second run, starts after one.
  /// Checks that both runs and all thread counts agree, that scratch stays
  /// below what the kernel promises and that the layout's edge is respected.
  std::vector<Values> run(const Symbols &symbols,
                          const std::vector<Values> &inputs);
  /// Compares each later run with the same kernel of the reference back end.
  void compareWith(std::unique_ptr<LoadedKernel> plain) {
    reference = std::move(plain);
  }
  /// Lets it run on a device, which it was compiled for.
  void runOn(class DeviceSide &side) { device = &side; }
  /// Best time of one call in seconds, one thread.
  double time(const Symbols &symbols, int repetitions);

private:
  struct Call;
  std::vector<Values> runOnce(const Symbols &symbols,
                              const std::vector<Values> &inputs, bool atEnd);

  std::unique_ptr<LoadedKernel> reference;
  class DeviceSide *device = nullptr;
  dyn::KernelOp kernel;
  dyn::ExprAttr scratch;
  void *library = nullptr;
  void *function = nullptr;
};

/// Makes kernels of groups and compiles them. With DYCC_COMPARE_REFERENCE in
/// the environment every run is compared with the reference back end, too, with
/// DYCC_COMPARE_DEVICE with the device that OpenCL finds, where that runs it.
class KernelTest : public ::testing::Test {
protected:
  KernelTest();

  dyn::KernelOp parse(const GroupText &text, llvm::StringRef name = "kernel");
  std::unique_ptr<LoadedKernel> compile(const GroupText &text);
  std::vector<std::unique_ptr<LoadedKernel>>
  compileAll(const std::vector<GroupText> &texts);
  /// Why a group has no kernel, or the error of one that must not compile.
  std::string compileError(const GroupText &text);

  void compareAll(llvm::ArrayRef<dyn::KernelOp> kernels,
                  llvm::ArrayRef<std::unique_ptr<LoadedKernel>> loaded);
  void compareOnDevice(llvm::ArrayRef<dyn::KernelOp> kernels,
                       llvm::ArrayRef<std::unique_ptr<LoadedKernel>> loaded);
  halide::CpuBackend backend() const { return halide::CpuBackend(target); }

  mlir::MLIRContext context;
  codegen::TargetInfo target = codegen::TargetInfo::host();
  std::vector<mlir::OwningOpRef<mlir::ModuleOp>> modules;
};

/// The same numbers in every run: values in [lower, upper), integers where
/// `integral`.
Values randomValues(size_t count, double lower, double upper, unsigned seed,
                    bool integral = false);

/// Numbers in [-1, 1] that any float holds, and so do their products.
inline Values eighths(size_t count, unsigned seed) {
  Values values = randomValues(count, -1, 1, seed);
  for (double &value : values)
    value = std::round(8 * value) / 8;
  return values;
}

/// Fails where a result is further from the expected than both tolerances
/// allow. NaN equals NaN.
void expectNear(const Values &actual, const Values &expected, double relative,
                double absolute);

/// How far results of this type may be apart, relative, where two back ends
/// made them: sums have other orders, and may be rounded to neighbours.
double toleranceOf(mlir::Type result);

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_KERNELHARNESS_H
