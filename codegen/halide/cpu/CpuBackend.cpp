#include "codegen/halide/cpu/CpuBackend.h"

#include "codegen/halide/Emit.h"
#include "codegen/halide/HalideTarget.h"
#include "codegen/halide/KernelCheck.h"
#include "codegen/halide/KernelError.h"
#include "codegen/halide/cpu/Choose.h"
#include "codegen/halide/cpu/ChooseVersions.h"
#include "codegen/halide/cpu/FixedKernel.h"
#include "codegen/halide/cpu/VersionWork.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

namespace dycc::halide {

static Planner chooser(const codegen::TargetInfo &target,
                       mlir::MLIRContext *context) {
  return {context, target.vectorBytes, taskOperations,
          [&target, context](const Problem &problem) {
            return choose(problem, target, context);
          }};
}

bool CpuBackend::multipliesPairs() const { return hasBf16Products(target); }

std::optional<codegen::KernelRefusal>
CpuBackend::plan(dyn::KernelOp kernel) const {
  Planner planner = chooser(target, kernel.getContext());
  auto refusal = whyNoKernel(kernel, planner);
  if (!refusal)
    kernel.setVersionsAttr(chooseVersions(kernel, planner.plan()));
  return refusal;
}

/// Chosen as for a kernel without symbols: the best plan for all is the last.
dyn::VersionAttr CpuBackend::specialize(dyn::KernelOp kernel,
                                        dyn::VersionAttr like,
                                        llvm::ArrayRef<int64_t> values) const {
  mlir::MLIRContext *context = kernel.getContext();
  dyn::ExprAttr when = whenFixed(kernel, values);
  FixedKernel fixed(kernel, when);
  Planner planner = chooser(target, context);
  if (whyNoKernel(fixed.get(), planner))
    return {};
  mlir::ArrayAttr chosen = chooseVersions(fixed.get(), planner.plan());
  auto last = mlir::cast<dyn::VersionAttr>(chosen.getValue().back());
  std::string name =
      "at_" + llvm::join(llvm::map_range(values,
                                         [](int64_t value) {
                                           return std::to_string(value);
                                         }),
                         "_");
  return dyn::VersionAttr::get(context, mlir::StringAttr::get(context, name),
                               like.getMachine(), when, last.getPlan(),
                               like.getCost());
}

std::string CpuBackend::whyTooLong(dyn::KernelPlanAttr plan) const {
  if (plan.getVector() <= target.vectorBytes)
    return "";
  return "plan: expects vectors of at most " +
         std::to_string(target.vectorBytes) + " bytes, as machine " +
         target.machine + " has, got " + std::to_string(plan.getVector());
}

std::string CpuBackend::whyNot(dyn::KernelOp kernel,
                               dyn::VersionAttr version) const {
  if (std::string tooLong = whyTooLong(version.getPlan()); !tooLong.empty())
    return tooLong;
  Planner planner(version.getPlan());
  FixedKernel fixed(kernel, version.getWhen());
  auto refusal = whyNoKernel(fixed.get(), planner);
  return refusal ? refusal->reason : "";
}

/// What the steps of the plan of `version` are plans for.
static std::vector<Problem> problemsOf(dyn::KernelOp kernel,
                                       dyn::VersionAttr version) {
  dyn::KernelPlanAttr plan = version.getPlan();
  std::vector<Problem> problems;
  FixedKernel fixed(kernel, version.getWhen());
  Planner planner(kernel.getContext(), plan.getVector(), plan.getTask(),
                  [&](const Problem &problem) {
                    problems.push_back(problem);
                    return plan.getSteps()[problems.size() - 1];
                  });
  [[maybe_unused]] auto refusal = whyNoKernel(fixed.get(), planner);
  assert(!refusal && "a version has a plan that fits");
  return problems;
}

/// Rows of the register tile of a step, where it has one.
static std::optional<int64_t> rowsOf(mlir::Attribute step) {
  return llvm::TypeSwitch<mlir::Attribute, std::optional<int64_t>>(step)
      .Case<dyn::ConvolutionPlanAttr, dyn::WinogradPlanAttr,
            dyn::ProductPlanAttr>(
          [](auto plan) { return plan.getTile().getRows(); })
      .Default([](mlir::Attribute) { return std::nullopt; });
}

using PlansOfSteps = std::vector<std::vector<mlir::Attribute>>;

/// Roots of a chain have tiles of as many rows: gives the others as many as
/// step `number` has, by one of the plans `near` theirs. False where there is
/// none.
static bool followRows(llvm::MutableArrayRef<mlir::Attribute> steps,
                       size_t number, const PlansOfSteps &near) {
  std::optional<int64_t> rows = rowsOf(steps[number]);
  for (auto [other, step] : llvm::enumerate(steps)) {
    if (!rows || !rowsOf(step) || rowsOf(step) == rows)
      continue;
    auto same = llvm::find_if(near[other], [&](mlir::Attribute plan) {
      return rowsOf(plan) == rows;
    });
    if (same == near[other].end())
      return false;
    step = *same;
  }
  return true;
}

std::vector<dyn::KernelPlanAttr>
CpuBackend::neighbours(dyn::KernelOp kernel, dyn::VersionAttr version) const {
  dyn::KernelPlanAttr plan = version.getPlan();
  PlansOfSteps near;
  for (auto [problem, step] :
       llvm::zip_equal(problemsOf(kernel, version), plan.getSteps()))
    near.push_back(plansNear(problem, step, plan.getVector(), target));
  llvm::SetVector<dyn::KernelPlanAttr> plans;
  for (auto [number, others] : llvm::enumerate(near))
    for (mlir::Attribute other : others) {
      llvm::SmallVector<mlir::Attribute> steps(plan.getSteps().getValue());
      steps[number] = other;
      if (followRows(steps, number, near))
        plans.insert(dyn::KernelPlanAttr::get(
            kernel.getContext(), plan.getVector(), plan.getTask(),
            mlir::ArrayAttr::get(kernel.getContext(), steps)));
    }
  return {plans.begin(), plans.end()};
}

std::optional<codegen::LaunchWork> CpuBackend::workOf(dyn::KernelOp kernel,
                                                      dyn::VersionAttr version,
                                                      unsigned threads) const {
  FixedKernel fixed(kernel, version.getWhen());
  return halide::workOf(fixed.get(), version, problemsOf(kernel, version),
                        target, threads);
}

dyn::ExprAttr CpuBackend::compile(dyn::KernelOp kernel, unsigned version,
                                  const std::string &path) const {
  std::string name = kernel.getFunctionName(version);
  if (!kernel.getVersions()) {
    if (auto refusal = plan(kernel))
      throw KernelError(refusal->reason);
    version = kernel.getNumVersions() - 1; // The one for all symbols.
  }
  dyn::VersionAttr made = kernel.getVersion(version);
  if (std::string tooLong = whyTooLong(made.getPlan()); !tooLong.empty())
    throw codegen::PlanError(tooLong);
  Planner planner(made.getPlan());
  FixedKernel fixed(kernel, made.getWhen());
  return emitKernel(fixed.get(), planner, name, target, path);
}

} // namespace dycc::halide
