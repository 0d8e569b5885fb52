// Kernels with plans that are written by hand.
#ifndef DYCC_TEST_UNIT_KERNELPLANHARNESS_H
#define DYCC_TEST_UNIT_KERNELPLANHARNESS_H

#include "KernelHarness.h"
#include "mlir/AsmParser/AsmParser.h"

namespace dycc::test {

class KernelPlan : public KernelTest {
protected:
  dycc::dyn::KernelPlanAttr plan(const std::string &text) {
    mlir::Attribute parsed =
        mlir::parseAttribute("#dyn.kernel_plan<" + text + ">", &context);
    EXPECT_TRUE(parsed) << text;
    return mlir::dyn_cast_or_null<dycc::dyn::KernelPlanAttr>(parsed);
  }

  dycc::dyn::KernelOp withPlan(const GroupText &text,
                               const std::string &planText) {
    dycc::dyn::KernelOp kernel = parse(text);
    auto version = dycc::dyn::VersionAttr::get(
        &context, mlir::StringAttr::get(&context, "written"), {},
        plan(planText), {});
    kernel.setVersionsAttr(mlir::ArrayAttr::get(&context, {version}));
    return kernel;
  }

  std::unique_ptr<LoadedKernel> compileAs(const GroupText &text,
                                          const std::string &planText) {
    dycc::dyn::KernelOp kernel = withPlan(text, planText);
    auto kernels = dycc::codegen::compileKernels(kernel, backend(),
                                                 {.jobs = 1, .cacheDir = ""});
    if (mlir::failed(kernels))
      return nullptr;
    return std::make_unique<LoadedKernel>(kernel, kernels->front());
  }

  /// Runs `text` as each of `plans` says, and as the target's plan.
  void expectEqual(const GroupText &text, const std::vector<std::string> &plans,
                   const std::vector<Symbols> &sizes,
                   const std::function<std::vector<Values>(Symbols)> &inputs,
                   double tolerance = 1e-5) {
    auto chosen = compile(text);
    ASSERT_TRUE(chosen);
    for (const std::string &plan : plans) {
      SCOPED_TRACE(plan);
      auto written = compileAs(text, plan);
      ASSERT_TRUE(written);
      for (const Symbols &size : sizes) {
        std::vector<Values> in = inputs(size);
        expectNear(written->run(size, in)[0], chosen->run(size, in)[0],
                   tolerance, tolerance);
      }
    }
  }

  /// What is said of a plan that does not fit.
  std::string refusal(const GroupText &text, const std::string &planText) {
    std::string message;
    mlir::ScopedDiagnosticHandler handler(&context,
                                          [&](mlir::Diagnostic &diagnostic) {
                                            message += diagnostic.str();
                                            return mlir::success();
                                          });
    dycc::dyn::KernelOp kernel = withPlan(text, planText);
    EXPECT_TRUE(mlir::failed(dycc::codegen::compileKernels(
        kernel, backend(), {.jobs = 1, .cacheDir = ""})));
    return message;
  }
};

inline std::string steps(const std::string &step, int task = 32768) {
  return "vector = 16, task = " + std::to_string(task) + ", steps = [" + step +
         "]";
}

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_KERNELPLANHARNESS_H
