#include "codegen/halide/Planner.h"

#include "codegen/halide/KernelError.h"
#include "codegen/target/Backend.h"
#include "llvm/Support/raw_ostream.h"

using mlir::Attribute;

namespace dycc::halide {

Planner::Planner(mlir::MLIRContext *context, int64_t vector, int64_t task,
                 Choose choose)
    : context(context), vector(vector), task(task), choose(std::move(choose)) {}

Planner::Planner(dyn::KernelPlanAttr plan)
    : Planner(plan.getContext(), plan.getVector(), plan.getTask(), {}) {
  given = plan;
  choose = [this](const Problem &) -> Attribute {
    size_t step = steps.size(), count = given.getSteps().size();
    if (step == count)
      throw codegen::PlanError("plan: expects a step for each root, got " +
                               std::to_string(count));
    return given.getSteps()[step];
  };
}

Attribute Planner::next(const Problem &problem) {
  if (isReference())
    return {};
  if (std::string none = whyNone(problem, vector); !none.empty())
    throw KernelError(none);
  Attribute plan = choose(problem);
  std::string reason = whyNot(problem, plan, vector);
  if (!reason.empty()) {
    std::string text;
    llvm::raw_string_ostream(text) << "plan " << plan << ": " << reason;
    if (given)
      throw codegen::PlanError(text);
    throw std::logic_error(text); // The choice itself is wrong.
  }
  steps.push_back(plan);
  return plan;
}

void Planner::finish() const {
  if (given && steps.size() != given.getSteps().size())
    throw codegen::PlanError("plan: expects " + std::to_string(steps.size()) +
                             " steps, got " +
                             std::to_string(given.getSteps().size()));
}

dyn::KernelPlanAttr Planner::plan() const {
  return dyn::KernelPlanAttr::get(context, vector, task,
                                  mlir::ArrayAttr::get(context, steps));
}

} // namespace dycc::halide
