#include "codegen/halide/cpu/Choose.h"

namespace dycc::halide {
namespace {

using Form = dyn::LoopsForm;

/// Rows of joined tensors that are short enough have code for each vector.
bool isUnrolled(const LoopsProblem &problem,
                const codegen::TargetInfo &target) {
  constexpr int64_t mostVectors = 64;
  if (!problem.isJoined || !problem.innerExtent)
    return false;
  int64_t extent = problem.innerExtent.asConstant().value_or(0);
  return extent > 0 &&
         extent <= mostVectors * target.lanes(problem.elementBytes);
}

/// Rows of so few elements that most lanes would have none: each lane takes a
/// row of its own.
bool hasShortRows(const LoopsProblem &problem) {
  constexpr int64_t longest = 8;
  return problem.rowAxis && problem.innerExtent &&
         problem.innerExtent.asConstant().value_or(longest + 1) <= longest;
}

} // namespace

mlir::Attribute chooseLoops(const LoopsProblem &problem,
                            const codegen::TargetInfo &target,
                            mlir::MLIRContext *context) {
  auto plan = [&](Form form, int64_t vectors, int64_t axis = -1) {
    return dyn::LoopsPlanAttr::get(context, form, vectors, axis);
  };
  Form along = problem.isAlongMemory ? Form::Lanes : Form::Columns;
  switch (problem.kind) {
  case LoopsProblem::Kind::Elements:
    if (problem.hasRows)
      return plan(Form::Rows, 1);
    if (isUnrolled(problem, target))
      return plan(Form::Unrolled, 1);
    if (problem.sourceAxis)
      return plan(Form::Tiles, 1, *problem.sourceAxis);
    return plan(Form::Vectors, 1);
  case LoopsProblem::Kind::Reduction:
    if (hasShortRows(problem))
      return plan(Form::Columns, 1, *problem.rowAxis);
    return plan(along, 2); // Two sums that do not wait for each other.
  case LoopsProblem::Kind::Scan:
    // A sum takes about four cycles.
    if (problem.isAlongMemory && problem.hasRows)
      return plan(Form::Rows, 4);
    return plan(along, 1);
  case LoopsProblem::Kind::Scatter:
    if (problem.hasSlices)
      return plan(Form::Slices, 1);
    return plan(problem.hasDistinctRows ? Form::Strips : Form::InOrder, 1);
  }
  llvm_unreachable("all kinds are there");
}

std::vector<mlir::Attribute> plansNear(const LoopsProblem &problem,
                                       dyn::LoopsPlanAttr plan) {
  constexpr int64_t vectors[] = {1, 2, 4, 8};
  std::vector<mlir::Attribute> near;
  auto add = [&](Form form, int64_t count, int64_t axis) {
    near.push_back(
        dyn::LoopsPlanAttr::get(plan.getContext(), form, count, axis));
  };
  // The others have one vector, whatever is said.
  bool hasVectors = problem.kind == LoopsProblem::Kind::Reduction ||
                    problem.kind == LoopsProblem::Kind::Scan ||
                    plan.getForm() == Form::Rows;
  if (hasVectors)
    for (int64_t count : stepsFrom(plan.getVectors(), vectors))
      add(plan.getForm(), count, plan.getAxis());
  if (problem.kind == LoopsProblem::Kind::Elements && problem.sourceAxis)
    add(Form::Tiles, 1, *problem.sourceAxis);
  for (Form form : {Form::Vectors, Form::Rows, Form::Lanes, Form::Columns,
                    Form::Strips, Form::Slices})
    add(form, form == plan.getForm() ? plan.getVectors() : 1, -1);
  return near;
}

} // namespace dycc::halide
